/// The gradient of a convolution for its image, from that of its output and the filter; by itself,
/// the transposed convolution.
package struct ConvolutionImageGradient: SingleResultOperator {
  package let geometry: ConvolutionGeometry
  package let image: Shape
  /// The kind of number the sums are given as; `nil` for that of the operands.
  package let result: ElementType?

  package init(_ geometry: ConvolutionGeometry, image: Shape, result: ElementType? = nil) {
    self.geometry = geometry
    self.image = image
    self.result = result
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    try expectFloatingPoint(operands)
    try expectOneElementType(operands)
    try operands[0].with(shape: image).validate(name)
    let output = try geometry.outputShape(name, image: image, filter: operands[1].shape)
    guard output == operands[0].shape else {
      throw ShapeError(
        name,
        "an image \(image) under filter \(operands[1].shape) gives \(output), "
          + "not \(operands[0].shape)")
    }
    return TensorType(image, result ?? operands[0].elementType)
  }

  package func evaluate(_ operands: [HostArray], into x: inout HostArray) {
    let (y, w) = (operands[0], operands[1])
    geometry.forEachTap(image: image, filter: w.shape, output: y.shape) { i, k, o in
      x.scalars[i] += y.scalars[o] * w.scalars[k]
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    let (y, w) = (operands[0], operands[1])
    let g = g.cast(to: y.elementType)
    return [
      try .recording(Convolution(geometry), [g, w]),
      try .recording(ConvolutionFilterGradient(geometry, filter: w.shape), [g, y]),
    ]
  }
}
