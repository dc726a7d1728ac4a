import FoveaCompiler
import FoveaTensor

/// Everything that happens to a graph before it is lowered, in order.
enum Optimizations {
  /// What happens in every precision, until operators are what kernels compute.
  static let common = Pipeline([
    .inlineFormulas,
    .dropAliases,
    .foldConstants,
    .dropUnused,
    .mergeEqual,
    .nestConcatenations,
    .foldBatchNormalization,
    .fuseNormalization,
    .maskBeforeScatter,
    .dropUnused,
    .fuseEpilogue,
  ])

  /// What makes one pass over memory of what is left.
  private static let closing = Pipeline([
    .fuseBiasGradient,
    .fuseElementwise,
    .dropUnused,
  ])

  /// What follows when the plan would not fit otherwise.
  static let lean = Pipeline([
    .recomputeCheap,
    .fuseElementwise,
    .dropUnused,
  ])

  /// What makes products of fewer bits of a graph that went through the common passes.
  private static func lowering(_ precision: Precision, _ graph: Graph) throws -> Pipeline {
    switch precision {
    case .float32: Pipeline([])
    case .bfloat16: Pipeline([.lowerPrecision(to: .bfloat16), .dropUnused])
    case .int8(let calibration):
      Pipeline([.quantize(try calibration.ranges(for: graph)), .dropUnused])
    }
  }

  /// What follows where nothing is trained: a step keeps what it computes anyway.
  private static func inference(_ precision: Precision) -> Pipeline {
    let isJoined = precision == .float32 || precision == .bfloat16
    let joining: [Pass] = isJoined ? [.fuseSeparable { $0.isComputed($1) }, .dropUnused] : []
    return Pipeline(joining + [.chunkBatch(Machine.chunkingModel), .dropUnused])
  }

  static func run(_ graph: Graph, isInference: Bool, savingMemory: Bool) throws -> Graph {
    let precision = Precision.current
    if case .int8 = precision, !isInference { throw CalibrationError.isTraining }
    var graph = common.run(graph, observe: Diagnostics.show)
    graph = try lowering(precision, graph).run(graph, observe: Diagnostics.show)
    graph = closing.run(graph, observe: Diagnostics.show)
    if isInference { graph = inference(precision).run(graph, observe: Diagnostics.show) }
    return savingMemory ? lean.run(graph, observe: Diagnostics.show) : graph
  }

  /// The graph with everything as its results that a calibration measures.
  static func observing(_ graph: Graph) -> (graph: Graph, choice: QuantizationChoice) {
    var graph = common.run(graph, observe: Diagnostics.show)
    let choice = QuantizationChoice(graph)
    graph.outputs = choice.values
    return (Pipeline([.dropUnused]).run(closing.run(graph)), choice)
  }
}
