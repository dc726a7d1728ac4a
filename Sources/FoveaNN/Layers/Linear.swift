public import FoveaTensor

/// `y = x·Wᵀ + b` over the last axis.
///
/// Weights begin as PyTorch's do: uniform within ±1/√in, biases too.
public struct Linear: Layer {
  /// `[out, in]`.
  public let weight: Parameter
  /// `[out]`.
  public let bias: Parameter?

  public init(
    in inputs: Int, out outputs: Int, bias: Bool = true, weights: Initializer = .fanInUniform,
    biases: Initializer? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    Tensor.trapping(file: file, line: line) { () throws(ShapeError) in
      try Linear.check(in: inputs, out: outputs)
    }
    let bound = 1 / Double(inputs).squareRoot()
    weight = Parameter(weights, shape: [outputs, inputs], file: file, line: line)
    self.bias =
      bias
      ? Parameter(biases ?? .uniform(-bound...bound), shape: [outputs], file: file, line: line)
      : nil
  }

  static func check(in inputs: Int, out outputs: Int) throws(ShapeError) {
    try LayerCheck("Linear").expect(inputs, "the number of inputs")
    try LayerCheck("Linear").expect(outputs, "the number of outputs")
  }

  public func forward(_ x: Tensor) -> Tensor {
    let y = x.times(weight.tensor, transposingRight: true)
    return if let bias { y + bias.tensor } else { y }
  }

  public var declaration: String? {
    ProgramText.call(
      name, ("in", weight.shape[1]), ("out", weight.shape[0]), ("bias", bias == nil ? false : nil))
  }
}
