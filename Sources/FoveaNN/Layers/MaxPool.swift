public import FoveaTensor

/// The largest number of every window.
public struct MaxPool: Layer {
  public let kernel: Extents
  public let stride: Extents
  public let padding: Padding
  public let dilation: Extents
  /// Whether a last window may stand out of the image.
  public let ceil: Bool

  /// - Parameter stride: that of the windows; their own size when left out.
  public init(
    _ kernel: Extents, stride: Extents? = nil, padding: Padding = .valid, dilation: Extents = 1,
    ceil: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try PoolCheck("MaxPool").expect(kernel, stride ?? kernel, padding, dilation)
    }
    self.kernel = kernel
    self.stride = stride ?? kernel
    self.padding = padding
    self.dilation = dilation
    self.ceil = ceil
  }

  public func forward(_ x: Tensor) -> Tensor { withIndices(x).values }

  /// The largest numbers, and where in each plane they were; for ``MaxUnpool``.
  public func withIndices(_ x: Tensor) -> (values: Tensor, indices: Tensor) {
    x.maxPooledWithIndices(
      kernel, stride: stride, padding: padding, dilation: dilation, ceil: ceil)
  }

  public var declaration: String? {
    ProgramText.call(
      name, ("", kernel), ("stride", stride.unless(kernel)), ("padding", padding.words),
      ("dilation", dilation.unless(1)), ("ceil", ceil.unless(false)))
  }
}

/// What pooling layers check before there is an image.
struct PoolCheck {
  let check: LayerCheck

  init(_ layer: String) { check = LayerCheck(layer) }

  func expect(
    _ kernel: Extents, _ stride: Extents, _ padding: Padding, _ dilation: Extents = 1
  ) throws(ShapeError) {
    let axes = kernel.rank == 0 ? nil : kernel.rank
    try check.expect(kernel, axes: nil, "kernel")
    try check.expect(stride, axes: axes, "stride")
    try check.expect(dilation, axes: axes, "dilation")
    try check.expect(padding, axes: axes)
  }
}
