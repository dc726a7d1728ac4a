import Foundation
import FoveaNN
import FoveaTensor
import FoveaZoo
import Testing

@Suite struct RegistryTests {
  @Test func namesAreUnique() {
    #expect(Zoo.entries.count == 27)
    #expect(Set(Zoo.entries.map(\.name)).count == 27)
    #expect(Set(Zoo.entries.map(\.title)).count == 27)
    #expect(Zoo.entry(named: "resnet50")?.title == "ResNet-50")
    #expect(Zoo.entry(named: "resnet51") == nil)
  }

  @Test(arguments: Zoo.entries) func preprocessingFitsTheInput(_ entry: ZooEntry) {
    let preprocessing = entry.preprocessing
    let channels = preprocessing.channels == .gray ? 1 : 3
    #expect(entry.input == [channels, preprocessing.height, preprocessing.width])
    #expect(preprocessing.mean.count == channels)
    #expect(preprocessing.deviation.count == channels)
    #expect(preprocessing.deviation.allSatisfy { $0 > 0 })
    if case .cropped(let side) = preprocessing.fit { #expect(side >= preprocessing.height) }
  }

  @Test(arguments: Zoo.entries) func hasAsManyAnswersAsAskedFor(_ entry: ZooEntry) {
    let model = entry.make(classes: 7)
    #expect(model(Tensor(repeating: 0, shape: Shape([1] + entry.input.extents))).shape == [1, 7])
  }

  /// The smallest picture goes through; the largest is only described.
  @Test(arguments: Zoo.entries) func takesTheSidesItNames(_ entry: ZooEntry) {
    let model = entry.make()
    for side in [entry.sides.lowerBound, entry.sides.upperBound] {
      let x = Tensor(repeating: 0, shape: [1, entry.input[0], side, side])
      #expect(model(x).shape == [1, entry.classCount])
    }
  }

  /// One pixel less is refused, where there is a smallest size.
  @Test func aPictureThatIsTooSmallIsRefused() async {
    await #expect(processExitsWith: .failure) {
      let model = AlexNet()
      _ = model(Tensor(repeating: 0, shape: [1, 3, 62, 62]))
    }
    await #expect(processExitsWith: .failure) {
      _ = VGG(.d11)(Tensor(repeating: 0, shape: [1, 3, 31, 31]))
    }
    await #expect(processExitsWith: .failure) {
      _ = SqueezeNet(.v10)(Tensor(repeating: 0, shape: [1, 3, 20, 20]))
    }
    await #expect(processExitsWith: .failure) {
      _ = SqueezeNet(.v11)(Tensor(repeating: 0, shape: [1, 3, 16, 16]))
    }
    await #expect(processExitsWith: .failure) {
      _ = DenseNet121()(Tensor(repeating: 0, shape: [1, 3, 28, 28]))
    }
  }

  @Test func preprocessingIsSavedWithWeights() throws {
    for preprocessing in [Preprocessing.imageNet, Zoo.entries[0].preprocessing] {
      let saved = try JSONEncoder().encode(preprocessing)
      #expect(try JSONDecoder().decode(Preprocessing.self, from: saved) == preprocessing)
    }
  }

  /// Table 6 of the paper: millions of parameters for each width.
  @Test(arguments: [(0.25, 0.5), (0.5, 1.3), (0.75, 2.6), (1, 4.2)])
  func widthsOfMobileNetHaveThePublishedSize(_ width: Double, _ millions: Double) {
    let count = Double(MobileNetV1(width: width).parameterCount)
    #expect((count / 1e5).rounded() / 10 == millions)
  }

  private static let checkpoint = URL(fileURLWithPath: #filePath)
    .appending(path: "../../../../shared/data/resnet20-cifar10/resnet20-12fca82f.th")
    .standardizedFileURL

  /// A checkpoint that somebody published has these names, behind `module.`.
  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: checkpoint.path),
      "shared/data/resnet20-cifar10 is not there"))
  func namesAreThoseOfAPublishedCheckpoint() throws {
    let bytes = try Data(contentsOf: Self.checkpoint)
    let model = try #require(Zoo.entry(named: "resnet20")).make()
    let names = model.namedParameters.map(\.name).filter { !$0.hasSuffix("num_batches_tracked") }
    #expect(names.count == 97)
    for name in names {
      // A pickled string: its length in four bytes, then its letters.
      let text = Data("module.\(name)".utf8)
      let length = Data([UInt8(text.count), 0, 0, 0])
      #expect(bytes.range(of: length + text) != nil, "\(name)")
    }
  }
}
