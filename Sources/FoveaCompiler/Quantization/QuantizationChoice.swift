import FoveaTensor

/// Which products of a graph multiply bytes, and which values are kept in bytes.
///
/// It follows from the graph alone, and neither from the number of images nor from their size: what
/// is measured under one batch holds for another.
package struct QuantizationChoice {
  /// What a vertex does with its operands, as far as bytes are concerned.
  enum Role {
    /// Multiplies an image with a filter that is known before the image is.
    case convolution(FusedConvolution)
    /// The same without pixels: a row of numbers with a matrix `[out, in]`.
    case linear
    /// Leaves bytes what they are.
    case mover
    /// Needs real numbers.
    case other
  }

  let roles: [Role]
  /// Real values that a product wants in bytes, in the order of the graph: what a calibration measures.
  package let values: [Graph.Value]
  /// Those among them that are made in bytes in the first place.
  let narrow: Set<Graph.Value>
  /// What the products are, in words: one line each.
  package let products: [String]

  package init(_ graph: Graph) {
    let isFixed = QuantizationChoice.fixed(graph)
    let roles = graph.vertices.map { QuantizationChoice.role($0, graph, isFixed) }
    self.roles = roles
    let wanted = QuantizationChoice.wanted(graph, roles)
    values = wanted.sorted { ($0.vertex, $0.result) < ($1.vertex, $1.result) }
    narrow = QuantizationChoice.narrow(graph, roles, wanted)
    products = graph.vertices.indices.compactMap { index in
      let vertex = graph.vertices[index]
      switch roles[index] {
      case .convolution(let fused):
        let geometry = fused.geometry
        return "\(fused.name) \(graph.type(of: vertex.operands[1]).shape) stride "
          + "\(geometry.stride.list) dilation \(geometry.dilation.list) low \(geometry.low.list) "
          + "high \(geometry.high.list) groups \(geometry.groups)"
      case .linear: return "linear \(graph.type(of: vertex.operands[1]).shape)"
      case .mover, .other: return nil
      }
    }
  }

  /// What follows from states alone.
  private static func fixed(_ graph: Graph) -> [Bool] {
    var isFixed: [Bool] = []
    for vertex in graph.vertices {
      isFixed.append(
        vertex.operation == nil
          ? vertex.role == .state : vertex.operands.allSatisfy { isFixed[$0.vertex] })
    }
    return isFixed
  }

  private static func role(_ vertex: Graph.Vertex, _ graph: Graph, _ isFixed: [Bool]) -> Role {
    guard let operation = vertex.operation, let first = vertex.operands.first,
      graph.type(of: first).elementType == .float32, !isFixed[first.vertex]
    else { return .other }
    if let fused = FusedConvolution(whole: operation) {
      let (image, filter) = (graph.type(of: first).shape, vertex.operands[1])
      let groups = fused.geometry.groups
      // Groups of several channels have no kernels for bytes.
      let isFast = groups == 1 || (groups == image[1] && groups == vertex.types[0].shape[1])
      return isFixed[filter.vertex] && isFast && vertex.types[0].elementType == .float32
        ? .convolution(fused) : .other
    }
    if operation as? MatrixProduct == MatrixProduct(transposesRight: true),
      isFixed[vertex.operands[1].vertex]
    {
      let shapes = vertex.operands.map { graph.type(of: $0).shape }
      return shapes[0].rank == 2 && shapes[1].rank == 2 && shapes[1].count >= smallestMatrix
        ? .linear : .other
    }
    return movesBytes(operation) ? .mover : .other
  }

  /// Fewer weights are no work, and the last ones tell classes apart.
  private static let smallestMatrix = 1 << 16

  /// Whether an operator moves numbers or chooses among them, and adds at most zeros.
  private static func movesBytes(_ operation: any Operator) -> Bool {
    switch operation {
    case is MaxPool, is Concatenate, is Reshape, is Slice, is Transpose, is Reverse: true
    case let pad as Pad: pad.surroundings == .constant(0)
    default: false
    }
  }

  /// Goes from the products back to what makes their images.
  private static func wanted(_ graph: Graph, _ roles: [Role]) -> Set<Graph.Value> {
    var wanted: Set<Graph.Value> = []
    for (index, vertex) in graph.vertices.enumerated().reversed() {
      let isWanted = wanted.contains(Graph.Value(index))
      switch roles[index] {
      case .convolution(let fused):
        wanted.insert(vertex.operands[0])
        // Bytes are added to bytes.
        if isWanted, fused.hasResidual, !graph.outputs.contains(Graph.Value(index)) {
          wanted.insert(vertex.operands[vertex.operands.count - 1])
        }
      case .linear: wanted.insert(vertex.operands[0])
      case .mover: if isWanted { wanted.formUnion(vertex.operands) }
      case .other: break
      }
    }
    return wanted
  }

  private static func narrow(
    _ graph: Graph, _ roles: [Role], _ wanted: Set<Graph.Value>
  ) -> Set<Graph.Value> {
    var narrow: Set<Graph.Value> = []
    let outputs = Set(graph.outputs)
    for (index, vertex) in graph.vertices.enumerated() {
      let value = Graph.Value(index)
      guard wanted.contains(value), !outputs.contains(value) else { continue }
      switch roles[index] {
      case .convolution: narrow.insert(value)
      // One part that is there in bytes is reason enough to bring in the others.
      case .mover: if vertex.operands.contains(where: narrow.contains) { narrow.insert(value) }
      case .linear, .other: break
      }
    }
    return narrow
  }
}

extension FusedConvolution {
  /// A convolution with or without an epilogue.
  init?(whole operation: any Operator) {
    if let fused = operation as? FusedConvolution {
      self = fused
    } else if let plain = operation as? Convolution {
      self.init(plain.geometry, result: plain.result)
    } else {
      return nil
    }
  }
}
