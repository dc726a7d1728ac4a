import FoveaTensor

extension Pass {
  /// Writes out what was recorded once, wherever it is used.
  package static let inlineFormulas = Pass(
    "inline-formulas", because: "what a formula says is optimized with what surrounds it"
  ) { graph in
    GraphRewriter.rewrite(graph) { rewriter, _, vertex, operands in
      guard let formula = vertex.operation as? Formula else { return nil }
      return formula.unfolded(operands) { operation, operands, _ in
        rewriter.add(operation, operands, scope: vertex.scope)
      }
    }
  }
}
