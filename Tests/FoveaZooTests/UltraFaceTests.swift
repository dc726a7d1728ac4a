import Foundation
import FoveaNN
import FoveaRuntime
import FoveaTensor
import Testing

@testable import FoveaZoo

@Suite struct UltraFaceTests {
  /// What PyTorch finds in the published files: the type and the shape of every tensor.
  private static func published(_ name: String) throws -> [String: [Int]] {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../Goldens/Weights/published.json").standardizedFileURL
    let files = try JSONSerialization.jsonObject(with: Data(contentsOf: path)) as? [String: Any]
    let tensors = try #require(files?["ultraface-rfb-320/\(name)"] as? [String: [Any]])
    return try tensors.mapValues { try #require($0[1] as? [Int]) }
  }

  @Test(arguments: [("version-RFB-320.pth", 2), ("RFB-640-masked_face-v2.pth", 3)])
  func namesAndShapesAreThePublishedOnes(_ file: String, _ classes: Int) throws {
    let published = try Self.published(file)
    let network = withSeed(0) { UltraFace(classes: classes) }.weights.mapValues(\.shape.extents)
    #expect(published.count == 244)
    #expect(Set(network.keys).symmetricDifference(published.keys) == [])
    for (name, extents) in published { #expect(network[name] == extents, "\(name)") }
  }

  @Test func thereAreAsManyAnchorsAsPublished() {
    let network = withSeed(0) { UltraFace() }
    for (height, width, count) in [(240, 320, 4420), (480, 640, 17640)] {
      let found = network(Tensor(repeating: 0, shape: [2, 3, height, width]))
      #expect(found.scores.shape == [2, count, 2])
      #expect(found.offsets.shape == [2, count, 4])
      #expect(found.boxes.shape == [2, count, 4])
      #expect(found.anchors.shape == [count, 4])
    }
  }

  /// The second place of the first row, its largest square, worked out by hand.
  @Test func anchorsAndBoxesAreWhatTheyAreDefinedToBe() {
    let anchors = FaceAnchors.tensor(height: 240, width: 320)
    let fifth: [Float] = [12.0 / 320, 4.0 / 240, 24.0 / 320, 24.0 / 240]
    #expect(anchors.sliced(axis: 0, from: 5, to: 6).scalars() == fifth)
    // The last of five by four places; it is higher than the picture, and is cut.
    let last: [Float] = [4.5 / 5, 3.5 / 4, 256.0 / 320, 1]
    #expect(anchors.sliced(axis: 0, from: -1).scalars() == last)
    let still = FaceDetections(
      scores: Tensor([0, 1], shape: [1, 1, 2]), offsets: Tensor([0, 0, 0, 0], shape: [1, 1, 4]),
      anchors: Tensor([0.5, 0.25, 0.25, 0.5], shape: [1, 4]))
    #expect(still.boxes.scalars() == [0.375, 0, 0.625, 0.5])
    let moved = FaceDetections(
      scores: still.scores, offsets: Tensor([2, -1, 0, 0], shape: [1, 1, 4]),
      anchors: still.anchors)
    let sides: [Float] = [0.425, -0.05, 0.675, 0.45]
    for (found, expected) in zip(moved.boxes.scalars(), sides) {
      #expect(abs(found - expected) < 1e-6)
    }
  }
}
