import FoveaCompiler
import FoveaTensor

extension Convolution: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let (image, filter) = (vertex.operandTypes[0], vertex.operandTypes[1])
    guard
      let task = ConvolutionTask(
        .forward, geometry, image.elementType, result: result, image: image.shape,
        filter: filter.shape, output: vertex.types[0].shape)
    else { return false }
    try task.lower(name, vertex, into: plan)
    return true
  }
}

extension ConvolutionImageGradient: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    let (output, filter) = (vertex.operandTypes[0], vertex.operandTypes[1])
    guard
      let task = ConvolutionTask(
        .image, geometry, output.elementType, result: result, image: image, filter: filter.shape,
        output: output.shape)
    else { return false }
    try task.lower(name, vertex, into: plan)
    return true
  }
}

extension ConvolutionFilterGradient: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    guard let task = task(vertex) else { return false }
    try task.lower(name, vertex, into: plan)
    return true
  }

  /// The work of a vertex with the operands of this operator.
  fileprivate func task(_ vertex: LoweringVertex) -> ConvolutionTask? {
    let (image, output) = (vertex.operandTypes[0], vertex.operandTypes[1])
    return ConvolutionTask(
      .filter, geometry, image.elementType, result: result, image: image.shape, filter: filter,
      output: output.shape)
  }
}

extension FusedConvolutionFilterGradient: Lowerable {
  func lower(_ vertex: LoweringVertex, into plan: PlanBuilder) throws -> Bool {
    guard var task = gradient.task(vertex) else { return false }
    task.hasBias = true
    try task.lower(name, vertex, into: plan)
    return true
  }
}
