/// How a filter slides over an image of one, two or three spatial axes.
///
/// One value, shared by the operator, its gradients, the reference, the fast path and the printed
/// form. Every `Extents` in it names each spatial axis.
public struct ConvolutionGeometry: Hashable, Sendable {
  public var stride: Extents
  public var dilation: Extents
  public var low: Extents
  public var high: Extents
  public var groups: Int

  public init(
    stride: Extents, dilation: Extents, low: Extents, high: Extents, groups: Int
  ) {
    self.stride = stride
    self.dilation = dilation
    self.low = low
    self.high = high
    self.groups = groups
  }

  /// How many spatial axes there are.
  public var spatialRank: Int { stride.rank }
}

extension ConvolutionGeometry {
  /// `[N, C, …]` and `[O, C / groups, …]` give `[N, O, …]`.
  package func outputShape(
    _ operation: String, image x: Shape, filter w: Shape
  ) throws(ShapeError) -> Shape {
    try check(operation, image: x, filter: w)
    var output: Shape = [x[0], w[0]]
    for axis in 0..<spatialRank {
      output.extents.append(
        try outputExtent(operation, axis: axis, size: x[axis + 2], kernel: w[axis + 2]))
    }
    return output
  }

  private func check(
    _ operation: String, image x: Shape, filter w: Shape
  ) throws(ShapeError) {
    let rank = spatialRank
    guard (1...3).contains(rank), x.rank == rank + 2, w.rank == rank + 2 else {
      throw ShapeError(
        operation,
        "takes an image [N, C, spatial…] and a filter [O, C/groups, spatial…] of 1 to 3 "
          + "spatial axes, got \(x) and \(w) for \(rank)")
    }
    guard dilation.rank == rank, low.rank == rank, high.rank == rank else {
      throw ShapeError(operation, "stride, dilation and padding must name the same axes")
    }
    try stride.expect(atLeast: 1, operation, "stride")
    try dilation.expect(atLeast: 1, operation, "dilation")
    try low.expect(atLeast: 0, operation, "low padding")
    try high.expect(atLeast: 0, operation, "high padding")
    guard groups >= 1, groups <= w[0] else {
      throw ShapeError(operation, "groups must lie between 1 and \(w[0]), got \(groups)")
    }
    guard w[0] % groups == 0 else {
      throw ShapeError(
        operation, "filter \(w) has \(w[0]) output channels, which \(groups) groups do not divide")
    }
    guard x[1] % groups == 0, x[1] / groups == w[1] else {
      throw ShapeError(
        operation,
        "image \(x) has \(x[1]) channels, filter \(w) with \(groups) group(s) expects "
          + "\(w[1].multipliedReportingOverflow(by: groups).partialValue)")
    }
  }

  private func outputExtent(
    _ operation: String, axis: Int, size: Int, kernel: Int
  ) throws(ShapeError) -> Int {
    // No overflow: each factor and summand is at most 2³¹.
    let padded = size + low[axis] + high[axis]
    let reach = dilation[axis] * (kernel - 1) + 1
    guard reach <= padded else {
      throw ShapeError(
        operation,
        "kernel \(kernel) with dilation \(dilation[axis]) spans \(reach) elements of "
          + "spatial axis \(axis), the padded image has \(padded)")
    }
    return (padded - reach) / stride[axis] + 1
  }
}

extension ConvolutionGeometry {
  /// Visits every (image, filter, output) index triple that meets. Convolution is bilinear, so its
  /// three operators are this one loop with a different member of the triple accumulating.
  // Inlined, so that no closure is left in the innermost loop: twice as fast.
  @inline(__always)
  package func forEachTap(
    image x: Shape, filter w: Shape, output y: Shape,
    _ body: (_ x: Int, _ w: Int, _ y: Int) -> Void
  ) {
    let (size, kernel, windows) = (
      Array(x.extents[2...]), Array(w.extents[2...]), Array(y.extents[2...])
    )
    let taps = WindowTaps(
      size: size, kernel: kernel, windows: windows, stride: stride, dilation: dilation, low: low)
    let (pixels, weights) = (Shape(size).count, Shape(kernel).count)
    let outputsPerGroup = w[0] / groups
    for n in 0..<x[0] {
      for o in 0..<w[0] {
        for c in 0..<w[1] {
          let channel = o / outputsPerGroup * w[1] + c
          let image = (n * x[1] + channel) * pixels
          let filter = (o * w[1] + c) * weights
          let output = (n * y[1] + o) * taps.count
          taps.forEachTap { position, tap, window in
            body(image + position, filter + tap, output + window)
          }
        }
      }
    }
  }
}
