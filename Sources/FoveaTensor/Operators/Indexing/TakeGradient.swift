/// Parts added up where their numbers say, from zeros: the gradient of ``Take``.
///
/// What an index outside the axis points to is left out.
package struct TakeGradient: SingleResultOperator {
  package let take: Take
  package let shape: Shape

  package init(axis: Int, of shape: Shape) {
    take = Take(axis: axis)
    self.shape = shape
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    guard operands[0].elementType != .bool else {
      throw ShapeError(name, "takes numbers, got \(operands[0]); cast it first")
    }
    try operands[0].with(shape: shape).validate(name)
    let taken = try take.taken(shape, indices: operands[1], name)
    guard operands[0].shape == taken else {
      throw ShapeError(
        name,
        "taking \(operands[1].shape) parts along axis \(take.axis) of \(shape) gives \(taken), "
          + "not \(operands[0].shape)")
    }
    return operands[0].with(shape: shape)
  }

  package func evaluate(_ operands: [HostArray], into x: inout HostArray) {
    take.forEach(of: shape, indices: operands[1]) { result, source in
      if let source { x.scalars[source] += operands[0].scalars[result] }
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    guard g.elementType.isFloatingPoint else { return [nil, nil] }
    let axis = try resolve(axis: take.axis, of: shape)
    let inside = operands[1].isInside(extent: shape[axis])
      .reshaped(to: Shape(operands[1].shape.extents + shape.extents[(axis + 1)...].map { _ in 1 }))
    let picked = try Tensor.recording(take, [g, operands[1]])
    return [inside.selecting(picked, otherwise: 0.0), nil]
  }
}
