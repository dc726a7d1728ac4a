import FoveaCompiler

/// Everything that happens to a graph before it is lowered, in order.
enum Optimizations {
  static let portable = Pipeline([
    .dropAliases,
    .dropUnused,
    .mergeEqual,
    .foldBatchNormalization,
    .fuseNormalization,
    .dropUnused,
    .fuseEpilogue,
    .fuseBiasGradient,
    .fuseElementwise,
    .dropUnused,
  ])

  static func run(_ graph: Graph) -> Graph {
    portable.run(graph, observe: Diagnostics.show)
  }
}
