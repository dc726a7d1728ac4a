/// The adjoint of average pooling: each window gives every one of its pixels an equal part.
package struct AveragePoolGradient: SingleResultOperator {
  package let pool: AveragePool
  package let image: Shape

  package init(of pool: AveragePool, image: Shape) {
    self.pool = pool
    self.image = image
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    let x = operands[0].with(shape: image)
    try x.validate(name)
    let output = try pool.type(of: [x])
    guard output == operands[0] else {
      throw ShapeError(name, "an image \(image) is pooled to \(output), not to \(operands[0])")
    }
    return x
  }

  package func evaluate(_ operands: [HostArray], into x: inout HostArray) {
    let g = operands[0]
    let windows = pool.geometry.windows(over: image)
    let divisors = pool.divisors(over: image)
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
    [try .recording(pool, [g])]
  }
}
