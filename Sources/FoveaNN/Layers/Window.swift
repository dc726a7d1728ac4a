import FoveaTensor

/// What convolution layers check before there is an image.
struct Window<Axes: SpatialAxes> {
  let layer: String
  let kernel: Extents
  let stride: Extents
  let padding: Padding
  let dilation: Extents
  let groups: Int

  /// `[outputs, inputs / groups, kernel…]`, or the reason there is no such filter.
  func filter(inputs: Int, outputs: Int) throws(ShapeError) -> Shape {
    let check = LayerCheck(layer)
    try check.expect(inputs, "the number of input channels")
    try check.expect(outputs, "the number of output channels")
    try check.expect(kernel, axes: Axes.count, "kernel")
    try check.expect(stride, axes: Axes.count, "stride")
    try check.expect(dilation, axes: Axes.count, "dilation")
    try check.expect(padding, axes: Axes.count)
    try check.expectGroups(
      groups, divide: (inputs, "input channels"), (outputs, "output channels"))
    let kernel = try kernel.spread(over: Axes.count, layer, "kernel")
    return Shape([outputs, inputs / groups] + kernel.list)
  }

  /// As PyTorch's: within ±1/√fan-in of the weight.
  func biases(_ filter: Shape) -> Initializer {
    let bound = 1 / Double(filter.count / filter[0]).squareRoot()
    return .uniform(-bound...bound)
  }

  /// The kernel of a filter as it is written: `3` for `[3, 3]`.
  static func kernel(of filter: Shape) -> Extents {
    let extents = Array(filter.extents[2...])
    return Set(extents).count == 1 ? Extents(extents[0]) : Extents(extents)
  }
}
