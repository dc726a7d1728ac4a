/// Another name for the same value: `y = x`.
///
/// Carries the label of ``Tensor/named(_:file:line:)``, and separates operands where a gradient is
/// taken through a decomposition. A compiled plan has none.
package struct Alias: SingleResultOperator {
  package let label: String?

  package init(_ label: String? = nil) { self.label = label }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    return operands[0]
  }

  package func evaluate(_ operands: [HostArray], into result: inout HostArray) {
    result.scalars = operands[0].scalars
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    [g]
  }
}

/// The same value, through which no gradient passes.
package struct StopGradient: SingleResultOperator, GradientBarrier {
  package init() {}

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    return operands[0]
  }

  package func evaluate(_ operands: [HostArray], into result: inout HostArray) {
    result.scalars = operands[0].scalars
  }
}

extension Tensor {
  /// The same value under a name by which it can be captured.
  public func named(
    _ label: String, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .record(Alias(label), self, file: file, line: line)
  }

  /// The same value, as if it were a constant to every gradient.
  public func withoutGradient(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .record(StopGradient(), self, file: file, line: line)
  }
}
