/// The largest pixel of each window, and where it is in its plane.
///
/// Of equal pixels the first in row-major order is taken, and a pixel that is not a number is taken
/// before any other. Padding is never taken: a window without pixels gives −∞ and index −1.
package struct MaxPool: Operator {
  package let geometry: PoolGeometry

  package init(_ geometry: PoolGeometry) { self.geometry = geometry }

  package func types(of operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try expectImage(operands)
    let output = try geometry.outputShape(name, image: operands[0].shape)
    try expectIndexablePlanes(operands[0].shape)
    return [operands[0].with(shape: output), TensorType(output, .int32)]
  }

  package func evaluate(_ operands: [HostArray], into results: inout [HostArray]) {
    takeLargest(of: operands[0], windows: geometry.windows(over: operands[0].shape), &results)
  }

  package func gradients(
    _ cotangents: [Tensor?], operands: [Tensor], results: [Tensor]
  ) throws(ShapeError) -> [Tensor?] {
    guard let g = cotangents[0] else { return [nil] }
    return [try .recording(PoolScatter(image: operands[0].shape), [g, results[1]])]
  }
}

extension Operator {
  /// One operand, which holds numbers that can be compared.
  func expectImage(_ operands: [TensorType]) throws(ShapeError) {
    try expect(operands, count: 1)
    guard operands[0].elementType != .bool else {
      throw ShapeError(name, "takes numbers, got \(operands[0]); cast it first")
    }
  }

  /// Every position in a plane of `image` can be said in 32 bits.
  func expectIndexablePlanes(_ image: Shape) throws(ShapeError) {
    let pixels = Shape(Array(image.extents.dropFirst(2))).count
    guard pixels <= Int(Int32.max) else {
      throw ShapeError(
        name, "a plane of \(image) has \(pixels) elements, more than an index of 32 bits can name")
    }
  }

  /// The meaning of sliding and adaptive maximum pooling.
  func takeLargest(
    of x: HostArray, windows: WindowTaps, _ results: inout [HostArray]
  ) {
    var best = [Double](repeating: -.infinity, count: results[0].scalars.count)
    var indices = [Double](repeating: -1, count: best.count)
    let pixels = x.scalars.count / (x.shape[0] * x.shape[1])
    for plane in 0..<x.shape[0] * x.shape[1] {
      windows.forEachTap { position, _, window in
        let value = x.scalars[plane * pixels + position]
        let target = plane * windows.count + window
        if indices[target] < 0 || value > best[target] || (value.isNaN && !best[target].isNaN) {
          best[target] = value
          indices[target] = Double(position)
        }
      }
    }
    results[0].scalars = best
    results[1].scalars = indices
  }
}
