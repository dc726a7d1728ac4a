public import FoveaTensor

/// Puts every number back where maximum pooling found it, among zeros.
///
/// ```swift
/// let (small, indices) = pool.withIndices(x)
/// let large = MaxUnpool(2)(small, indices: indices)
/// ```
///
/// Zeiler, Fergus. *Visualizing and understanding convolutional networks*, 2013.
public struct MaxUnpool: Module {
  public let kernel: Extents
  public let stride: Extents
  public let padding: Extents

  public init(
    _ kernel: Extents, stride: Extents? = nil, padding: Extents = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try PoolCheck("MaxUnpool").expect(kernel, stride ?? kernel, .symmetric(padding))
    }
    self.kernel = kernel
    self.stride = stride ?? kernel
    self.padding = padding
  }

  /// - Parameter size: the spatial extents of the result, where several are pooled to the same;
  ///   the smallest of them when left out.
  public func callAsFunction(
    _ x: Tensor, indices: Tensor, size: Extents? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let size = Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      if let size { return size }
      return try smallest(for: x.shape)
    }
    return x.unpooled(indices: indices, to: size, file: file, line: line)
  }

  private func smallest(for shape: Shape) throws(ShapeError) -> Extents {
    let axes = shape.rank - 2
    guard (1...3).contains(axes) else {
      throw ShapeError(name, "takes images [N, C, spatial…] of 1 to 3 axes, got \(shape)")
    }
    let kernel = try kernel.spread(over: axes, name, "kernel")
    let stride = try stride.spread(over: axes, name, "stride")
    let padding = try padding.spread(over: axes, name, "padding")
    return Extents(
      (0..<axes).map { (shape[$0 + 2] - 1) * stride[$0] - 2 * padding[$0] + kernel[$0] })
  }

  public var declaration: String? {
    ProgramText.call(
      name, ("", kernel), ("stride", stride.unless(kernel)), ("padding", padding.unless(0)))
  }
}
