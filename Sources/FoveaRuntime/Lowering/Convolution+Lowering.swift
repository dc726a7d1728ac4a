import COneDNN
import FoveaTensor

extension Convolution: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    guard let problem = ConvolutionProblem(geometry, vertex.operandTypes[0].elementType) else {
      return false
    }
    let primitive = try problem.forward(
      image: vertex.operandTypes[0].shape, filter: vertex.operandTypes[1].shape,
      output: vertex.types[0].shape)
    let x = try plan.value(vertex.operands[0], as: primitive.descriptor(ODN_ARG_SRC))
    let w = try plan.value(vertex.operands[1], as: primitive.descriptor(ODN_ARG_WEIGHTS))
    let y = plan.allocate(vertex.result(0), try primitive.descriptor(ODN_ARG_DST))
    try plan.emit(
      name, primitive, [(ODN_ARG_SRC, x), (ODN_ARG_WEIGHTS, w)], [(ODN_ARG_DST, y)],
      scope: vertex.scope)
    return true
  }
}

extension ConvolutionImageGradient: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    guard let problem = ConvolutionProblem(geometry, vertex.operandTypes[0].elementType) else {
      return false
    }
    let primitive = try problem.backwardImage(
      image: image, filter: vertex.operandTypes[1].shape, output: vertex.operandTypes[0].shape)
    let g = try plan.value(vertex.operands[0], as: primitive.descriptor(ODN_ARG_DIFF_DST))
    let w = try plan.value(vertex.operands[1], as: primitive.descriptor(ODN_ARG_WEIGHTS))
    let x = plan.allocate(vertex.result(0), try primitive.descriptor(ODN_ARG_DIFF_SRC))
    try plan.emit(
      name, primitive, [(ODN_ARG_DIFF_DST, g), (ODN_ARG_WEIGHTS, w)], [(ODN_ARG_DIFF_SRC, x)],
      scope: vertex.scope)
    return true
  }
}

extension ConvolutionFilterGradient: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    guard let problem = ConvolutionProblem(geometry, vertex.operandTypes[0].elementType) else {
      return false
    }
    let primitive = try problem.backwardFilter(
      image: vertex.operandTypes[0].shape, filter: filter, output: vertex.operandTypes[1].shape)
    let x = try plan.value(vertex.operands[0], as: primitive.descriptor(ODN_ARG_SRC))
    let g = try plan.value(vertex.operands[1], as: primitive.descriptor(ODN_ARG_DIFF_DST))
    let w = plan.allocate(vertex.result(0), try primitive.descriptor(ODN_ARG_DIFF_WEIGHTS))
    try plan.emit(
      name, primitive, [(ODN_ARG_SRC, x), (ODN_ARG_DIFF_DST, g)], [(ODN_ARG_DIFF_WEIGHTS, w)],
      scope: vertex.scope)
    return true
  }
}
