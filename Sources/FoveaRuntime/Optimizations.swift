import FoveaCompiler

/// Everything that happens to a graph before it is lowered, in order.
enum Optimizations {
  static let portable = Pipeline([
    .dropAliases,
    .foldConstants,
    .dropUnused,
    .mergeEqual,
    .foldBatchNormalization,
    .fuseNormalization,
    .dropUnused,
    .fuseEpilogue,
    .fuseElementwise,
    .dropUnused,
  ])

  /// What follows when the plan would not fit otherwise.
  static let lean = Pipeline([
    .recomputeCheap,
    .fuseElementwise,
    .dropUnused,
  ])

  static func run(_ graph: Graph, savingMemory: Bool) -> Graph {
    let optimized = portable.run(graph, observe: Diagnostics.show)
    return savingMemory ? lean.run(optimized, observe: Diagnostics.show) : optimized
  }
}
