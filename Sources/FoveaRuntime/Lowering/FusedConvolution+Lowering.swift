import COneDNN
import FoveaCompiler
import FoveaTensor

extension FusedConvolution: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let (image, filter) = (vertex.operandTypes[0], vertex.operandTypes[1])
    guard
      var task = ConvolutionTask(
        .forward, geometry, image.elementType, result: result, image: image.shape,
        filter: filter.shape, output: vertex.types[0].shape)
    else { return false }
    task.hasBias = hasBias
    task.hasResidual = hasResidual
    task.activation = activation
    try task.lower(name, vertex, into: plan)
    return true
  }
}

extension Activation {
  /// Adds what oneDNN calls this activation.
  func append(to attributes: PrimitiveAttributes) throws(OneDNNError) {
    switch self {
    case .none: break
    case .relu: try attributes.addEltwise(ODN_RELU)
    case .clamp(let low, let high):
      try attributes.addEltwise(ODN_CLIP, alpha: Float(low), beta: Float(high))
    case .sigmoid: try attributes.addEltwise(ODN_LOGISTIC)
    case .tanh: try attributes.addEltwise(ODN_TANH)
    case .silu: try attributes.addEltwise(ODN_SWISH, alpha: 1)
    case .hardSwish: try attributes.addEltwise(ODN_HARDSWISH)
    case .hardSigmoid: try attributes.addEltwise(ODN_HARDSIGMOID, alpha: 1 / 6, beta: 0.5)
    }
  }
}
