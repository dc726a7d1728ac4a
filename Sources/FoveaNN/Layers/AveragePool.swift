public import FoveaTensor

/// The mean of every window.
public struct AveragePool: Layer {
  public let kernel: Extents
  public let stride: Extents
  public let padding: Padding
  /// Whether a last window may stand out of the image.
  public let ceil: Bool
  /// Whether padding counts as zeros, or not at all.
  public let countsPadding: Bool

  /// - Parameter stride: that of the windows; their own size when left out.
  public init(
    _ kernel: Extents, stride: Extents? = nil, padding: Padding = .valid, ceil: Bool = false,
    countsPadding: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try PoolCheck("AveragePool").expect(kernel, stride ?? kernel, padding)
    }
    self.kernel = kernel
    self.stride = stride ?? kernel
    self.padding = padding
    self.ceil = ceil
    self.countsPadding = countsPadding
  }

  public func forward(_ x: Tensor) -> Tensor {
    x.averagePooled(
      kernel, stride: stride, padding: padding, ceil: ceil, countsPadding: countsPadding)
  }

  public var declaration: String? {
    ProgramText.call(
      name, ("", kernel), ("stride", stride.unless(kernel)), ("padding", padding.words),
      ("ceil", ceil.unless(false)), ("countsPadding", countsPadding.unless(true)))
  }
}
