public import FoveaTensor

/// Transposed convolution of sound `[N, C, L]`.
public typealias ConvTransposed1D = TransposedConvolutionLayer<OneAxis>
/// Transposed convolution of pictures `[N, C, H, W]`.
public typealias ConvTransposed2D = TransposedConvolutionLayer<TwoAxes>
/// Transposed convolution of volumes `[N, C, D, H, W]`.
public typealias ConvTransposed3D = TransposedConvolutionLayer<ThreeAxes>

/// Every pixel paints its filter: the way back from a convolution, to a larger image.
///
/// ```swift
/// ConvTransposed2D(in: 64, out: 32, kernel: 4, stride: 2, padding: 1)
/// ```
///
/// Zeiler, Krishnan, Taylor, Fergus. *Deconvolutional networks*, 2010.
public struct TransposedConvolutionLayer<Axes: SpatialAxes>: Layer {
  /// `[in, out / groups, spatial…]`.
  public let weight: Parameter
  /// `[out]`.
  public let bias: Parameter?
  public let stride: Extents
  public let padding: Padding
  public let outputPadding: Extents
  public let dilation: Extents
  public let groups: Int

  public init(
    in inputs: Int, out outputs: Int, kernel: Extents, stride: Extents = 1,
    padding: Padding = .valid, outputPadding: Extents = 0, dilation: Extents = 1, groups: Int = 1,
    bias: Bool = true, weights: Initializer = .fanInUniform, biases: Initializer? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let window = Window<Axes>(
      layer: Self.word, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
      groups: groups)
    let shape = Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try LayerCheck(Self.word).expect(
        outputPadding, axes: Axes.count, atLeast: 0, "output padding")
      // Input and output change places in the filter.
      let shape = try window.filter(inputs: inputs, outputs: outputs)
      return Shape([inputs, outputs / groups] + shape.extents[2...])
    }
    weight = Parameter(weights, shape: shape, file: file, line: line)
    self.bias =
      bias
      ? Parameter(biases ?? window.biases(shape), shape: [outputs], file: file, line: line) : nil
    self.stride = stride
    self.padding = padding
    self.outputPadding = outputPadding
    self.dilation = dilation
    self.groups = groups
  }

  public func forward(_ x: Tensor) -> Tensor {
    let y = x.convolvedTransposed(
      with: weight.tensor, stride: stride, padding: padding, outputPadding: outputPadding,
      dilation: dilation, groups: groups)
    return y.addingPerChannel(bias)
  }
}

extension TransposedConvolutionLayer {
  static var word: String { "ConvTransposed\(Axes.count)D" }

  public var name: String { Self.word }

  public var declaration: String? {
    ProgramText.call(
      name, ("in", weight.shape[0]), ("out", weight.shape[1] * groups),
      ("kernel", Window<Axes>.kernel(of: weight.shape)), ("stride", stride.unless(1)),
      ("padding", padding.words), ("outputPadding", outputPadding.unless(0)),
      ("dilation", dilation.unless(1)), ("groups", groups.unless(1)),
      ("bias", bias == nil ? false : nil))
  }
}
