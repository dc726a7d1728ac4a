import FoveaTensor

extension Pass {
  /// Removes names and gradient barriers: they have done their work while recording.
  package static let dropAliases = Pass("drop-aliases", because: "they mean their operand") {
    graph in
    GraphRewriter.rewrite(graph) { _, _, vertex, operands in
      vertex.operation is Alias || vertex.operation is StopGradient ? [operands[0]] : nil
    }
  }
}
