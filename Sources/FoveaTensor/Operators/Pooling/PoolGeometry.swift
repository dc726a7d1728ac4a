/// How a window slides over each plane of an image of one, two or three spatial axes.
///
/// One value, shared by pooling, its gradients, patches, the fast path and the printed form. Every
/// `Extents` in it names each spatial axis.
public struct PoolGeometry: Hashable, Sendable {
  public var kernel: Extents
  public var stride: Extents
  public var dilation: Extents
  public var low: Extents
  public var high: Extents
  /// Whether a last window that reaches past the padded image is kept; it must still start inside
  /// the image or the padding before it.
  public var ceil: Bool

  public init(
    kernel: Extents, stride: Extents, dilation: Extents, low: Extents, high: Extents,
    ceil: Bool = false
  ) {
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation
    self.low = low
    self.high = high
    self.ceil = ceil
  }

  /// How many spatial axes there are.
  public var spatialRank: Int { kernel.rank }
}

extension PoolGeometry {
  /// The geometry that a call describes, with one number for all axes spread over each of them.
  package init(
    _ operation: String, image: Shape, kernel: Extents, stride: Extents?, padding: Padding,
    dilation: Extents, ceil: Bool
  ) throws(ShapeError) {
    let size = try image.spatialExtents(operation)
    let kernel = try kernel.spread(over: size.count, operation, "kernel")
    let stride = try (stride ?? kernel).spread(over: size.count, operation, "stride")
    let dilation = try dilation.spread(over: size.count, operation, "dilation")
    let (low, high) = try padding.sides(
      operation, size: size, kernel: kernel.list, stride: stride, dilation: dilation)
    self.init(
      kernel: kernel, stride: stride, dilation: dilation, low: low, high: high, ceil: ceil)
  }

  /// `[N, C, …]` gives `[N, C, windows…]`.
  package func outputShape(_ operation: String, image x: Shape) throws(ShapeError) -> Shape {
    try check(operation, image: x)
    var output: Shape = [x[0], x[1]]
    for axis in 0..<spatialRank {
      let windows = windowCount(axis: axis, size: x[axis + 2])
      guard windows >= 1 else {
        throw ShapeError(
          operation,
          "kernel \(kernel[axis]) with dilation \(dilation[axis]) spans \(reach(axis)) "
            + "elements of spatial axis \(axis), the padded image has "
            + "\(x[axis + 2] + low[axis] + high[axis])")
      }
      output.extents.append(windows)
    }
    return output
  }

  private func check(_ operation: String, image x: Shape) throws(ShapeError) {
    let size = try x.spatialExtents(operation)
    for (extents, what) in [
      (kernel, "kernel"), (stride, "stride"), (dilation, "dilation"), (low, "low padding"),
      (high, "high padding"),
    ] where extents.rank != size.count {
      throw ShapeError(
        operation,
        "\(what) \(extents) names \(extents.rank) axes, the image has \(size.count) spatial axes")
    }
    try kernel.expect(atLeast: 1, operation, "kernel")
    try stride.expect(atLeast: 1, operation, "stride")
    try dilation.expect(atLeast: 1, operation, "dilation")
    try low.expect(atLeast: 0, operation, "low padding")
    try high.expect(atLeast: 0, operation, "high padding")
    guard let volume = Shape(kernel.list).checkedCount, volume <= Shape.largestCount else {
      throw ShapeError(
        operation, "a window \(kernel) has more than \(Shape.largestCount) elements")
    }
  }

  /// From the first tap of a window to its last, along one axis.
  private func reach(_ axis: Int) -> Int { dilation[axis] * (kernel[axis] - 1) + 1 }

  /// How many windows there are along one axis; 0 where not one fits.
  private func windowCount(axis: Int, size: Int) -> Int {
    // No overflow: each factor and summand is at most 2³¹.
    let room = size + low[axis] + high[axis] - reach(axis) + (ceil ? stride[axis] - 1 : 0)
    guard room >= 0 else { return 0 }
    let windows = room / stride[axis] + 1
    let lastStartsOutside = (windows - 1) * stride[axis] >= size + low[axis]
    return ceil && lastStartsOutside ? windows - 1 : windows
  }
}

extension PoolGeometry {
  /// The pixels of every window over one plane of an image that fits.
  package func windows(over image: Shape) -> WindowTaps {
    let size = Array(image.extents[2...])
    return WindowTaps(
      size: size, kernel: kernel.list,
      windows: size.indices.map { windowCount(axis: $0, size: size[$0]) }, stride: stride,
      dilation: dilation, low: low)
  }

  /// How many taps of a window fall on the image or its padding, along one axis.
  package func paddedCount(axis: Int, window: Int, size: Int) -> Int {
    let start = window * stride[axis] - low[axis]
    let end = size + high[axis]
    guard start < end else { return 0 }
    return Swift.min(kernel[axis], (end - 1 - start) / dilation[axis] + 1)
  }
}

extension Shape {
  /// The extents after batch and channel, of which there must be one to three.
  package func spatialExtents(_ operation: String) throws(ShapeError) -> [Int] {
    guard (3...5).contains(rank) else {
      throw ShapeError(
        operation, "takes an image [N, C, spatial…] of 1 to 3 spatial axes, got \(self)")
    }
    return Array(extents[2...])
  }
}
