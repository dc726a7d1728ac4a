extension Tensor {
  /// The cross-correlation of this image `[N, C, spatial…]` with `filter` `[O, C/groups, spatial…]`.
  ///
  ///     x.convolved(with: w, stride: 2, padding: 1)
  ///     x.convolved(with: w, padding: .same, dilation: [1, 2], groups: 4)
  public func convolved(
    with filter: Tensor, stride: Extents = 1, padding: Padding = .valid, dilation: Extents = 1,
    groups: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      let geometry = try ConvolutionGeometry(
        "convolution", image: shape, filter: filter.shape, stride: stride, padding: padding,
        dilation: dilation, groups: groups)
      return try .recording(Convolution(geometry), [self, filter])
    }
  }
}

extension ConvolutionGeometry {
  /// The geometry that a call describes, with one number for all axes spread over each of them.
  package init(
    _ operation: String, image x: Shape, filter w: Shape, stride: Extents, padding: Padding,
    dilation: Extents, groups: Int
  ) throws(ShapeError) {
    let rank = x.rank - 2
    guard (1...3).contains(rank), w.rank == x.rank else {
      throw ShapeError(
        operation,
        "takes an image [N, C, spatial…] and a filter [O, C/groups, spatial…] of 1 to 3 "
          + "spatial axes, got \(x) and \(w)")
    }
    let stride = try stride.spread(over: rank, operation, "stride")
    let dilation = try dilation.spread(over: rank, operation, "dilation")
    let (low, high) = try padding.sides(
      operation, size: Array(x.extents[2...]), kernel: Array(w.extents[2...]), stride: stride,
      dilation: dilation)
    self.init(stride: stride, dilation: dilation, low: low, high: high, groups: groups)
  }
}
