import Foundation
public import FoveaTensor

/// One case of a file in Tests/Goldens: operands, and what another library made of them.
public struct GoldenCase: Decodable, Sendable, CustomStringConvertible {
  public let name: String
  public let op: String
  private let attributes: [String: GoldenAttribute]
  private let inputs: [String: GoldenArray]
  private let cotangents: [String: GoldenArray]
  private let outputs: [String: GoldenArray]
  private let gradients: [String: GoldenArray]
  /// The gradient of the sum of the squares of all gradients.
  private let secondGradients: [String: GoldenArray]?

  public var description: String { "golden “\(name)”" }

  public func has(_ attribute: String) -> Bool { attributes[attribute] != nil }

  public func hasInput(_ name: String) -> Bool { inputs[name] != nil }

  public func number(_ attribute: String) throws -> Double {
    try value(attribute).number(attribute)
  }

  public func integer(_ attribute: String) throws -> Int {
    let number = try number(attribute)
    guard let integer = Int(exactly: number) else {
      throw GoldenError("attribute “\(attribute)” of \(self) is \(number), not a whole number")
    }
    return integer
  }

  /// 0 and 1 stand for false and true.
  public func flag(_ attribute: String) throws -> Bool { try integer(attribute) != 0 }

  public func numbers(_ attribute: String) throws -> [Double] {
    try value(attribute).numbers(attribute)
  }

  public func integers(_ attribute: String) throws -> [Int] {
    try numbers(attribute).map { Int($0) }
  }

  /// One integer per spatial axis.
  public func extents(_ attribute: String) throws -> Extents { Extents(try integers(attribute)) }

  public func text(_ attribute: String) throws -> String { try value(attribute).text(attribute) }

  /// A number, or nothing where the file has none.
  public func optionalNumber(_ attribute: String) throws -> Double? {
    has(attribute) ? try number(attribute) : nil
  }

  /// What an output is, for tests that compare it in their own way.
  public func output(_ name: String) throws -> HostArray {
    guard let array = outputs[name] else {
      throw GoldenError("\(self) has no output “\(name)”")
    }
    return array.hostArray
  }

  /// What an input is.
  public func input(_ name: String) throws -> HostArray {
    guard let array = inputs[name] else {
      throw GoldenError("\(self) has no input “\(name)”")
    }
    return array.hostArray
  }

  public var inputNames: [String] { inputs.keys.sorted() }

  private func value(_ attribute: String) throws -> GoldenAttribute {
    guard let value = attributes[attribute] else {
      throw GoldenError("\(self) has no attribute “\(attribute)”")
    }
    return value
  }
}

extension GoldenCase {
  /// What `record` says differently from the file: outputs, gradients and second gradients.
  ///
  /// Numbers may differ by 1e-9 of themselves, whole numbers not at all.
  func failures(_ record: GoldenRecording) throws -> [String] {
    let leaves = inputs.mapValues { Tensor($0.hostArray) }
    let recorded = try record(self, GoldenInputs(leaves))
    guard Set(recorded.keys) == Set(outputs.keys) else {
      return ["\(self) has outputs \(outputs.keys.sorted()), recorded \(recorded.keys.sorted())"]
    }
    var failures: [String] = []
    let names = outputs.keys.sorted()
    let values = Interpreter.evaluate(names.map { recorded[$0]! })
    for (name, value) in zip(names, values) {
      failures += outputs[name]!.differences(from: value, "\(self), output \(name)")
    }
    guard !gradients.isEmpty, failures.isEmpty else { return failures }
    let targets = gradients.keys.sorted()
    let smooth = cotangents.keys.sorted()
    let found = try pullback(
      of: smooth.map { recorded[$0]! },
      cotangents: smooth.map { Tensor(cotangents[$0]!.hostArray) },
      to: targets.map { leaves[$0]! })
    failures += try compare(found, targets, gradients, "gradient")
    guard let secondGradients, failures.isEmpty else { return failures }
    var sum = Tensor(repeating: 0, shape: [], as: .float64)
    for case let gradient? in found { sum = sum + gradient.squared().sum() }
    let second = try pullback(
      of: [sum], cotangents: [Tensor(repeating: 1, shape: [], as: .float64)],
      to: targets.map { leaves[$0]! })
    return try compare(second, targets, secondGradients, "second gradient")
  }

  private func compare(
    _ found: [Tensor?], _ targets: [String], _ expected: [String: GoldenArray], _ what: String
  ) throws -> [String] {
    let values = Interpreter.evaluate(found.compactMap { $0 })
    var next = values.makeIterator()
    var failures: [String] = []
    for (target, gradient) in zip(targets, found) {
      let wanted = expected[target]!
      // Independence is a gradient of zeros to the other library.
      let value = gradient == nil ? HostArray(zeros: wanted.type) : next.next()!
      failures += wanted.differences(from: value, "\(self), \(what) of \(target)")
    }
    return failures
  }
}

/// How the operators of a family are said with ours: outputs by name.
public typealias GoldenRecording =
  @Sendable (_ test: GoldenCase, _ inputs: GoldenInputs) throws -> [String: Tensor]

/// The operands of a golden case, by name.
public struct GoldenInputs: Sendable {
  private let tensors: [String: Tensor]

  init(_ tensors: [String: Tensor]) { self.tensors = tensors }

  public func has(_ name: String) -> Bool { tensors[name] != nil }

  public subscript(_ name: String) -> Tensor {
    guard let tensor = tensors[name] else {
      fatalError("no input “\(name)” among \(tensors.keys.sorted())")
    }
    return tensor
  }
}
