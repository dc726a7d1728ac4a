import FoveaTensor

/// Which values of a graph are kept with fewer bits.
struct PrecisionChoice {
  /// What a vertex does with its operands, as far as their bits are concerned.
  enum Role {
    /// Multiplies and sums.
    case product(any Product)
    /// Leaves numbers what they are.
    case mover
    /// Computes in registers, whatever the kind of number in memory.
    case elementwise
    /// Needs all bits.
    case other
  }

  let roles: [Role]
  /// Values that are made with fewer bits in the first place.
  private(set) var narrow: Set<Graph.Value> = []
  /// Values that a product, or a mover that keeps up with one, reads.
  private(set) var wanted: Set<Graph.Value> = []

  init(_ graph: Graph) {
    roles = graph.vertices.map { PrecisionChoice.role($0, graph) }
    let flowing = collectWishes(graph)
    let outputs = Set(graph.outputs)
    for (index, vertex) in graph.vertices.enumerated() {
      let results = PrecisionChoice.wide(
        vertex.types.indices.map { Graph.Value(index, $0) }, graph)
      guard results.contains(where: { wanted.contains($0) || flowing.contains($0) }),
        !results.contains(where: { outputs.contains($0) })
      else { continue }
      switch roles[index] {
      case .product: narrow.formUnion(results)
      case .mover:
        let operands = PrecisionChoice.wide(vertex.operands, graph)
        if operands.allSatisfy({ isAtHand($0) }) { narrow.formUnion(results) }
      case .elementwise, .other: break
      }
    }
  }

  /// Whether a value exists with fewer bits without a pass over memory.
  private func isAtHand(_ value: Graph.Value) -> Bool {
    if narrow.contains(value) { return true }
    if case .elementwise = roles[value.vertex] { return wanted.contains(value) }
    return false
  }

  /// Goes from the products back to what makes their factors; gives the values that reach a product
  /// through element-wise operators alone.
  private mutating func collectWishes(_ graph: Graph) -> Set<Graph.Value> {
    var flowing: Set<Graph.Value> = []
    for (index, vertex) in graph.vertices.enumerated().reversed() {
      let results = vertex.types.indices.map { Graph.Value(index, $0) }
      let isWanted = results.contains { wanted.contains($0) }
      let isFlowing = results.contains { flowing.contains($0) }
      let operands = PrecisionChoice.wide(vertex.operands, graph)
      switch roles[index] {
      case .product(let product):
        wanted.formUnion(vertex.operands[..<2])
        if product.addsLastOperand, isWanted || isFlowing {
          wanted.insert(vertex.operands[vertex.operands.count - 1])
        }
      case .mover:
        if isWanted { wanted.formUnion(operands) }
        if isFlowing { flowing.formUnion(operands) }
      case .elementwise:
        if isWanted || isFlowing { flowing.formUnion(operands) }
      case .other: break
      }
    }
    return flowing
  }

  /// Those of the values that have bits to lose.
  private static func wide(_ values: [Graph.Value], _ graph: Graph) -> [Graph.Value] {
    values.filter { graph.type(of: $0).elementType == .float32 }
  }

  private static func role(_ vertex: Graph.Vertex, _ graph: Graph) -> Role {
    let types = vertex.operands.map { graph.type(of: $0) }
    guard let operation = vertex.operation, types.contains(where: { $0.elementType == .float32 })
    else { return .other }
    if let product = operation as? any Product {
      let factors = types[..<2].allSatisfy { $0.elementType == .float32 }
      return factors && vertex.types[0].elementType == .float32 ? .product(product) : .other
    }
    if let mover = operation as? any Mover, mover.moves(types) { return .mover }
    return operation is any ElementwiseOperator || operation is FrozenBatchNormalization
      ? .elementwise : .other
  }
}
