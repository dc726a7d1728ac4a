import FoveaTensor

/// The part of a graph in which every image of a batch goes its own way.
struct BatchRegion {
  /// Images in the batch.
  let batch: Int
  /// Vertices that can be computed for some images alone, in order.
  private(set) var members: [Int] = []
  /// By vertex, its place among the members.
  private(set) var position: [Int: Int] = [:]
  /// Vertices whose results have the batch as their first axis, inputs among them.
  private(set) var isBatched: [Bool]

  /// `nil` when no input is a batch of several images.
  init?(_ graph: Graph) {
    let images = graph.inputs.filter {
      graph.vertices[$0].role == .data && graph.vertices[$0].types[0].rank >= 3
    }
    guard let first = images.first, graph.vertices[first].types[0].shape[0] > 1 else { return nil }
    batch = graph.vertices[first].types[0].shape[0]
    isBatched = [Bool](repeating: false, count: graph.vertices.count)
    /// What mixes images, and all that follows from it.
    var isBeyond = isBatched
    for input in images where graph.vertices[input].types[0].shape[0] == batch {
      isBatched[input] = true
    }
    for (index, vertex) in graph.vertices.enumerated() where vertex.operation != nil {
      if vertex.operands.contains(where: { isBeyond[$0.vertex] }) {
        isBeyond[index] = true
      } else if vertex.operands.contains(where: { isBatched[$0.vertex] }) {
        if rebatched(vertex, of: graph, to: 1) == nil {
          isBeyond[index] = true
        } else {
          isBatched[index] = true
          position[index] = members.count
          members.append(index)
        }
      }
    }
  }

  /// The operator for some images alone; `nil` when they depend on the others.
  func rebatched(_ vertex: Graph.Vertex, of graph: Graph, to count: Int) -> (any Operator)? {
    let operands = vertex.operands.map {
      BatchOperand(type: graph.type(of: $0), isBatched: isBatched[$0.vertex])
    }
    guard let operation = vertex.operation as? any Batchwise,
      let part = operation.rebatched(operands, to: count),
      vertex.types.allSatisfy({ $0.rank > 0 && $0.shape[0] == batch })
    else { return nil }
    // The rule of its shape has the last word.
    let types = try? part.types(
      of: operands.map { $0.isBatched ? $0.type.rebatched(to: count) : $0.type })
    return types == vertex.types.map { $0.rebatched(to: count) } ? part : nil
  }
}

extension TensorType {
  /// The same with another first extent.
  fileprivate func rebatched(to count: Int) -> TensorType {
    var part = self
    part.shape[0] = count
    return part
  }
}
