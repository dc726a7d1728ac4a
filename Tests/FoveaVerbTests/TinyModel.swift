import Foundation
import Fovea

/// A folder for one test, with a model of two classes and pictures of it; gone when the test ends.
final class TinyModel: Sendable {
  let folder: String

  /// LeNet-5 whose last layer looks at nothing but its bias: it always answers `answer`.
  init(
    answer: Int = 1, labels: [String] = ["black", "white"], metadata: [String: String] = [:]
  ) throws {
    folder = FileManager.default.temporaryDirectory.path + "/fovea-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    let model = withSeed(0) { Zoo.entry(named: "lenet5")!.make(classes: labels.count) }
    var tensors = model.weights
    let last = tensors.keys.filter { tensors[$0]?.shape == [labels.count] }
    for name in last {
      tensors[name] = Tensor(labels.indices.map { $0 == answer ? 1e3 : 0 }, shape: [labels.count])
    }
    let text = String(decoding: try JSONEncoder().encode(labels), as: UTF8.self)
    var all = ["fovea.labels": text]
    all.merge(metadata) { $1 }
    try Weights(tensors, metadata: all).write(path)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  var path: String { folder + "/model.safetensors" }

  /// A small gray picture, or other bytes, in a file.
  @discardableResult
  func write(_ name: String, _ bytes: [UInt8] = Array("P5 2 2 255\nabcd".utf8)) throws -> String {
    let path = folder + "/" + name
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }
}
