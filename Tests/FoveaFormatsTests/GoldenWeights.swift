import Foundation
import FoveaFormats
import FoveaTensor

/// Files of weights that other programs wrote, and what is in them.
enum GoldenWeights {
  struct Contents: Decodable {
    let type: String
    let shape: [Int]
    let data: [Double]
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../Goldens/Weights").standardizedFileURL

  static func path(_ name: String) -> String { folder.appending(path: name).path }

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: name)))
  }

  static func expected(_ name: String) throws -> [String: Contents] {
    let data = try Data(contentsOf: folder.appending(path: "expected.json"))
    return try JSONDecoder().decode([String: [String: Contents]].self, from: data)[name] ?? [:]
  }

  /// What differs between the weights and what they should be, in words.
  static func differences(_ weights: Weights, from name: String) throws -> [String] {
    let expected = try expected(name)
    var differences: [String] = []
    if expected.isEmpty || Set(expected.keys) != Set(weights.tensors.keys) {
      differences.append("names \(weights.tensors.keys.sorted())")
    }
    for (name, contents) in expected {
      guard let tensor = weights.tensors[name] else { continue }
      if "\(tensor.elementType)" != contents.type { differences.append("\(name): \(tensor.type)") }
      if tensor.shape != Shape(contents.shape) { differences.append("\(name): \(tensor.type)") }
      let found = scalars(tensor)
      if found != contents.data { differences.append("\(name): \(found)") }
    }
    return differences
  }

  static func scalars(_ tensor: Tensor) -> [Double] {
    Interpreter.evaluate([tensor])[0].scalars
  }
}
