/// The largest pixel of each of a given number of windows that cover the image, and where it is.
///
/// Window `o` of `m` reaches from `⌊o · size / m⌋` to `⌈(o + 1) · size / m⌉`.
package struct AdaptiveMaxPool: Operator {
  /// How many windows there are along each spatial axis.
  package let windows: Extents

  package init(to windows: Extents) { self.windows = windows }

  package func types(of operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try expectImage(operands)
    let output = try adaptedShape(operands[0].shape, to: windows)
    try expectIndexablePlanes(operands[0].shape)
    return [operands[0].with(shape: output), TensorType(output, .int32)]
  }

  package func evaluate(_ operands: [HostArray], into results: inout [HostArray]) {
    let size = Array(operands[0].shape.extents[2...])
    takeLargest(
      of: operands[0], windows: WindowTaps(size: size, adaptingTo: windows.list), &results)
  }

  package func gradients(
    _ cotangents: [Tensor?], operands: [Tensor], results: [Tensor]
  ) throws(ShapeError) -> [Tensor?] {
    guard let g = cotangents[0] else { return [nil] }
    return [try .recording(PoolScatter(image: operands[0].shape), [g, results[1]])]
  }
}

extension Operator {
  /// `[N, C, …]` with other spatial extents, each of which can be computed with.
  func adaptedShape(_ image: Shape, to target: Extents) throws(ShapeError) -> Shape {
    let size = try image.spatialExtents(name)
    guard target.rank == size.count else {
      throw ShapeError(
        name, "output \(target) names \(target.rank) axes, the image has \(size.count) spatial axes"
      )
    }
    try target.expect(atLeast: 1, name, "output extent")
    return Shape(image.extents[..<2] + target.list)
  }
}
