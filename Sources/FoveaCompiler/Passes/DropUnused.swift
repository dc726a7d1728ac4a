import FoveaTensor

extension Pass {
  /// Removes what no output needs. Inputs stay: runs bind them by position.
  package static let dropUnused = Pass("drop-unused", because: "what nobody reads costs time") {
    graph in
    var needed = [Bool](repeating: false, count: graph.vertices.count)
    for output in graph.outputs { needed[output.vertex] = true }
    for index in graph.vertices.indices.reversed() where needed[index] {
      for operand in graph.vertices[index].operands { needed[operand.vertex] = true }
    }
    for input in graph.inputs { needed[input] = true }
    var moved = [Int](repeating: -1, count: graph.vertices.count)
    var result = Graph()
    for (index, vertex) in graph.vertices.enumerated() where needed[index] {
      moved[index] = result.vertices.count
      var kept = vertex
      kept.operands = vertex.operands.map { Graph.Value(moved[$0.vertex], $0.result) }
      if vertex.operation == nil { result.inputs.append(result.vertices.count) }
      result.vertices.append(kept)
    }
    result.outputs = graph.outputs.map { Graph.Value(moved[$0.vertex], $0.result) }
    return result
  }
}
