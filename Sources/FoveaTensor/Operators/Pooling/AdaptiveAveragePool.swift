/// The mean of each of a given number of windows that cover the image.
///
/// Window `o` of `m` reaches from `⌊o · size / m⌋` to `⌈(o + 1) · size / m⌉`.
package struct AdaptiveAveragePool: SingleResultOperator {
  /// How many windows there are along each spatial axis.
  package let windows: Extents

  package init(to windows: Extents) { self.windows = windows }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 1)
    try expectFloatingPoint(operands)
    return operands[0].with(shape: try adaptedShape(operands[0].shape, to: windows))
  }

  package func evaluate(_ operands: [HostArray], into y: inout HostArray) {
    let x = operands[0]
    let (windows, divisors) = AdaptiveAveragePool.windows(over: x.shape, to: windows.list)
    let pixels = x.scalars.count / (x.shape[0] * x.shape[1])
    for plane in 0..<x.shape[0] * x.shape[1] {
      windows.forEachTap { position, _, window in
        y.scalars[plane * windows.count + window] += x.scalars[plane * pixels + position]
      }
    }
    for index in y.scalars.indices { y.scalars[index] /= divisors[index % windows.count] }
  }

  package func gradients(
    _ g: Tensor, operands: [Tensor], result: Tensor
  ) throws(ShapeError) -> [Tensor?] {
    [try .recording(AdaptiveAveragePoolGradient(image: operands[0].shape), [g])]
  }

  /// The windows over one plane of an image, and how many pixels each has.
  package static func windows(
    over image: Shape, to target: [Int]
  ) -> (windows: WindowTaps, divisors: [Double]) {
    let windows = WindowTaps(size: Array(image.extents[2...]), adaptingTo: target)
    var divisors = [1.0]
    for axis in target.indices {
      divisors = divisors.flatMap { outer in
        windows.runs(axis: axis).map { outer * Double($0.count) }
      }
    }
    return (windows, divisors)
  }
}
