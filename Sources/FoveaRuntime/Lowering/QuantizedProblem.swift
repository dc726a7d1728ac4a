import COneDNN
import FoveaCompiler
import FoveaTensor

/// A convolution of bytes in oneDNN's words. Channels lie innermost, as its kernels for bytes want
/// them.
struct QuantizedProblem {
  let convolution: QuantizedConvolution
  private let image: TensorType
  private let filter: TensorType
  private let output: TensorType

  init(_ convolution: QuantizedConvolution, _ vertex: LoweringVertex) {
    self.convolution = convolution
    (image, filter, output) = (vertex.operandTypes[0], vertex.operandTypes[1], vertex.types[0])
  }

  var channelCount: Int { output.shape[1] }

  /// The kernel for filters of these steps, and a bias where there is one.
  func primitive(steps: [Float], bias: [Float]?) throws(OneDNNError) -> Primitive {
    let x = try Descriptor.channelsLast(image.elementType.oneDNN!, image.shape.extents)
    let w = try Descriptor.any(ODN_S8, filter.shape.extents)
    let y = try Descriptor.channelsLast(output.elementType.oneDNN!, output.shape.extents)
    let attributes = try attributes(steps: steps, bias: bias)
    let geometry = convolution.geometry
    func numbers(_ extents: Extents) -> [Int64] { extents.list.map(Int64.init) }
    return try Primitive {
      odn_convolution_forward(
        ODN_ALGORITHM_DIRECT, 0, x.pointer, w.pointer, nil, y.pointer, Int64(geometry.groups),
        numbers(geometry.stride), numbers(geometry.dilation), numbers(geometry.low),
        numbers(geometry.high), attributes.pointer, $0)
    }
  }

  private func attributes(
    steps: [Float], bias: [Float]?
  ) throws(OneDNNError) -> PrimitiveAttributes {
    let attributes = try PrimitiveAttributes()
    let (activation, result) = (convolution.activation, convolution.result)
    // What may as well be done to whole steps of the result saves a multiplication.
    let unit = activation.scaled(by: result?.step ?? 1)
    let step = unit == nil ? 1 : result?.step ?? 1
    try attributes.setScales(steps.map { $0 * (convolution.image.step / step) }, axis: 1)
    if let bias { try attributes.setBias(bias.map { $0 / step }) }
    switch convolution.residual {
    case .none: break
    case .real: try attributes.addSum()
    case .bytes(let scale):
      try attributes.addSum(scale: scale.step / step, of: scale.elementType.oneDNN!)
    }
    try (unit ?? activation).append(to: attributes)
    if unit == nil, let result { try attributes.addEltwise(ODN_LINEAR, alpha: 1 / result.step) }
    return attributes
  }
}

extension Activation {
  /// The function that does to whole steps what this one does to the real numbers; `nil` where none
  /// of them does.
  fileprivate func scaled(by step: Float) -> Activation? {
    switch self {
    case .none, .relu: self
    case .clamp(let low, let high): .clamp(low / Double(step), high / Double(step))
    default: step == 1 ? self : nil
    }
  }
}
