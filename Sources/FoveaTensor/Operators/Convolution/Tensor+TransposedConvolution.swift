extension Tensor {
  /// The transposed convolution of this image `[N, C, spatial…]` with `filter`
  /// `[C, O/groups, spatial…]`: what a convolution with these numbers would have been given.
  ///
  ///     x.convolvedTransposed(with: w, stride: 2, padding: 1, outputPadding: 1)
  ///
  /// Each axis comes out `(size − 1) · stride + dilation · (kernel − 1) + 1 − padding +
  /// outputPadding` long. Padding `.same` gives `size · stride`.
  ///
  /// Zeiler, Krishnan, Taylor, Fergus. *Deconvolutional networks*, 2010.
  ///
  /// - Parameter outputPadding: what is added behind, where several sizes convolve to this one;
  ///   less than the stride or the dilation.
  public func convolvedTransposed(
    with filter: Tensor, stride: Extents = 1, padding: Padding = .valid,
    outputPadding: Extents = 0, dilation: Extents = 1, groups: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      let transposed = try ConvolutionGeometry.transposed(
        image: shape, filter: filter.shape, stride: stride, padding: padding,
        outputPadding: outputPadding, dilation: dilation, groups: groups)
      var image = self
      if transposed.windows != shape {
        image = padded(
          low: [Int](repeating: 0, count: rank),
          high: zip(transposed.windows.extents, shape.extents).map { $0 - $1 })
      }
      return try .recording(
        ConvolutionImageGradient(transposed.geometry, image: transposed.image), [image, filter])
    }
  }
}

extension ConvolutionGeometry {
  /// The convolution whose image gradient is the transposed convolution asked for; the shape of its
  /// image, and that of its windows. These are the pixels given, and more of them, of value 0, where
  /// the output padding makes room for more.
  package static func transposed(
    image x: Shape, filter w: Shape, stride: Extents, padding: Padding, outputPadding: Extents,
    dilation: Extents, groups: Int
  ) throws(ShapeError) -> (geometry: ConvolutionGeometry, image: Shape, windows: Shape) {
    let operation = "transposed convolution"
    let rank = x.rank - 2
    guard (1...3).contains(rank), w.rank == x.rank else {
      throw ShapeError(
        operation,
        "takes an image [N, C, spatial…] and a filter [C, O/groups, spatial…] of 1 to 3 "
          + "spatial axes, got \(x) and \(w)")
    }
    let stride = try stride.spread(over: rank, operation, "stride")
    let dilation = try dilation.spread(over: rank, operation, "dilation")
    var extra = try outputPadding.spread(over: rank, operation, "output padding")
    try stride.expect(atLeast: 1, operation, "stride")
    try dilation.expect(atLeast: 1, operation, "dilation")
    for axis in 0..<rank
    where !(0..<Swift.max(stride[axis], dilation[axis])).contains(extra[axis]) {
      throw ShapeError(
        operation,
        "output padding must be at least 0 and less than the stride or the dilation, "
          + "got \(extra[axis]) for \(stride[axis]) and \(dilation[axis]) on axis \(axis)")
    }
    guard x[1] == w[0] else {
      throw ShapeError(
        operation, "image \(x) has \(x[1]) channels, filter \(w) takes \(w[0])")
    }
    guard groups >= 1, x[1] % groups == 0 else {
      throw ShapeError(
        operation, "image \(x) has \(x[1]) channels, which \(groups) groups do not divide")
    }
    var low: Extents
    var high: Extents
    if case .same = padding {
      (low, high) = (stride, stride)
      for axis in 0..<rank {
        let total = dilation[axis] * (w[axis + 2] - 1) + 1 - stride[axis]
        low[axis] = Swift.max(0, total) / 2
        high[axis] = Swift.max(0, total) - low[axis]
        extra[axis] = Swift.max(0, -total)
      }
    } else {
      (low, high) = try padding.sides(
        operation, size: Array(x.extents[2...]), kernel: Array(w.extents[2...]), stride: stride,
        dilation: dilation)
    }
    try low.expect(atLeast: 0, operation, "low padding")
    try high.expect(atLeast: 0, operation, "high padding")
    // No overflow: extents are below 2³¹, so the two products sum to less than 2⁶³.
    var image: Shape = [x[0], w[1] * groups]
    var windows = x
    for axis in 0..<rank {
      windows[axis + 2] += extra[axis] / stride[axis]
      image.extents.append(
        (x[axis + 2] - 1) * stride[axis] + dilation[axis] * (w[axis + 2] - 1) + 1 + extra[axis]
          - low[axis] - high[axis])
    }
    try TensorType(image).validate(operation)
    let geometry = ConvolutionGeometry(
      stride: stride, dilation: dilation, low: low, high: high, groups: groups)
    return (geometry, image, windows)
  }
}
