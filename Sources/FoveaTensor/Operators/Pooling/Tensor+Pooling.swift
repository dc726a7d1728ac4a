extension Tensor {
  /// The largest pixel of each window of `kernel`; the stride is the kernel unless said otherwise.
  ///
  ///     x.maxPooled(2)
  ///     x.maxPooled(3, stride: 2, padding: 1, ceil: true)
  public func maxPooled(
    _ kernel: Extents, stride: Extents? = nil, padding: Padding = .valid, dilation: Extents = 1,
    ceil: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    maxPooledWithIndices(
      kernel, stride: stride, padding: padding, dilation: dilation, ceil: ceil, file: file,
      line: line
    ).values
  }

  /// The largest pixel of each window, and its position in its plane, counted through all spatial
  /// axes; see ``unpooled(indices:to:file:line:)``.
  public func maxPooledWithIndices(
    _ kernel: Extents, stride: Extents? = nil, padding: Padding = .valid, dilation: Extents = 1,
    ceil: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor) {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      let geometry = try PoolGeometry(
        "max pool", image: shape, kernel: kernel, stride: stride, padding: padding,
        dilation: dilation, ceil: ceil)
      let results = try Tensor.recordingAll(MaxPool(geometry), [self])
      return (results[0], results[1])
    }
  }

  /// The mean of each window of `kernel`; the stride is the kernel unless said otherwise.
  ///
  ///     x.averagePooled(3, stride: 1, padding: .same, countsPadding: false)
  ///
  /// - Parameters:
  ///   - countsPadding: whether padding counts as pixels of value 0.
  ///   - divisor: what the sum of a window is divided by, instead of the number of its pixels.
  public func averagePooled(
    _ kernel: Extents, stride: Extents? = nil, padding: Padding = .valid, dilation: Extents = 1,
    ceil: Bool = false, countsPadding: Bool = true, divisor: Int? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      let geometry = try PoolGeometry(
        "average pool", image: shape, kernel: kernel, stride: stride, padding: padding,
        dilation: dilation, ceil: ceil)
      return try .recording(
        AveragePool(geometry, countsPadding: countsPadding, divisor: divisor), [self])
    }
  }

  /// The p-th root of the sum of the p-th powers of the magnitudes in each window.
  ///
  /// A last window that reaches past the image, with `ceil`, counts as if it were whole: its mean is
  /// multiplied by the size of the kernel.
  public func powerPooled(
    _ kernel: Extents, power: Double, stride: Extents? = nil, ceil: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      guard power.isFinite, power > 0 else {
        throw ShapeError("power pool", "power must be positive and finite, got \(power)")
      }
      let geometry = try PoolGeometry(
        "power pool", image: shape, kernel: kernel, stride: stride, padding: .valid, dilation: 1,
        ceil: ceil)
      let pool = AveragePool(geometry)
      // Checked before the window's elements are counted.
      _ = try pool.type(of: [type])
      let elements = Double(Shape(geometry.kernel.list).count)
      // Said so that the gradient exists at 0 wherever the mathematics has one.
      let raised = power == 2 ? squared() : power == 1 ? absolute() : absolute().power(power)
      let sum = try Tensor.recording(pool, [raised]) * elements
      return power == 1 ? sum : power == 2 ? sum.squareRoot() : sum.power(1 / power)
    }
  }

  /// Each number put where its index says, in a plane of zeros: the way back from maximum pooling.
  ///
  /// Where several windows name the same pixel, the last in row-major order stays. An index outside
  /// the plane is left out.
  ///
  ///     let (y, indices) = x.maxPooledWithIndices(2)
  ///     y.unpooled(indices: indices, to: [32, 32])
  public func unpooled(
    indices: Tensor, to size: Extents, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      let rank = try shape.spatialExtents("unpool").count
      let size = try size.spread(over: rank, "unpool", "output")
      let image = Shape(shape.extents[..<2] + size.list)
      return try .recording(PoolScatter(image: image, collisions: .keepLast), [self, indices])
    }
  }
}
