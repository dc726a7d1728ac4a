import Foundation

/// `x̄ = g − eʸ · Σ g` along an axis, where `y` is the logarithm of the softmax of `x`.
package struct LogSoftmaxGradient: SingleResultOperator, Decomposable {
  package let axis: Int

  package init(axis: Int) { self.axis = axis }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expectGradientAndResult(operands, axis: axis)
  }

  package func evaluate(_ operands: [HostArray], into result: inout HostArray) {
    let (g, y) = (operands[0].scalars, operands[1].scalars)
    let lanes = Lanes(result.shape, axis: axis < 0 ? axis + result.shape.rank : axis)
    for lane in 0..<lanes.count {
      let sum = lanes.positions(lane).reduce(0) { $0 + g[$1] }
      for position in lanes.positions(lane) {
        result.scalars[position] = g[position] - Foundation.exp(y[position]) * sum
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
    return [g - y.exp() * g.sum(axes: [axis], keepsAxes: true)]
  }
}
