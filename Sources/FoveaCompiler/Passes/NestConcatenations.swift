import FoveaTensor

extension Pass {
  /// A list of parts that begins as an earlier one did goes on from its result.
  ///
  /// Where every layer reads what all before it have found, parts can then grow in one place.
  package static let nestConcatenations = Pass(
    "nest-concatenations", because: "what is already side by side need not be put there again"
  ) { graph in
    struct Key: Hashable {
      let axis: Int
      let parts: ArraySlice<Graph.Value>
    }
    var known: [Key: Graph.Value] = [:]
    return GraphRewriter.rewrite(graph) { rewriter, _, vertex, operands in
      guard let concatenate = vertex.operation as? Concatenate else { return nil }
      // A list of one, as where a list begins to grow, is that one.
      guard operands.count > 1 else { return [operands[0]] }
      let axis = concatenate.axis < 0 ? concatenate.axis + vertex.types[0].rank : concatenate.axis
      var parts = operands
      for count in stride(from: operands.count - 1, to: 1, by: -1) {
        if let before = known[Key(axis: axis, parts: operands[..<count])] {
          parts = [before] + operands[count...]
          break
        }
      }
      let result = rewriter.add(concatenate, parts, scope: vertex.scope)
      known[Key(axis: axis, parts: operands[...])] = result[0]
      return result
    }
  }
}
