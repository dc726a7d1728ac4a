import FoveaCompiler
import FoveaTensor

/// Everything that happens to a graph before it is lowered, in order.
enum Optimizations {
  static let portable = pipeline(.float32)

  /// The passes for plans of a precision.
  static func pipeline(_ precision: Precision) -> Pipeline {
    Pipeline(
      [
        .dropAliases,
        .dropUnused,
        .mergeEqual,
        .foldBatchNormalization,
        .fuseNormalization,
        .dropUnused,
        .fuseEpilogue,
      ] + lowering(precision) + [
        .fuseElementwise,
        .dropUnused,
      ])
  }

  private static func lowering(_ precision: Precision) -> [Pass] {
    switch precision {
    case .float32: []
    case .bfloat16: [.lowerPrecision(to: .bfloat16), .dropUnused]
    }
  }

  static func run(_ graph: Graph) -> Graph {
    pipeline(.current).run(graph, observe: Diagnostics.show)
  }
}
