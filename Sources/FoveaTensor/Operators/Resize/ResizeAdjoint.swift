/// The adjoint of resizing: each pixel given back to those it was made of.
package struct ResizeAdjoint: SingleResultOperator {
  package let rule: ResizeRule
  package let image: Shape

  package init(_ rule: ResizeRule, image: Shape) {
    self.rule = rule
    self.image = image
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    try expectFloatingPoint(operands)
    let x = operands[0].with(shape: image)
    try x.validate(name)
    let size = try image.spatialExtents(name)
    let shape = operands[0].shape
    guard shape.rank == size.count + 2, shape.extents[..<2] == image.extents[..<2] else {
      throw ShapeError(
        name, "output \(shape) and image \(image) must agree in batch, channels and rank")
    }
    _ = try Resize(rule, to: Extents(Array(shape.extents[2...]))).type(of: [x])
    return x
  }

  package func evaluate(_ operands: [HostArray], into x: inout HostArray) {
    rule.forEachTap(image: image, output: operands[0].shape) { pixel, target, weight in
      x.scalars[pixel] += weight * operands[0].scalars[target]
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    let output = Extents(Array(operands[0].shape.extents[2...]))
    return [try .recording(Resize(rule, to: output), [g])]
  }
}
