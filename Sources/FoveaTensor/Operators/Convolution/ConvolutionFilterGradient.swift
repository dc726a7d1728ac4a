/// The gradient of a convolution for its filter, from the image and the gradient of the output.
package struct ConvolutionFilterGradient: SingleResultOperator {
  package let geometry: ConvolutionGeometry
  package let filter: Shape
  /// The kind of number the sums are given as; `nil` for that of the operands.
  package let result: ElementType?

  package init(_ geometry: ConvolutionGeometry, filter: Shape, result: ElementType? = nil) {
    self.geometry = geometry
    self.filter = filter
    self.result = result
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    try expectFloatingPoint(operands)
    try expectOneElementType(operands)
    try operands[0].with(shape: filter).validate(name)
    let output = try geometry.outputShape(name, image: operands[0].shape, filter: filter)
    guard output == operands[1].shape else {
      throw ShapeError(
        name,
        "an image \(operands[0].shape) under filter \(filter) gives \(output), "
          + "not \(operands[1].shape)")
    }
    return TensorType(filter, result ?? operands[0].elementType)
  }

  package func evaluate(_ operands: [HostArray], into w: inout HostArray) {
    let (x, y) = (operands[0], operands[1])
    geometry.forEachTap(image: x.shape, filter: filter, output: y.shape) { i, k, o in
      w.scalars[k] += x.scalars[i] * y.scalars[o]
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    let (x, y) = (operands[0], operands[1])
    let g = g.cast(to: x.elementType)
    return [
      try .recording(ConvolutionImageGradient(geometry, image: x.shape), [y, g]),
      try .recording(Convolution(geometry), [x, g]),
    ]
  }
}
