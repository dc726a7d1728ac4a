/// The same number everywhere; an operator, not an array, so that a constant costs nothing.
package struct Fill: SingleResultOperator {
  package let value: Double
  package let type: TensorType

  package init(_ value: Double, _ type: TensorType) {
    self.value = type.elementType.rounded(value)
    self.type = type
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 0)
    return type
  }

  package func evaluate(_ operands: [HostArray], into result: inout HostArray) {
    for index in result.scalars.indices { result.scalars[index] = value }
  }

  // NaN must equal itself here: two recordings of one formula are one plan.
  package static func == (left: Fill, right: Fill) -> Bool {
    left.value.bitPattern == right.value.bitPattern && left.type == right.type
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(value.bitPattern)
    hasher.combine(type)
  }
}

extension Tensor {
  /// A constant: `value` everywhere.
  ///
  ///     let ones = Tensor(repeating: 1, shape: [2, 3])
  public init(
    repeating value: Double, shape: Shape, as elementType: ElementType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self = .record(Fill(value, TensorType(shape, elementType)), file: file, line: line)
  }
}
