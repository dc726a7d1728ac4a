import FoveaPictures
import Testing

@Suite struct PictureTests {
  @Test func colorsBecomeBrightness() {
    let picture = Picture(
      width: 2, height: 2, channels: .rgb, values: [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9])
    #expect(picture.converted(to: .gray).values == [76, 150, 29, 9])
    #expect(picture.converted(to: .rgb) == picture)
  }

  @Test func brightnessBecomesThreeEqualValues() {
    let picture = Picture(width: 2, height: 1, channels: .gray, values: [3, 200])
    #expect(picture.converted(to: .rgb).values == [3, 3, 3, 200, 200, 200])
    #expect("\(picture)" == "2×1 gray")
    #expect(Array(picture[1, 0]) == [200])
  }
}
