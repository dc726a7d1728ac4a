import FoveaTensor

extension Pass {
  /// Runs batch normalisation together with the sum and the rectifier behind it, in training's both
  /// directions.
  package static let fuseNormalization = Pass(
    "fuse-normalization",
    because: "normalising, adding and rectifying read and write memory once instead of thrice"
  ) { graph in
    let matches = NormalizationMatches(graph)
    guard !matches.isEmpty else { return graph }
    return GraphRewriter.rewrite(graph) { rewriter, index, vertex, operands in
      if let forward = matches.forward[index] {
        let fused = FusedBatchNormalization(
          forward.normalization, activation: forward.activation,
          addsResidual: forward.residual != nil)
        return rewriter.add(
          fused, operands + (forward.residual.map { [rewriter.place(of: $0)] } ?? []),
          scope: vertex.scope)
      }
      // The fused vertex stands where the normalisation stood; what it has swallowed means it.
      if let normalization = matches.swallowed[index] {
        return [rewriter.place(of: Graph.Value(normalization))]
      }
      if let backward = matches.backward[index] {
        let fused = FusedBatchNormalizationGradient(
          backward.normalization, givesResidual: backward.givesResidual)
        let places = backward.operands.map { rewriter.place(of: $0) }
        let results = rewriter.add(fused, places, scope: backward.scope ?? vertex.scope)
        return backward.givesResidual ? [results[3], results[0], results[1], results[2]] : results
      }
      if let product = matches.gradients[index] {
        let shift = matches.backward[product]!.givesResidual ? 1 : 0
        return (0..<3).map { rewriter.place(of: Graph.Value(product, $0 + shift)) }
      }
      return nil
    }
  }
}

/// What of a graph belongs together.
private struct NormalizationMatches {
  struct Forward {
    let normalization: BatchNormalization
    var activation = FusedBatchNormalization.Activation.none
    var residual: Graph.Value?
  }

  struct Backward {
    let normalization: BatchNormalization
    /// `g`, `x`, `y`, `mean`, `variance` and `scale`.
    let operands: [Graph.Value]
    let givesResidual: Bool
    /// The layer of the normalisation.
    let scope: RecordingScope?
  }

  /// By the vertex of the normalisation.
  private(set) var forward: [Int: Forward] = [:]
  /// Sums and rectifiers that are part of the normalisation at the vertex named.
  private(set) var swallowed: [Int: Int] = [:]
  /// By the vertex of the product `g · step(y)`.
  private(set) var backward: [Int: Backward] = [:]
  /// Gradients of normalisations that are part of the product at the vertex named.
  private(set) var gradients: [Int: Int] = [:]

  private let graph: Graph
  private let readers: [Graph.Value: [Int]]
  private let outputs: Set<Graph.Value>

  var isEmpty: Bool { forward.isEmpty && backward.isEmpty }

  init(_ graph: Graph) {
    self.graph = graph
    var readers: [Graph.Value: [Int]] = [:]
    for (index, vertex) in graph.vertices.enumerated() {
      for operand in vertex.operands { readers[operand, default: []].append(index) }
    }
    self.readers = readers
    outputs = Set(graph.outputs)
    // From the back: of two normalisations that are added, the later one takes the sum, since the
    // other's result is there when it runs.
    for (index, vertex) in graph.vertices.enumerated().reversed() {
      if let normalization = vertex.operation as? BatchNormalization {
        matchForward(index, normalization)
      }
    }
    for (index, vertex) in graph.vertices.enumerated() {
      if let gradient = vertex.operation as? BatchNormalizationGradient {
        matchBackward(index, gradient.forward)
      }
    }
  }

  /// The one vertex that reads a value, if there is just one.
  private func onlyReader(_ value: Graph.Value) -> Int? {
    guard !outputs.contains(value), let all = readers[value], all.count == 1 else { return nil }
    return all[0]
  }

  private mutating func matchForward(_ index: Int, _ normalization: BatchNormalization) {
    var match = Forward(normalization: normalization)
    var end = Graph.Value(index)
    var inside: [Int] = []
    if let reader = onlyReader(end), let residual = residual(added: end, at: reader),
      residual.vertex < index, swallowed[reader] == nil
    {
      match.residual = residual
      end = Graph.Value(reader)
      inside.append(reader)
    }
    if let reader = onlyReader(end), graph.vertices[reader].operation as? Unary == Unary(.relu),
      swallowed[reader] == nil
    {
      match.activation = .relu
      inside.append(reader)
    }
    guard !inside.isEmpty else { return }
    forward[index] = match
    for vertex in inside { swallowed[vertex] = index }
  }

  /// What a vertex adds to `value`, if it is a sum of two tensors of one type.
  private func residual(added value: Graph.Value, at index: Int) -> Graph.Value? {
    let vertex = graph.vertices[index]
    guard vertex.operation as? Binary == Binary(.add) else { return nil }
    let other = vertex.operands[0] == value ? vertex.operands[1] : vertex.operands[0]
    return graph.type(of: other) == graph.type(of: value) ? other : nil
  }

  private mutating func matchBackward(_ index: Int, _ normalization: BatchNormalization) {
    let operands = graph.vertices[index].operands
    let product = operands[0].vertex
    guard backward[product] == nil, let (g, y) = masked(product),
      // The fused vertex stands where the product stood, so the other operands must be there.
      operands[1...].allSatisfy({ $0.vertex < product })
    else { return }
    backward[product] = Backward(
      normalization: normalization, operands: [g, operands[1], y] + operands[2...],
      givesResidual: onlyReader(operands[0]) == nil, scope: graph.vertices[index].scope)
    gradients[index] = product
  }

  /// `g` and `y` where a vertex is `g · step(y)`.
  private func masked(_ index: Int) -> (g: Graph.Value, y: Graph.Value)? {
    let vertex = graph.vertices[index]
    guard vertex.operation as? Binary == Binary(.multiply) else { return nil }
    for (g, step) in [(0, 1), (1, 0)].map({ (vertex.operands[$0], vertex.operands[$1]) }) {
      let source = graph.vertices[step.vertex]
      guard source.operation as? Unary == Unary(.step) else { continue }
      let y = source.operands[0]
      if graph.type(of: y) == graph.type(of: g) { return (g, y) }
    }
    return nil
  }
}
