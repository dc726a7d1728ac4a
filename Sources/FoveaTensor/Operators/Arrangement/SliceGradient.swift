/// A slice put back in its place among zeros: the gradient of a slice.
package struct SliceGradient: SingleResultOperator {
  package let slice: Slice
  package let shape: Shape

  package init(_ slice: Slice, of shape: Shape) {
    self.slice = slice
    self.shape = shape
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    try operands[0].with(shape: shape).validate(name)
    let sliced = try slice.sliced(shape, name)
    guard operands[0].shape == sliced else {
      throw ShapeError(name, "that slice of \(shape) is \(sliced), not \(operands[0].shape)")
    }
    return operands[0].with(shape: shape)
  }

  package func evaluate(_ y: [HostArray], into x: inout HostArray) {
    let map = slice.map(shape, to: y[0].shape)
    for index in y[0].scalars.indices { x.scalars[map.source(of: index)] = y[0].scalars[index] }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    [try .recording(slice, [g])]
  }
}
