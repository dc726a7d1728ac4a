import Foundation
import FoveaNN
import FoveaTensor

/// One line of `Tests/Goldens/networks.json`: what PyTorch says of a network.
struct NetworkCase: Decodable {
  let name: String
  let side: Int
  let gain: Double
  let threshold: Float
  let classes: Int
  let labels: [Int]
  let logits: [[Double]]
  let top5: [[Int]]
  let loss: Double
  let parameters: [Gradient]
  let state: [String]

  /// What one training step says of a parameter: its name and shape, the 2-norm of its gradient, and
  /// a few of the gradient's numbers.
  struct Gradient: Decodable {
    let name: String
    let shape: [Int]
    let norm: Double
    let samples: [Double]

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      name = try list.decode(String.self)
      shape = try list.decode([Int].self)
      norm = try list.decode(Double.self)
      samples = try list.decode([Double].self)
    }

    /// Where the samples are.
    var places: [Int] {
      let hash = Formula.hash("samples/" + name)
      return samples.indices.map { Int(Formula.word(hash, $0)) % shape.reduce(1, *) }
    }
  }

  static let all = Result { try Goldens.read("networks", as: [NetworkCase].self) }
}

enum Goldens {
  /// A file of Tests/Goldens.
  static func read<Content: Decodable>(_ name: String, as type: Content.Type) throws -> Content {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../Goldens/\(name).json").standardizedFileURL
    return try JSONDecoder().decode(type, from: Data(contentsOf: file))
  }
}

extension Module {
  /// Gives every parameter and every statistic its number.
  func fillByFormula(gain: Double, threshold: Float) {
    let names = Set(namedParameters.map(\.name))
    for (name, parameter) in namedParameters {
      let isShift =
        name.hasSuffix(".bias") && names.contains(name.dropLast(4) + "running_mean")
      parameter.tensor = Tensor(
        LargeValues.value(name, parameter.type) {
          Formula.value(name, parameter.type, gain: gain, threshold: isShift ? threshold : nil)
        })
    }
  }
}
