/// The adjoint of adaptive average pooling: each window gives every one of its pixels an equal part.
package struct AdaptiveAveragePoolGradient: SingleResultOperator {
  package let image: Shape

  package init(image: Shape) { self.image = image }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    try expectFloatingPoint(operands)
    let x = operands[0].with(shape: image)
    try x.validate(name)
    let size = try image.spatialExtents(name)
    let shape = operands[0].shape
    guard shape.rank == size.count + 2, shape.extents[..<2] == image.extents[..<2] else {
      throw ShapeError(
        name, "windows \(shape) and image \(image) must agree in batch, channels and rank")
    }
    return x
  }

  package func evaluate(_ operands: [HostArray], into x: inout HostArray) {
    let g = operands[0]
    let (windows, divisors) = AdaptiveAveragePool.windows(
      over: image, to: Array(g.shape.extents[2...]))
    let pixels = x.scalars.count / (image[0] * image[1])
    for plane in 0..<image[0] * image[1] {
      windows.forEachTap { position, _, window in
        x.scalars[plane * pixels + position] +=
          g.scalars[plane * windows.count + window] / divisors[window]
      }
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    let windows = Extents(Array(operands[0].shape.extents[2...]))
    return [try .recording(AdaptiveAveragePool(to: windows), [g])]
  }
}
