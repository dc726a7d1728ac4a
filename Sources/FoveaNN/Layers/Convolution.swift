public import FoveaTensor

/// Convolution of sound `[N, C, L]`.
public typealias Conv1D = ConvolutionLayer<OneAxis>
/// Convolution of pictures `[N, C, H, W]`.
public typealias Conv2D = ConvolutionLayer<TwoAxes>
/// Convolution of volumes `[N, C, D, H, W]`.
public typealias Conv3D = ConvolutionLayer<ThreeAxes>

/// Filters that slide over an image.
///
/// ```swift
/// Conv2D(in: 3, out: 64, kernel: 7, stride: 2, padding: 3)
/// Conv2D(in: 32, out: 32, kernel: 3, padding: .same, groups: 32, bias: false)
/// ```
///
/// Weights begin as PyTorch's do: uniform within ±1/√fan-in, biases too.
public struct ConvolutionLayer<Axes: SpatialAxes>: Layer {
  /// `[out, in / groups, spatial…]`.
  public let weight: Parameter
  /// `[out]`.
  public let bias: Parameter?
  public let stride: Extents
  public let padding: Padding
  public let dilation: Extents
  public let groups: Int
  public let paddingMode: PaddingMode

  public init(
    in inputs: Int, out outputs: Int, kernel: Extents, stride: Extents = 1,
    padding: Padding = .valid, dilation: Extents = 1, groups: Int = 1, bias: Bool = true,
    paddingMode: PaddingMode = .zeros, weights: Initializer = .fanInUniform,
    biases: Initializer? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    let window = Window<Axes>(
      layer: Self.word, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
      groups: groups)
    let shape = Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try window.filter(inputs: inputs, outputs: outputs)
    }
    weight = Parameter(weights, shape: shape, file: file, line: line)
    self.bias =
      bias
      ? Parameter(biases ?? window.biases(shape), shape: [outputs], file: file, line: line) : nil
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
    self.paddingMode = paddingMode
  }

  public func forward(_ x: Tensor) -> Tensor {
    var (image, padding) = (x, padding)
    if let surroundings = paddingMode.surroundings, x.rank == Axes.count + 2 {
      let (low, high) = Tensor.trapping(file: #fileID, line: #line) { () throws(ShapeError) in
        try self.padding.sides(
          name, size: Array(x.shape.extents[2...]), kernel: Array(weight.shape.extents[2...]),
          stride: stride.spread(over: Axes.count, name, "stride"),
          dilation: dilation.spread(over: Axes.count, name, "dilation"))
      }
      image = x.padded(.sides(low: low, high: high), surroundings)
      padding = .valid
    }
    let y = image.convolved(
      with: weight.tensor, stride: stride, padding: padding, dilation: dilation, groups: groups)
    return y.addingPerChannel(bias)
  }
}

extension ConvolutionLayer {
  static var word: String { "Conv\(Axes.count)D" }

  public var name: String { Self.word }

  public var declaration: String? {
    ProgramText.call(
      name, ("in", weight.shape[1] * groups), ("out", weight.shape[0]),
      ("kernel", Window<Axes>.kernel(of: weight.shape)), ("stride", stride.unless(1)),
      ("padding", padding.words), ("dilation", dilation.unless(1)), ("groups", groups.unless(1)),
      ("bias", bias == nil ? false : nil),
      ("paddingMode", paddingMode == .zeros ? nil : ".\(paddingMode)"))
  }
}

extension Tensor {
  /// This image with one number added per channel.
  func addingPerChannel(_ bias: Parameter?) -> Tensor {
    guard let bias else { return self }
    var shape = Shape([Int](repeating: 1, count: rank))
    shape[1] = bias.shape[0]
    return self + bias.tensor.reshaped(to: shape)
  }
}
