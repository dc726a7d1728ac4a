import COneDNN
import FoveaCompiler
import FoveaTensor

extension FusedConvolution: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    guard let problem = ConvolutionProblem(geometry, vertex.operandTypes[0].elementType) else {
      return false
    }
    // The residual is what the result's memory holds before.
    let attributes = try PrimitiveAttributes()
    if hasResidual { try attributes.addSum() }
    try activation.append(to: attributes)
    let primitive = try problem.forward(
      image: vertex.operandTypes[0].shape, filter: vertex.operandTypes[1].shape,
      output: vertex.types[0].shape, bias: hasBias, attributes: attributes)
    var reads: [(odn_arg, PlanValue)] = [
      (ODN_ARG_SRC, try plan.value(vertex.operands[0], as: primitive.descriptor(ODN_ARG_SRC))),
      (
        ODN_ARG_WEIGHTS,
        try plan.value(vertex.operands[1], as: primitive.descriptor(ODN_ARG_WEIGHTS))
      ),
    ]
    if hasBias {
      reads.append(
        (ODN_ARG_BIAS, try plan.value(vertex.operands[2], as: primitive.descriptor(ODN_ARG_BIAS))))
    }
    let y = plan.allocate(vertex.result(0), try primitive.descriptor(ODN_ARG_DST))
    if hasResidual {
      let residual = vertex.operands[vertex.operands.count - 1]
      let value = try plan.value(residual, as: primitive.descriptor(ODN_ARG_DST))
      try plan.copy(value, to: y)
    }
    try plan.emit(name, primitive, reads, [(ODN_ARG_DST, y)], scope: vertex.scope)
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
