/// The same numbers as another kind: fractions are rounded to even or dropped, whole numbers stop
/// at their bounds.
package struct Cast: SingleResultOperator {
  package let elementType: ElementType

  package init(to elementType: ElementType) { self.elementType = elementType }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    return operands[0].with(elementType)
  }

  package func evaluate(_ operands: [HostArray], into result: inout HostArray) {
    result.scalars = operands[0].scalars
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    guard operands[0].elementType.isFloatingPoint, elementType.isFloatingPoint else { return [nil] }
    return [g.cast(to: operands[0].elementType)]
  }
}

extension Tensor {
  /// The same numbers as another kind.
  public func cast(
    to elementType: ElementType, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard elementType != self.elementType else { return self }
    return .record(Cast(to: elementType), self, file: file, line: line)
  }
}
