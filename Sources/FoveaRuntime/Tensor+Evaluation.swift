public import FoveaTensor

extension Tensor {
  /// Computes this tensor and gives its numbers in row-major order.
  public func scalars() -> [Float] { computed().scalars.map(Float.init) }

  /// Computes this tensor and gives its numbers in row-major order, as `Double`.
  public func doubles() -> [Double] { computed().scalars }

  /// Computes a tensor of one element.
  public func scalar(file: StaticString = #fileID, line: UInt = #line) -> Float {
    precondition(shape.count == 1, "scalar() of shape \(shape)", file: file, line: line)
    return scalars()[0]
  }

  /// The same value with its history forgotten.
  public func detached() -> Tensor { Tensor(computed()) }

  private func computed() -> PlainValue { evaluate([self])[0] }
}

/// Computes several tensors in one plan; each remembers its value.
@discardableResult
package func evaluate(_ tensors: [Tensor]) -> [PlainValue] {
  do { return try Engine.run(results: tensors).results } catch { fatalError("\(error)") }
}
