/// `x̄ = y · (g − Σ g · y)` along an axis, where `y` is the softmax of `x`.
package struct SoftmaxGradient: SingleResultOperator, Decomposable {
  package let axis: Int

  package init(axis: Int) { self.axis = axis }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expectGradientAndResult(operands, axis: axis)
  }

  package func evaluate(_ operands: [HostArray], into result: inout HostArray) {
    let (g, y) = (operands[0].scalars, operands[1].scalars)
    let lanes = Lanes(result.shape, axis: axis < 0 ? axis + result.shape.rank : axis)
    for lane in 0..<lanes.count {
      let sum = lanes.positions(lane).reduce(0) { $0 + g[$1] * y[$1] }
      for position in lanes.positions(lane) {
        result.scalars[position] = y[position] * (g[position] - sum)
      }
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    try decomposedGradients([g], operands: operands)
  }

  package func decomposed(_ operands: [Tensor]) throws(ShapeError) -> [Tensor] {
    let (g, y) = (operands[0], operands[1])
    return [y * (g - (g * y).sum(axes: [axis], keepsAxes: true))]
  }
}

extension Operator {
  /// A gradient and the result it belongs to, of one floating-point type, which has `axis`.
  package func expectGradientAndResult(
    _ operands: [TensorType], axis: Int
  ) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    try expectFloatingPoint(operands)
    guard operands[0] == operands[1] else {
      throw ShapeError(
        name,
        "the gradient and the result must have one type, got \(operands[0]) and "
          + "\(operands[1])")
    }
    _ = try resolve(axis: axis, of: operands[0].shape)
    return operands[0]
  }
}
