import FoveaTensor

extension Pass {
  /// Computes cheap intermediates a second time for readers far away, instead of keeping them.
  ///
  /// In a training step the normalised activations wait for the backward pass, and with what they
  /// were normalised from that is everything twice. One more pass over memory gives them back. Runs
  /// only when a plan would otherwise not fit.
  package static let recomputeCheap = Pass(
    "recompute-cheap", because: "a plan that does not fit may trade time for memory"
  ) { graph in Recomputation(graph).rewritten() }
}

private struct Recomputation {
  let graph: Graph
  /// How many vertices may lie between a value and a reader that keeps it alive.
  private static let reach = 8

  init(_ graph: Graph) { self.graph = graph }

  func rewritten() -> Graph {
    /// What was computed again, and where it is, until the next far reader.
    var again: [Graph.Value: (copy: Graph.Value, at: Int)] = [:]
    return GraphRewriter.rewrite(graph) { rewriter, index, vertex, operands in
      var moved = operands
      for (position, operand) in vertex.operands.enumerated()
      where index - operand.vertex > Self.reach {
        if let known = again[operand], index - known.at <= Self.reach {
          moved[position] = known.copy
        } else if let copy = copy(of: operand, &rewriter) {
          again[operand] = (copy, index)
          moved[position] = copy
        }
      }
      guard moved != operands else { return nil }
      return rewriter.add(vertex.operation!, moved, scope: vertex.scope)
    }
  }

  /// The value computed once more from what is kept anyway; `nil` when that is not cheap.
  private func copy(of value: Graph.Value, _ rewriter: inout GraphRewriter) -> Graph.Value? {
    let vertex = graph.vertices[value.vertex]
    let operands = vertex.operands.map { rewriter.place(of: $0) }
    /// The image and what normalises it; the statistics are small and stay.
    func normalized(_ norm: BatchNormalization) -> Graph.Value {
      let statistics = [1, 2].map { rewriter.place(of: Graph.Value(value.vertex, $0)) }
      return rewriter.add(
        FrozenBatchNormalization(epsilon: norm.epsilon), Array(operands[..<3]) + statistics,
        scope: vertex.scope)[0]
    }
    switch vertex.operation {
    case let norm as BatchNormalization where value.result == 0:
      return normalized(norm)
    case let fused as FusedBatchNormalization where value.result == 0 && !fused.addsResidual:
      let y = normalized(fused.normalization)
      return fused.activation == .relu
        ? rewriter.add(Unary(.relu), [y], scope: vertex.scope)[0] : y
    case let chain as ElementwiseChain where chain.outputs.count == 1:
      return rewriter.add(chain, operands, scope: vertex.scope)[0]
    case let operation as any ElementwiseOperator:
      return rewriter.add(operation, operands, scope: vertex.scope)[0]
    default:
      return nil
    }
  }
}
