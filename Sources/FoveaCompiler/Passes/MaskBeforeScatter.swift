import FoveaTensor

extension Pass {
  /// The gradient of ReLU, then maximum pooling, asks which pooled pixels are positive, not which
  /// pixels are: a gradient is only ever put where a pixel equals its window's largest.
  package static let maskBeforeScatter = Pass(
    "mask-before-scatter", because: "the pooled image is smaller, most often by four"
  ) { graph in
    let uses = graph.useCounts()
    return GraphRewriter.rewrite(graph) { rewriter, _, vertex, _ in
      guard let binary = vertex.operation as? Binary, binary.function == .multiply else {
        return nil
      }
      for side in 0...1 {
        let scattered = graph.vertices[vertex.operands[side].vertex]
        let mask = graph.vertices[vertex.operands[1 - side].vertex]
        guard let scatter = scattered.operation as? PoolScatter, scatter.collisions == .add,
          uses[vertex.operands[side].vertex] == 1,
          let step = mask.operation as? Unary, step.function == .step
        else { continue }
        let index = scattered.operands[1]
        let pool = graph.vertices[index.vertex]
        guard pool.operation is MaxPool, index.result == 1, pool.operands[0] == mask.operands[0]
        else { continue }
        let pooled = rewriter.place(of: Graph.Value(index.vertex, 0))
        let isPositive = rewriter.add(step, [pooled], scope: vertex.scope)
        let g = rewriter.place(of: scattered.operands[0])
        let masked = rewriter.add(binary, [g] + isPositive, scope: vertex.scope)
        return rewriter.add(
          scatter, masked + [rewriter.place(of: index)], scope: scattered.scope)
      }
      return nil
    }
  }
}
