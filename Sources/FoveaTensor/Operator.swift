/// One operator: its attributes, what it accepts, what it means, and its gradient.
///
/// An operator is a value. Its stored properties are its attributes; they decide, together with the
/// types of the operands, everything that is known before numbers are.
public protocol Operator: Hashable, Sendable {
  /// What it is called in messages, drawings and plans.
  var name: String { get }

  /// The types of the results, or the reason the operands do not fit.
  func types(of operands: [TensorType]) throws(ShapeError) -> [TensorType]

  /// The meaning, in plain Swift. Slow is fine; obvious is required. `results` arrive as zeros of
  /// the right types, and are rounded to their element types afterwards.
  func evaluate(_ operands: [HostArray], into results: inout [HostArray])

  /// The cotangent of each operand, recorded with other operators; `nil` where there is none.
  ///
  /// - Parameters:
  ///   - cotangents: what the objective's gradient is for each result; `nil` where it does not
  ///     depend on that result. At least one is there.
  func gradients(
    _ cotangents: [Tensor?], operands: [Tensor], results: [Tensor]
  ) throws(ShapeError) -> [Tensor?]
}

extension Operator {
  public var name: String {
    var words = ""
    for character in "\(Self.self)" {
      if character.isUppercase, !words.isEmpty { words += " " }
      words += character.lowercased()
    }
    return words
  }

  /// No gradient at all, as for comparisons and indices.
  public func gradients(
    _ cotangents: [Tensor?], operands: [Tensor], results: [Tensor]
  ) throws(ShapeError) -> [Tensor?] {
    operands.map { _ in nil }
  }

  package func isEqual(to other: any Operator) -> Bool { (other as? Self) == self }
}

/// An operator with exactly one result, as nearly all are.
public protocol SingleResultOperator: Operator {
  /// The type of the result, or the reason the operands do not fit.
  func type(of operands: [TensorType]) throws(ShapeError) -> TensorType

  /// The meaning; see ``Operator/evaluate(_:into:)``.
  func evaluate(_ operands: [HostArray], into result: inout HostArray)

  /// The cotangent of each operand, given that of the result.
  func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?]
}

extension SingleResultOperator {
  public func types(of operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    [try type(of: operands)]
  }

  public func evaluate(_ operands: [HostArray], into results: inout [HostArray]) {
    evaluate(operands, into: &results[0])
  }

  public func gradients(
    _ cotangents: [Tensor?], operands: [Tensor], results: [Tensor]
  ) throws(ShapeError) -> [Tensor?] {
    guard let g = cotangents[0] else { return operands.map { _ in nil } }
    return try gradients(g, operands: operands, result: results[0])
  }

  /// No gradient at all, as for comparisons and indices.
  public func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    operands.map { _ in nil }
  }
}
