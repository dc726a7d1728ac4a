import FoveaTensor

extension Pass {
  /// Takes a bias per channel, a residual sum and an activation into the convolution before them.
  package static let fuseEpilogue = Pass(
    "fuse-epilogue", because: "the convolution still has its result in registers"
  ) { graph in
    // One follower is taken in per round; a residual block has three.
    (0..<4).reduce(graph) { graph, _ in Pass.dropUnused.run(EpilogueFusion(graph).rewritten()) }
  }
}

private struct EpilogueFusion {
  let graph: Graph
  let uses: [Int]

  init(_ graph: Graph) {
    self.graph = graph
    uses = graph.useCounts()
  }

  func rewritten() -> Graph {
    GraphRewriter.rewrite(graph) { rewriter, index, vertex, operands in
      if let binary = vertex.operation as? Binary, binary.function == .add {
        for side in 0...1 {
          if let values = add(vertex, operands, convolution: side, &rewriter) { return values }
        }
      }
      if let x = gated(vertex), let fused = open(x, readers: 2) {
        return append(
          fused.adding(activation: .silu), [], after: rewriter.place(of: x), vertex, &rewriter)
      }
      if let activation = Activation(vertex.operation), let fused = open(vertex.operands[0]) {
        return append(
          fused.adding(activation: activation), [], after: operands[0], vertex, &rewriter)
      }
      return nil
    }
  }

  /// `x`, where a vertex is `x · sigmoid(x)`.
  private func gated(_ vertex: Graph.Vertex) -> Graph.Value? {
    guard let binary = vertex.operation as? Binary, binary.function == .multiply else { return nil }
    for side in 0...1 {
      let (x, other) = (vertex.operands[side], vertex.operands[1 - side].vertex)
      if graph.vertices[other].operation as? Unary == Unary(.sigmoid),
        graph.vertices[other].operands == [x], uses[other] == 1
      {
        return x
      }
    }
    return nil
  }

  /// The convolution that computes `value` for so many readers only and has no activation yet.
  private func open(_ value: Graph.Value, readers: Int = 1) -> FusedConvolution? {
    guard uses[value.vertex] == readers else { return nil }
    let operation = graph.vertices[value.vertex].operation
    if let plain = operation as? Convolution {
      return FusedConvolution(plain.geometry, result: plain.result)
    }
    guard let fused = operation as? FusedConvolution, fused.activation == .none else { return nil }
    return fused
  }

  private func add(
    _ vertex: Graph.Vertex, _ operands: [Graph.Value], convolution side: Int,
    _ rewriter: inout GraphRewriter
  ) -> [Graph.Value]? {
    let other = vertex.operands[1 - side]
    guard let fused = open(vertex.operands[side]),
      graph.type(of: vertex.operands[side]) == vertex.types[0]
    else { return nil }
    if !fused.hasBias, !fused.hasResidual, let bias = channelBias(other, vertex.types[0].shape) {
      return append(
        fused.adding(bias: true), [rewriter.place(of: bias)], after: operands[side], vertex,
        &rewriter)
    }
    // The residual must exist before the convolution runs, which its position says.
    if !fused.hasResidual, graph.type(of: other) == vertex.types[0], other != vertex.operands[side],
      graph.vertices[other.vertex].operation != nil
    {
      return append(
        fused.adding(residual: true), [operands[1 - side]], after: operands[side], vertex,
        &rewriter)
    }
    return nil
  }

  /// The `[C]` tensor that `value` is a `[1, C, 1…]` view of.
  private func channelBias(_ value: Graph.Value, _ shape: Shape) -> Graph.Value? {
    let vertex = graph.vertices[value.vertex]
    guard let reshape = vertex.operation as? Reshape else { return nil }
    let source = graph.type(of: vertex.operands[0]).shape
    let along = [shape[1]] + [Int](repeating: 1, count: shape.rank - 2)
    guard source == [shape[1]],
      reshape.target.extents == along || reshape.target.extents == [1] + along
    else { return nil }
    return vertex.operands[0]
  }

  private func append(
    _ fused: FusedConvolution, _ more: [Graph.Value], after convolution: Graph.Value,
    _ vertex: Graph.Vertex, _ rewriter: inout GraphRewriter
  ) -> [Graph.Value] {
    let producer = rewriter.target.vertices[convolution.vertex]
    // The work is the convolution's, and so is the name it goes by.
    return rewriter.add(
      fused, producer.operands + more, scope: producer.scope ?? vertex.scope)
  }
}

extension Activation {
  /// The activation that an element-wise operator is.
  init?(_ operation: (any Operator)?) {
    switch operation {
    case let clamp as Clamp: self = .clamp(clamp.lowest, clamp.highest)
    case let unary as Unary:
      switch unary.function {
      case .relu: self = .relu
      case .sigmoid: self = .sigmoid
      case .tanh: self = .tanh
      default: return nil
      }
    default: return nil
    }
  }
}
