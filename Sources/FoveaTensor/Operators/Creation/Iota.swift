/// Every element's own position along an axis: 0, 1, 2, …
package struct Iota: SingleResultOperator {
  package let type: TensorType
  package let axis: Int

  package init(_ shape: Shape, _ elementType: ElementType, axis: Int) {
    type = TensorType(shape, elementType)
    self.axis = axis
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 0)
    guard type.elementType != .bool else {
      throw ShapeError(name, "counts in numbers, not in bool")
    }
    _ = try resolve(axis: axis, of: type.shape)
    return type
  }

  package func evaluate(_ operands: [HostArray], into result: inout HostArray) {
    let lanes = Lanes(type.shape, axis: axis < 0 ? axis + type.rank : axis)
    for index in result.scalars.indices {
      result.scalars[index] = Double(index / lanes.stride % lanes.length)
    }
  }
}

extension Tensor {
  /// `0, 1, … count − 1`.
  public init(
    counting count: Int, as elementType: ElementType = .int32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self = .record(Iota([count], elementType, axis: 0), file: file, line: line)
  }
}
