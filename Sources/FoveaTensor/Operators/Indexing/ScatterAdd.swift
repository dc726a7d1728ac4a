/// `x[i, index[i, j, …], …] += y[i, j, …]`, from zeros: the gradient of ``Gather``.
///
/// What an index outside the axis points to is left out.
package struct ScatterAdd: SingleResultOperator {
  package let axis: Int
  package let shape: Shape

  package init(axis: Int, into shape: Shape) {
    self.axis = axis
    self.shape = shape
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    guard operands[0].elementType != .bool else {
      throw ShapeError(name, "takes numbers, got \(operands[0]); cast it first")
    }
    try operands[0].with(shape: shape).validate(name)
    try IndexedAxis.check(name, axis, indices: operands[1], of: shape)
    guard operands[0].shape == operands[1].shape else {
      throw ShapeError(
        name, "every number needs an index: got \(operands[0]) and indices \(operands[1])")
    }
    return operands[0].with(shape: shape)
  }

  package func evaluate(_ operands: [HostArray], into x: inout HostArray) {
    let indexed = IndexedAxis(axis, indices: operands[1], of: shape)
    for (index, value) in operands[0].scalars.enumerated() {
      if let place = indexed.source(of: index) { x.scalars[place] += value }
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    guard g.elementType.isFloatingPoint else { return [nil, nil] }
    let axis = try resolve(axis: axis, of: g.shape)
    let inside = operands[1].isInside(extent: g.shape[axis])
    let picked = try Tensor.recording(Gather(axis: axis), [g, operands[1]])
    return [inside.selecting(picked, otherwise: 0.0), nil]
  }
}
