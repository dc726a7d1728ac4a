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

  static func run(_ graph: Graph, savingMemory: Bool) -> Graph {
    let optimized = pipeline(.current).run(graph, observe: Diagnostics.show)
    return savingMemory ? lean.run(optimized, observe: Diagnostics.show) : optimized
  }
}
