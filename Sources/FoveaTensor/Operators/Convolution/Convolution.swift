/// `y[n, o, i] = Σ x[n, c, i·stride − low + k·dilation] · w[o, c, k]`: the cross-correlation that
/// everybody calls convolution.
package struct Convolution: SingleResultOperator {
  package let geometry: ConvolutionGeometry

  package init(_ geometry: ConvolutionGeometry) { self.geometry = geometry }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    try expectFloatingPoint(operands)
    try expectOneElementType(operands)
    return operands[0].with(
      shape: try geometry.outputShape(name, image: operands[0].shape, filter: operands[1].shape))
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
    return [
      try .recording(ConvolutionImageGradient(geometry, image: x.shape), [g, w]),
      try .recording(ConvolutionFilterGradient(geometry, filter: w.shape), [x, g]),
    ]
  }
}
