/// Every window of an image as a column: `[N, C, spatial…]` becomes `[N, C · K, L]`, with `K` taps
/// in a window and `L` windows. Padding reads as 0.
///
/// Chellapilla, Puri, Simard. *High performance convolutional neural networks for document
/// processing*, 2006.
package struct Patches: SingleResultOperator {
  package let geometry: PoolGeometry

  package init(_ geometry: PoolGeometry) { self.geometry = geometry }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    let image = operands[0].shape
    let windows = try geometry.outputShape(name, image: image)
    guard let rows = Shape([image[1]] + geometry.kernel.list).checkedCount,
      let columns = Shape(Array(windows.extents[2...])).checkedCount
    else {
      throw ShapeError(
        name, "\(image) in windows \(geometry.kernel) gives more elements than a tensor can have")
    }
    return operands[0].with(shape: [image[0], rows, columns])
  }

  package func evaluate(_ operands: [HostArray], into y: inout HostArray) {
    let x = operands[0]
    geometry.forEachPatchElement(of: x.shape) { pixel, element in
      y.scalars[element] = x.scalars[pixel]
    }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    [try .recording(PatchesAdjoint(geometry, image: operands[0].shape), [g])]
  }
}

extension PoolGeometry {
  /// Visits every pixel of every window with its place among the patches.
  func forEachPatchElement(of image: Shape, _ body: (_ pixel: Int, _ element: Int) -> Void) {
    let windows = windows(over: image)
    let taps = Shape(kernel.list).count
    let planes = image[0] * image[1]
    let pixels = image.count / planes
    for plane in 0..<planes {
      windows.forEachTap { position, tap, window in
        body(plane * pixels + position, (plane * taps + tap) * windows.count + window)
      }
    }
  }
}
