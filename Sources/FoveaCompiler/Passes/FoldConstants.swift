import FoveaTensor

extension Pass {
  /// Computes what depends on constants alone, and leaves out sums with 0 and products with 1:
  /// recorded gradients are full of them.
  package static let foldConstants = Pass(
    "fold-constants", because: "what is known before the run need not be computed in it"
  ) { graph in
    GraphRewriter.rewrite(graph) { rewriter, _, vertex, operands in
      let known = operands.map { value in
        rewriter.target.vertices[value.vertex].operation as? Fill
      }
      if vertex.types.count == 1, !operands.isEmpty, known.allSatisfy({ $0 != nil }),
        let value = uniform(vertex, known.map { $0!.value })
      {
        return rewriter.add(Fill(value, vertex.types[0]), [], scope: vertex.scope)
      }
      if let binary = vertex.operation as? Binary,
        let side = neutral(binary.function, known.map { $0?.value }),
        rewriter.target.type(of: operands[side]) == vertex.types[0]
      {
        return [operands[side]]
      }
      return nil
    }
  }

  /// The one number a vertex gives everywhere when each operand is one number everywhere.
  private static func uniform(_ vertex: Graph.Vertex, _ x: [Double]) -> Double? {
    switch vertex.operation {
    case let operation as any ElementwiseOperator:
      return operation.element(x[0], x.count > 1 ? x[1] : 0, x.count > 2 ? x[2] : 0)
    case is Reshape, is Transpose, is Slice, is Reverse:
      return x[0]
    case is Concatenate:
      return x.allSatisfy { $0 == x[0] } ? x[0] : nil
    default:
      return nil
    }
  }

  /// The operand that a function gives back unchanged when the other one is this number.
  private static func neutral(_ function: Binary.Function, _ known: [Double?]) -> Int? {
    switch (function, known[0], known[1]) {
    case (.add, _, 0?), (.subtract, _, 0?): 0
    case (.multiply, _, 1?), (.divide, _, 1?), (.power, _, 1?): 0
    case (.add, 0?, _), (.multiply, 1?, _): 1
    default: nil
    }
  }
}
