/// `y[n, o, i] = Σ x[n, c, i·stride − low + k·dilation] · w[o, c, k]`: the cross-correlation that
/// everybody calls convolution.
package struct Convolution: SingleResultOperator {
  package let geometry: ConvolutionGeometry
  /// The kind of number the sums are given as; `nil` for that of the operands.
  package let result: ElementType?

  package init(_ geometry: ConvolutionGeometry, result: ElementType? = nil) {
    self.geometry = geometry
    self.result = result
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    try expectFloatingPoint(operands)
    try expectOneElementType(operands)
    let shape = try geometry.outputShape(
      name, image: operands[0].shape, filter: operands[1].shape)
    return TensorType(shape, result ?? operands[0].elementType)
  }

  package func evaluate(_ operands: [HostArray], into y: inout HostArray) {
    let (x, w) = (operands[0], operands[1])
    geometry.forEachTap(image: x.shape, filter: w.shape, output: y.shape) { i, k, o in
      y.scalars[o] += x.scalars[i] * w.scalars[k]
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    let (x, w) = (operands[0], operands[1])
    let g = g.cast(to: x.elementType)
    return [
      try .recording(ConvolutionImageGradient(geometry, image: x.shape), [g, w]),
      try .recording(ConvolutionFilterGradient(geometry, filter: w.shape), [x, g]),
    ]
  }
}
