import FoveaPictures
import FoveaTensor
import FoveaZoo
import Testing

@Suite struct PreparationTests {
  @Test func noCaseWasLost() {
    #expect(PreparedPicture.all.count == 8)
  }

  @Test(arguments: PreparedPicture.all)
  func aPictureIsPreparedAsTorchvisionDoes(_ prepared: PreparedPicture) throws {
    let picture = try Picture.decode([UInt8](prepared.file), named: prepared.name)
    let preprocessing = prepared.preprocessing
    let fitted = preprocessing.fitted(picture)
    #expect((fitted.width, fitted.height) == (prepared.width, prepared.height))
    let wrong = zip(fitted.values, prepared.values).enumerated().filter { $1.0 != $1.1 }
    #expect(wrong.isEmpty, "\(wrong.count) values differ: \(wrong.prefix(5))")
    let tensor = preprocessing.tensor(of: [picture, picture])
    #expect(tensor.shape == [2, 3, prepared.height, prepared.width])
    let numbers = Interpreter.evaluate([tensor])[0].scalars.map(Float.init)
    let expected = prepared.numbers
    for (index, number) in numbers.enumerated() {
      // One rounding of a number of about two.
      let difference = abs(number - expected[index % expected.count])
      #expect(difference <= 2.5e-7, "element \(index)")
      if difference > 2.5e-7 { break }
    }
  }

  @Test func blueComesFirstWhereItIsWanted() {
    let picture = Picture(width: 1, height: 1, channels: .rgb, values: [0, 51, 255])
    var preprocessing = Preprocessing(
      height: 1, width: 1, fit: .stretched, channels: .bgr, mean: [0.5, 0, 0],
      deviation: [1, 1, 0.5])
    #expect(Self.numbers(preprocessing, picture) == [0.5, 0.2, 0])
    preprocessing.channels = .rgb
    #expect(Self.numbers(preprocessing, picture) == [-0.5, 0.2, 2])
  }

  @Test func grayIsOneChannel() {
    let picture = Picture(width: 2, height: 1, channels: .rgb, values: [255, 255, 255, 0, 0, 0])
    let preprocessing = Preprocessing(
      height: 1, width: 2, fit: .stretched, channels: .gray, mean: [0.5], deviation: [0.25])
    #expect(preprocessing.tensor(of: [picture]).shape == [1, 1, 1, 2])
    #expect(Self.numbers(preprocessing, picture) == [2, -2])
  }

  @Test(arguments: [(1, 3000), (3000, 1), (1, 1)])
  func oddShapesFit(_ width: Int, _ height: Int) {
    let picture = Picture(
      width: width, height: height, channels: .rgb,
      values: [UInt8](repeating: 7, count: 3 * width * height))
    let fitted = Preprocessing.imageNet.fitted(picture)
    #expect((fitted.width, fitted.height) == (224, 224))
    #expect(fitted.values.allSatisfy { $0 == 7 })
  }

  @Test func whatCannotBePreparedIsSaid() {
    var preprocessing = Preprocessing.imageNet
    #expect(preprocessing.mistake == nil)
    preprocessing.mean = [0]
    #expect(preprocessing.mistake == "rgb needs 3 means and deviations, not 1 and 3")
    preprocessing = .imageNet
    preprocessing.deviation[1] = 0
    #expect(preprocessing.mistake == "means must be finite and deviations positive")
    preprocessing = .imageNet
    preprocessing.width = 0
    #expect(preprocessing.mistake == "the size 0×224 is not between 1 and 16384")
    preprocessing = .imageNet
    preprocessing.fit = .cropped(shorterSide: .max)
    #expect(
      preprocessing.mistake
        == "the shorter side 9223372036854775807 is not between 1 and 16384")
  }

  private static func numbers(_ preprocessing: Preprocessing, _ picture: Picture) -> [Float] {
    Interpreter.evaluate([preprocessing.tensor(of: [picture])])[0].scalars.map(Float.init)
  }
}
