extension Tensor {
  /// The mean of each plane: `[N, C, spatial…]` becomes `[N, C, 1…]`.
  public func globalAveragePooled(
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      let spatial = try shape.spatialExtents("global average pool").indices.map { $0 + 2 }
      return try .recording(Reduction(.mean, axes: Array(spatial), keepsAxes: true), [self])
    }
  }

  /// The largest pixel of each plane: `[N, C, spatial…]` becomes `[N, C, 1…]`.
  public func globalMaxPooled(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    adaptiveMaxPooled(to: 1, file: file, line: line)
  }

  /// The mean of each of `windows` equal parts of the image, which overlap where they must.
  ///
  ///     x.adaptiveAveragePooled(to: [7, 7])
  public func adaptiveAveragePooled(
    to windows: Extents, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      let (windows, sliding) = try adapted("adaptive average pool", to: windows)
      if windows.list.allSatisfy({ $0 == 1 }) {
        return globalAveragePooled(file: file, line: line)
      }
      if let sliding { return try .recording(AveragePool(sliding), [self]) }
      return try .recording(AdaptiveAveragePool(to: windows), [self])
    }
  }

  /// The largest pixel of each of `windows` equal parts of the image, which overlap where they must.
  public func adaptiveMaxPooled(
    to windows: Extents, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    adaptiveMaxPooledWithIndices(to: windows, file: file, line: line).values
  }

  /// The largest pixel of each of `windows` equal parts of the image, and its position in its plane.
  public func adaptiveMaxPooledWithIndices(
    to windows: Extents, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor) {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      let (windows, sliding) = try adapted("adaptive max pool", to: windows)
      let results =
        if let sliding {
          try Tensor.recordingAll(MaxPool(sliding), [self])
        } else {
          try Tensor.recordingAll(AdaptiveMaxPool(to: windows), [self])
        }
      return (results[0], results[1])
    }
  }

  /// The windows per axis; and, where they are all alike, the sliding window that is the same and
  /// has a faster path.
  private func adapted(
    _ operation: String, to windows: Extents
  ) throws(ShapeError) -> (windows: Extents, sliding: PoolGeometry?) {
    let size = try shape.spatialExtents(operation)
    let windows = try windows.spread(over: size.count, operation, "output")
    guard zip(size, windows.list).allSatisfy({ $1 > 0 && $0 % $1 == 0 }) else {
      return (windows, nil)
    }
    let kernel = Extents(zip(size, windows.list).map { $0 / $1 })
    let zero = Extents(size.map { _ in 0 })
    let one = Extents(size.map { _ in 1 })
    return (
      windows,
      PoolGeometry(kernel: kernel, stride: kernel, dilation: one, low: zero, high: zero)
    )
  }
}
