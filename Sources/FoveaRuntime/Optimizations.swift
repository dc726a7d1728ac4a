import FoveaCompiler
import FoveaTensor

/// Everything that happens to a graph before it is lowered, in order.
enum Optimizations {
  /// The passes for plans of a precision.
  static func pipeline(_ precision: Precision) -> Pipeline {
    Pipeline(
      [
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
      ] + lowering(precision) + [
        .fuseBiasGradient,
        .fuseElementwise,
        .dropUnused,
      ])
  }

  /// What follows when the plan would not fit otherwise.
  static let lean = Pipeline([
    .recomputeCheap,
    .fuseElementwise,
    .dropUnused,
  ])

  private static func lowering(_ precision: Precision) -> [Pass] {
    switch precision {
    case .float32: []
    case .bfloat16: [.lowerPrecision(to: .bfloat16), .dropUnused]
    }
  }

  /// What follows where nothing is trained: a step keeps what it computes anyway.
  private static func inference(_ precision: Precision) -> Pipeline {
    let joining: [Pass] =
      precision == .float32 ? [.fuseSeparable { $0.isComputed($1) }, .dropUnused] : []
    return Pipeline(joining + [.chunkBatch(Machine.chunkingModel), .dropUnused])
  }

  static func run(_ graph: Graph, isInference: Bool, savingMemory: Bool) -> Graph {
    var graph = pipeline(.current).run(graph, observe: Diagnostics.show)
    if isInference { graph = inference(.current).run(graph, observe: Diagnostics.show) }
    return savingMemory ? lean.run(graph, observe: Diagnostics.show) : graph
  }
}
