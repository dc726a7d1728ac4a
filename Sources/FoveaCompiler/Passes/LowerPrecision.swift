package import FoveaTensor

extension Pass {
  /// Has convolutions and matrix products multiply numbers of fewer bits, and keeps what lies
  /// between them in as many.
  ///
  /// Sums that nothing narrow reads, such as gradients of weights, stay `float32`, and so do
  /// states, statistics, losses and the results of the graph.
  ///
  /// Micikevicius et al. *Mixed precision training*, 2018.
  package static func lowerPrecision(to elementType: ElementType) -> Pass {
    Pass(
      "lower-precision",
      because: "factors of half the bits are multiplied twice as fast and moved in half the time"
    ) { graph in
      var lowering = PrecisionLowering(graph, elementType)
      return GraphRewriter.rewrite(graph) { rewriter, index, vertex, operands in
        lowering.rewrite(index, vertex, operands, &rewriter)
      }
    }
  }
}

/// Puts casts where kinds of number meet. A cast is never undone by another: what is narrow is
/// remembered under the wide value it was made from, and the other way round.
private struct PrecisionLowering {
  private let narrowType: ElementType
  private let choice: PrecisionChoice
  private let graph: Graph
  /// By the value of the new graph.
  private var narrowed: [Graph.Value: Graph.Value] = [:]
  private var widened: [Graph.Value: Graph.Value] = [:]

  init(_ graph: Graph, _ elementType: ElementType) {
    self.graph = graph
    narrowType = elementType
    choice = PrecisionChoice(graph)
  }

  mutating func rewrite(
    _ index: Int, _ vertex: Graph.Vertex, _ operands: [Graph.Value],
    _ rewriter: inout GraphRewriter
  ) -> [Graph.Value] {
    let isNarrow = vertex.types.indices.contains { choice.narrow.contains(Graph.Value(index, $0)) }
    var (operation, places) = (vertex.operation!, operands)
    switch choice.roles[index] {
    case .product(let product):
      operation = product.giving(isNarrow ? narrowType : .float32)
      for position in places.indices {
        let isSum = product.addsLastOperand && position == places.count - 1
        let keeps = position > 1 && !(isSum && isNarrow)
        places[position] =
          keeps
          ? wide(places[position], vertex, position, &rewriter)
          : narrow(places[position], vertex.scope, &rewriter)
      }
    case .mover where isNarrow:
      for position in places.indices where isFloat(vertex.operands[position]) {
        places[position] = narrow(places[position], vertex.scope, &rewriter)
      }
    case .elementwise:
      for position in places.indices {
        places[position] = registers(places[position], vertex, position, &rewriter)
      }
      if operation is FrozenBatchNormalization, reads(narrow: operands[0], rewriter) {
        return frozen(vertex, places, &rewriter)
      }
    case .mover, .other:
      for position in places.indices {
        places[position] = wide(places[position], vertex, position, &rewriter)
      }
    }
    return rewriter.add(operation, places, scope: vertex.scope)
  }

  private func isFloat(_ source: Graph.Value) -> Bool {
    graph.type(of: source).elementType == .float32
  }

  private func reads(narrow place: Graph.Value, _ rewriter: GraphRewriter) -> Bool {
    narrowed[place] != nil || rewriter.target.type(of: place).elementType == narrowType
  }

  private mutating func narrow(
    _ place: Graph.Value, _ scope: RecordingScope?, _ rewriter: inout GraphRewriter
  ) -> Graph.Value {
    if rewriter.target.type(of: place).elementType == narrowType { return place }
    if let known = narrowed[place] { return known }
    let made = rewriter.add(Cast(to: narrowType), [place], scope: scope)[0]
    narrowed[place] = made
    return made
  }

  /// The operand as the source graph has it.
  private mutating func wide(
    _ place: Graph.Value, _ vertex: Graph.Vertex, _ position: Int,
    _ rewriter: inout GraphRewriter
  ) -> Graph.Value {
    guard isFloat(vertex.operands[position]),
      rewriter.target.type(of: place).elementType == narrowType
    else { return place }
    if let known = widened[place] { return known }
    let made = rewriter.add(Cast(to: .float32), [place], scope: vertex.scope)[0]
    widened[place] = made
    return made
  }

  /// The operand of an element-wise operator, which becomes part of a chain: the cast is its load,
  /// and each has its own, or a chain would write what another one wants to load.
  private mutating func registers(
    _ place: Graph.Value, _ vertex: Graph.Vertex, _ position: Int,
    _ rewriter: inout GraphRewriter
  ) -> Graph.Value {
    guard isFloat(vertex.operands[position]) else { return place }
    var source = place
    // What is in memory anyway is read from there.
    if rewriter.target.type(of: place).elementType != narrowType,
      choice.wanted.contains(vertex.operands[position]),
      case .elementwise = choice.roles[vertex.operands[position].vertex]
    {
      source = narrow(place, vertex.scope, &rewriter)
    }
    guard rewriter.target.type(of: source).elementType == narrowType else { return source }
    return rewriter.add(Cast(to: .float32), [source], scope: vertex.scope)[0]
  }

  /// A normalisation with given statistics as element-wise operators, which read and write what they
  /// are given in one chain with their neighbours.
  private func frozen(
    _ vertex: Graph.Vertex, _ places: [Graph.Value], _ rewriter: inout GraphRewriter
  ) -> [Graph.Value] {
    let norm = vertex.operation as! FrozenBatchNormalization
    func record(_ operation: any Operator, _ operands: Graph.Value...) -> Graph.Value {
      rewriter.add(operation, operands, scope: vertex.scope)[0]
    }
    let type = vertex.types[0]
    let column = Shape([type.shape[1]] + [Int](repeating: 1, count: type.rank - 2))
    let epsilon = record(Fill(norm.epsilon, TensorType([], .float32)))
    let deviation = record(
      Unary(.reciprocalSquareRoot), record(Binary(.add), places[4], epsilon))
    let factor = record(Binary(.multiply), places[1], deviation)
    let offset = record(
      Binary(.subtract), places[2], record(Binary(.multiply), places[3], factor))
    let scaled = record(Binary(.multiply), places[0], record(Reshape(to: column), factor))
    return [record(Binary(.add), scaled, record(Reshape(to: column), offset))]
  }
}
