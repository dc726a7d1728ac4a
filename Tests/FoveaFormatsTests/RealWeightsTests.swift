import FoveaFormats
import FoveaTensor
import Foundation
import Testing

/// Published checkpoints, where they are at hand.
@Suite(.enabled(if: RealWeights.areThere, "there is no ../shared/data"))
struct RealWeightsTests {
  @Test func aTrainingCheckpointFromBefore16() throws {
    let weights = try Weights.read(RealWeights.path("resnet20-cifar10/resnet20-12fca82f.th"))
    #expect(weights.format == .torchLegacy)
    #expect(weights.metadata["best_prec1"]?.hasPrefix("91.7") == true)
    #expect(
      weights.notes == [
        "the weights are “state_dict”; beside it: “best_prec1”",
        "removed “module.” from the beginning of \(weights.tensors.count) names",
      ])
    // The count its publisher names: 0.27 million parameters, without statistics.
    let parameters = weights.tensors.filter { !$0.key.contains("running") }
    #expect(parameters.values.reduce(0) { $0 + $1.shape.count } == 269_722)
    #expect(weights.tensors["conv1.weight"]?.type == TensorType([16, 3, 3, 3]))
    #expect(weights.tensors["linear.weight"]?.type == TensorType([10, 64]))
    #expect(weights.tensors["layer3.2.bn2.running_var"]?.type == TensorType([64]))
  }

  @Test(arguments: [
    ("version-RFB-320.pth", WeightFormat.torchLegacy), ("RFB-640-masked_face-v2.pth", .torchZip),
  ])
  func aDetectorInBothFormats(_ name: String, _ format: WeightFormat) throws {
    let weights = try Weights.read(RealWeights.path("ultraface-rfb-320/\(name)"))
    #expect(weights.format == format)
    let all = weights.tensors.values.flatMap { Interpreter.evaluate([$0])[0].scalars }
    #expect(all.count > 280_000)
    #expect(all.allSatisfy { $0.isFinite })
  }
}

enum RealWeights {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../shared/data").standardizedFileURL

  static var areThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

  static func path(_ name: String) -> String { folder.appending(path: name).path }
}
