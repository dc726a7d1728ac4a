import FoveaPictures
import Testing

@Suite struct DecodingTests {
  @Test func noCaseWasLost() {
    #expect(PictureFile.all.count == 54)
  }

  @Test(arguments: PictureFile.all)
  func aFileIsReadAsPillowReadsIt(_ file: PictureFile) throws {
    for channels in [Picture.Channels.rgb, .gray] {
      let picture = try Picture.decode(file.bytes, named: file.name, as: channels)
      let expected = file.picture(channels)
      #expect((picture.width, picture.height) == (expected.width, expected.height))
      #expect(picture.channels == channels)
      let wrong = zip(picture.values, expected.values).enumerated().filter { $1.0 != $1.1 }
      #expect(wrong.isEmpty, "\(channels): \(wrong.count) values differ: \(wrong.prefix(5))")
    }
  }

  @Test(arguments: [Picture.Channels.rgb, .gray])
  func whatIsWrittenIsReadBack(_ channels: Picture.Channels) throws {
    let picture = PictureFile.named("jpeg, sampling 0").picture(channels)
    let file = picture.pngFile()
    #expect(try Picture.decode(file, named: "written", as: channels) == picture)
    // Smaller than the values: it is compressed.
    #expect(file.count < picture.values.count + 200)
  }

  /// A half-size picture is the mean of squares, nearly: the library leaves out high frequencies.
  @Test(arguments: ["jpeg, sampling 0", "jpeg, gray", "jpeg, cmyk"])
  func aJPEGMayBeDecodedSmaller(_ name: String) throws {
    let file = PictureFile.named(name)
    let whole = try Picture.decode(file.bytes, named: name)
    let shorter = min(whole.width, whole.height)
    let half = try Picture.decode(file.bytes, named: name, shorterSide: (shorter + 1) / 2)
    #expect((half.width, half.height) == ((whole.width + 1) / 2, (whole.height + 1) / 2))
    #expect(try Picture.decode(file.bytes, named: name, shorterSide: shorter) == whole)
    var sum = 0.0
    for y in 0..<whole.height / 2 {
      for x in 0..<whole.width / 2 {
        for channel in 0..<3 {
          var mean = 0.0
          for (right, down) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let pixel = whole[2 * x + right, 2 * y + down]
            mean += Double(pixel[pixel.startIndex + channel]) / 4
          }
          let pixel = half[x, y]
          sum += abs(mean - Double(pixel[pixel.startIndex + channel]))
        }
      }
    }
    let count = Double(whole.width / 2 * (whole.height / 2) * 3)
    #expect(sum / count < 4, "the mean difference is \(sum / count)")
  }
}
