import Foundation
import FoveaTensor
import Testing

@testable import FoveaFormats

/// Published checkpoints, where they are at hand.
@Suite(.enabled(if: RealWeights.areThere, "there is no ../shared/data"))
struct RealWeightsTests {
  @Test(arguments: [
    ("resnet20-cifar10/resnet20-12fca82f.th", WeightFormat.torchLegacy, 97),
    ("ultraface-rfb-320/version-RFB-320.pth", .torchLegacy, 244),
    ("ultraface-rfb-320/RFB-640-masked_face-v2.pth", .torchZip, 244),
  ])
  func everyTensorIsWhatPyTorchReads(
    _ name: String, _ format: WeightFormat, _ count: Int
  ) throws {
    let expected = try RealWeights.expected(name)
    let weights = try Weights.read(RealWeights.path(name))
    #expect(weights.format == format)
    #expect(expected.count == count)
    #expect(Set(weights.tensors.keys) == Set(expected.keys))
    for (name, tensor) in weights.tensors {
      let facts = RealWeights.Facts(
        type: "\(tensor.elementType)", shape: tensor.shape.extents,
        checksum: try RealWeights.checksum(tensor))
      #expect(facts == expected[name], "\(name)")
    }
  }

  @Test func whatATrainingKeptIsSaid() throws {
    let weights = try Weights.read(RealWeights.path("resnet20-cifar10/resnet20-12fca82f.th"))
    #expect(weights.metadata["best_prec1"]?.hasPrefix("91.7") == true)
    #expect(
      weights.notes == [
        "the weights are “state_dict”; beside it: “best_prec1”",
        "removed “module.” from the beginning of 97 names",
      ])
    // Its publisher names 0.27 million parameters, without statistics.
    let parameters = weights.tensors.filter { !$0.key.contains("running") }
    #expect(parameters.values.reduce(0) { $0 + $1.shape.count } == 269_722)
  }
}

enum RealWeights {
  struct Facts: Decodable, Equatable {
    let type: String
    let shape: [Int]
    let checksum: UInt32

    init(type: String, shape: [Int], checksum: UInt32) {
      self.type = type
      self.shape = shape
      self.checksum = checksum
    }

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      type = try list.decode(String.self)
      shape = try list.decode([Int].self)
      checksum = try list.decode(UInt32.self)
    }
  }

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../shared/data").standardizedFileURL

  static var areThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

  static func path(_ name: String) -> String { folder.appending(path: name).path }

  static func expected(_ name: String) throws -> [String: Facts] {
    let data = try Data(contentsOf: GoldenWeights.folder.appending(path: "published.json"))
    return try JSONDecoder().decode([String: [String: Facts]].self, from: data)[name] ?? [:]
  }

  /// The CRC-32 of the numbers in row-major order.
  static func checksum(_ tensor: Tensor) throws -> UInt32 {
    guard let value = tensor.value?.plain() else { return 0 }
    let bytes = Array(value.bytes[..<value.type.byteCount])
    let memory = try FileMemory.copy(bytes, named: "numbers")
    return try Inflate.checksum(ByteRange(memory))
  }
}
