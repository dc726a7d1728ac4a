import FoveaTensor

extension Pass {
  /// One vertex for every computation that is said twice.
  package static let mergeEqual = Pass("merge-equal", because: "the same is computed once") {
    graph in
    struct Key: Hashable {
      let operation: AnyHashable
      let operands: [Graph.Value]
      let types: [TensorType]
    }
    var known: [Key: [Graph.Value]] = [:]
    return GraphRewriter.rewrite(graph) { rewriter, _, vertex, operands in
      let operation = vertex.operation!
      let key = Key(
        operation: AnyHashable(operation), operands: operands, types: vertex.types)
      if let before = known[key] { return before }
      let values = rewriter.add(operation, operands, scope: vertex.scope)
      known[key] = values
      return values
    }
  }
}
