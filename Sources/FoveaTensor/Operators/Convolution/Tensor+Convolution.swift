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
      let rank = rank - 2
      guard (1...3).contains(rank), filter.rank == self.rank else {
        throw ShapeError(
          "convolution",
          "takes an image [N, C, spatial…] and a filter [O, C/groups, spatial…] of "
            + "1 to 3 spatial axes, got \(shape) and \(filter.shape)")
      }
      let stride = try stride.spread(over: rank, "convolution", "stride")
      let dilation = try dilation.spread(over: rank, "convolution", "dilation")
      let (low, high) = try padding.sides(
        "convolution", size: Array(shape.extents[2...]), kernel: Array(filter.shape.extents[2...]),
        stride: stride, dilation: dilation)
      let geometry = ConvolutionGeometry(
        stride: stride, dilation: dilation, low: low, high: high, groups: groups)
      return try .recording(Convolution(geometry), [self, filter])
    }
  }
}
