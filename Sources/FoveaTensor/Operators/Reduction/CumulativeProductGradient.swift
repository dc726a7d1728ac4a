/// `x̄[k] = Σ g[i] · Π x[j]` over `i ≥ k` and `j ≤ i` other than `k`.
///
/// Dividing by `x[k]` would be shorter, and wrong where it is zero.
package struct CumulativeProductGradient: SingleResultOperator, Decomposable {
  package let axis: Int

  package init(axis: Int) { self.axis = axis }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    try expectFloatingPoint(operands)
    guard operands[0] == operands[1] else {
      throw ShapeError(
        name,
        "the gradient and what was multiplied must have one type, got \(operands[0]) and "
          + "\(operands[1])")
    }
    _ = try resolve(axis: axis, of: operands[0].shape)
    return operands[0]
  }

  package func evaluate(_ operands: [HostArray], into result: inout HostArray) {
    let (g, x) = (operands[0].scalars, operands[1].scalars)
    let lanes = Lanes(result.shape, axis: axis < 0 ? axis + result.shape.rank : axis)
    for lane in 0..<lanes.count {
      let positions = Array(lanes.positions(lane))
      var before = 1.0
      // g[i] and what is multiplied behind k up to i, summed from the last i to the first.
      var behind = [Double](repeating: 0, count: positions.count)
      for k in positions.indices.dropFirst().reversed() {
        behind[k - 1] = x[positions[k]] * (g[positions[k]] + behind[k])
      }
      for k in positions.indices {
        result.scalars[positions[k]] = before * (g[positions[k]] + behind[k])
        before *= x[positions[k]]
      }
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    try decomposedGradients([g], operands: operands)
  }

  /// A square per line: for every `k` the line with 1 in place of `x[k]`.
  package func decomposed(_ operands: [Tensor]) throws(ShapeError) -> [Tensor] {
    let axis = try resolve(axis: axis, of: operands[0].shape)
    var order = Array(0..<operands[0].rank)
    order.swapAt(axis, order.count - 1)
    let g = try Tensor.recording(Transpose(order), [operands[0]])
    let x = try Tensor.recording(Transpose(order), [operands[1]])
    let length = x.shape[-1]
    let lines = Array(x.shape.extents.dropLast())
    let square = x.reshaped(to: Shape(lines + [1, length]))
      .expanded(to: Shape(lines + [length, length]))
    let i = Tensor.record(Iota([length], .int32, axis: 0))
    let k = i.reshaped(to: [length, 1])
    let products = try Tensor.recording(
      CumulativeProduct(axis: -1), [square.replacing(where: i .== k, with: 1.0)])
    let terms = (products * g.reshaped(to: Shape(lines + [1, length])))
      .replacing(where: i .< k, with: 0.0)
    return [try .recording(Transpose(order), [terms.sum(axes: [-1])])]
  }
}
