/// The gradient of a product along axes: for every element the product of the *others*, times `g`.
///
/// Dividing the product by the element would be wrong where it is zero.
package struct ProductGradient: SingleResultOperator, Decomposable {
  package let axes: [Int]

  package init(axes: [Int]) { self.axes = axes }

  /// The gradient of the product, with the reduced axes kept, and what was multiplied.
  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    try expectFloatingPoint(operands)
    try expectOneElementType(operands)
    let kept = operands[1].shape.reduced(
      try resolve(axes: axes, of: operands[1].shape), keepsAxes: true)
    guard operands[0].shape == kept else {
      throw ShapeError(
        name,
        "the product of \(operands[1].shape) along axes \(axes) is \(kept), "
          + "not \(operands[0].shape)")
    }
    return operands[1]
  }

  package func evaluate(_ operands: [HostArray], into result: inout HostArray) {
    let (g, x) = (operands[0], operands[1])
    let map = Broadcast(g.shape, to: x.shape)
    // What stands before an element along its line, then also what stands behind it.
    var before = [Double](repeating: 1, count: g.scalars.count)
    for index in x.scalars.indices {
      let line = map.source(of: index)
      result.scalars[index] = g.scalars[line] * before[line]
      before[line] *= x.scalars[index]
    }
    var behind = [Double](repeating: 1, count: g.scalars.count)
    for index in x.scalars.indices.reversed() {
      let line = map.source(of: index)
      result.scalars[index] *= behind[line]
      behind[line] *= x.scalars[index]
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    try decomposedGradients([g], operands: operands)
  }

  /// A square per line: every element's own copy of the line, with 1 in its own place.
  package func decomposed(_ operands: [Tensor]) throws(ShapeError) -> [Tensor] {
    let (g, x) = (operands[0], operands[1])
    let axes = try resolve(axes: axes, of: x.shape)
    let others = (0..<x.rank).filter { !axes.contains($0) }
    let order = others + axes
    let arranged = try Tensor.recording(Transpose(order), [x])
    let lines = Shape(others.map { x.shape[$0] })
    let length = x.shape.count / lines.count
    let line = arranged.reshaped(to: Shape(lines.extents + [1, length]))
    let square = line.expanded(to: Shape(lines.extents + [length, length]))
    let places = Tensor.record(Iota([length], .int32, axis: 0))
    let own = places.reshaped(to: [length, 1]) .== places
    let products = square.replacing(where: own, with: 1.0).product(axes: [-1])
    let gradient = products * g.reshaped(to: Shape(lines.extents + [1]))
    let inverse = order.indices.map { axis in order.firstIndex(of: axis)! }
    return [
      try .recording(
        Transpose(inverse), [gradient.reshaped(to: Shape(order.map { x.shape[$0] }))])
    ]
  }
}
