extension Tensor {
  /// Every window of this image as a column: `[N, C, spatial…]` becomes `[N, C · K, L]`, with `K`
  /// elements in a window and `L` windows.
  ///
  ///     x.patches(3, padding: 1)
  public func patches(
    _ kernel: Extents, stride: Extents = 1, padding: Padding = .valid, dilation: Extents = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      let geometry = try PoolGeometry(
        "patches", image: shape, kernel: kernel, stride: stride, padding: padding,
        dilation: dilation, ceil: false)
      return try .recording(Patches(geometry), [self])
    }
  }

  /// The image of spatial extents `size` whose windows are these columns; where windows overlap,
  /// they are added. The adjoint of ``patches(_:stride:padding:dilation:file:line:)``.
  public func folded(
    to size: Extents, kernel: Extents, stride: Extents = 1, padding: Padding = .valid,
    dilation: Extents = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      let fold = try PatchesAdjoint(
        folding: shape, to: size, kernel: kernel, stride: stride, padding: padding,
        dilation: dilation)
      return try .recording(fold, [self])
    }
  }
}

extension PatchesAdjoint {
  /// The operator that a call describes.
  package init(
    folding columns: Shape, to size: Extents, kernel: Extents, stride: Extents, padding: Padding,
    dilation: Extents
  ) throws(ShapeError) {
    let operation = "patches adjoint"
    guard columns.rank == 3 else {
      throw ShapeError(operation, "takes columns [N, C · K, L], got \(columns)")
    }
    let axes = Swift.max(size.rank, kernel.rank, 1)
    let size = try size.spread(over: axes, operation, "output")
    let kernel = try kernel.spread(over: axes, operation, "kernel")
    guard let taps = Shape(kernel.list).checkedCount, taps > 0, columns[1] % taps == 0 else {
      throw ShapeError(
        operation,
        "columns \(columns) have \(columns[1]) rows, which a kernel \(kernel) does not divide")
    }
    let image = Shape([columns[0], columns[1] / taps] + size.list)
    let geometry = try PoolGeometry(
      operation, image: image, kernel: kernel, stride: stride, padding: padding,
      dilation: dilation, ceil: false)
    self.init(geometry, image: image)
  }
}
