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
    for axis in 0..<rank {
      try within(operation, stride[axis], 1, "stride", axis)
      try within(operation, dilation[axis], 1, "dilation", axis)
      try within(operation, low[axis], 0, "low padding", axis)
      try within(operation, high[axis], 0, "high padding", axis)
    }
    guard (1...Shape.largestExtent).contains(groups) else {
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

  private func within(
    _ operation: String, _ value: Int, _ lowest: Int, _ what: String, _ axis: Int
  ) throws(ShapeError) {
    guard (lowest...Shape.largestExtent).contains(value) else {
      throw ShapeError(
        operation,
        "\(what) must lie between \(lowest) and \(Shape.largestExtent), got \(value) on axis \(axis)"
      )
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
  package func forEachTap(
    image x: Shape, filter w: Shape, output y: Shape,
    _ body: (_ x: Int, _ w: Int, _ y: Int) -> Void
  ) {
    // Missing axes are axes of extent 1 in front.
    let pad = 3 - spatialRank
    func three(_ shape: Shape) -> [Int] {
      [Int](repeating: 1, count: pad) + shape.extents[2...]
    }
    let (xs, ws, ys) = (three(x), three(w), three(y))
    func place(_ axis: Int, _ output: Int, _ tap: Int) -> Int? {
      guard axis >= pad else { return 0 }
      let a = axis - pad
      let position = output * stride[a] - low[a] + tap * dilation[a]
      return position >= 0 && position < xs[axis] ? position : nil
    }
    let outputsPerGroup = w[0] / groups
    for n in 0..<x[0] {
      for o in 0..<w[0] {
        for i in 0..<ys[0] * ys[1] * ys[2] {
          let (i0, i1, i2) = (i / (ys[1] * ys[2]), i / ys[2] % ys[1], i % ys[2])
          let output = (n * y[1] + o) * ys[0] * ys[1] * ys[2] + i
          for k in 0..<ws[0] * ws[1] * ws[2] {
            let (k0, k1, k2) = (k / (ws[1] * ws[2]), k / ws[2] % ws[1], k % ws[2])
            guard let p0 = place(0, i0, k0), let p1 = place(1, i1, k1), let p2 = place(2, i2, k2)
            else { continue }
            let pixel = (p0 * xs[1] + p1) * xs[2] + p2
            for c in 0..<w[1] {
              let channel = o / outputsPerGroup * w[1] + c
              body(
                (n * x[1] + channel) * xs[0] * xs[1] * xs[2] + pixel,
                (o * w[1] + c) * ws[0] * ws[1] * ws[2] + k, output)
            }
          }
        }
      }
    }
  }
}
