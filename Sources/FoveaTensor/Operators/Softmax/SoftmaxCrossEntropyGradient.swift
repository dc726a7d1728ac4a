/// `x̄[n, c, …] = g[n, …] · (softmax(x)[n, c, …] · Σ t − t[c])`.
package struct SoftmaxCrossEntropyGradient: SingleResultOperator, Decomposable {
  package let target: LabelTarget

  package init(_ target: LabelTarget) { self.target = target }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 3)
    try target.check(name, logits: operands[1], labels: operands[2])
    guard operands[0] == operands[1].with(shape: operands[2].shape) else {
      throw ShapeError(
        name,
        "logits \(operands[1]) need a gradient \(operands[2].shape) of their own kind, got "
          + "\(operands[0])")
    }
    return operands[1]
  }

  package func evaluate(_ operands: [HostArray], into result: inout HostArray) {
    let (g, x, labels) = (operands[0].scalars, operands[1], operands[2].scalars)
    Softmax(axis: 1).evaluate([x], into: &result)
    let lanes = Lanes(x.shape, axis: 1)
    for lane in 0..<lanes.count {
      let weights = (0..<lanes.length).map {
        target.weight(of: $0, label: labels[lane], classes: lanes.length)
      }
      let sum = weights.reduce(0, +)
      for (place, position) in lanes.positions(lane).enumerated() {
        result.scalars[position] = g[lane] * (result.scalars[position] * sum - weights[place])
      }
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    try decomposedGradients([g], operands: operands)
  }

  package func decomposed(_ operands: [Tensor]) throws(ShapeError) -> [Tensor] {
    let (g, x, labels) = (operands[0], operands[1], operands[2])
    let weights = try target.weights(labels, like: x)
    let sum = weights.sum(axes: [1], keepsAxes: true)
    return [g.reshaped(to: sum.shape) * (x.softmax(axis: 1) * sum - weights)]
  }
}
