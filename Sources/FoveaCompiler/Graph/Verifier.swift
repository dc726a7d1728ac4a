import FoveaTensor

/// Checks that a graph says what it seems to: operands before users, shape rules kept.
package enum Verifier {
  /// What is wrong with `graph`; nothing when all is well.
  package static func problems(of graph: Graph) -> [String] {
    var problems: [String] = []
    var inputs: [Int] = []
    for (index, vertex) in graph.vertices.enumerated() {
      let name = vertex.operation?.name ?? "input"
      guard
        vertex.operands.allSatisfy({ operand in
          operand.vertex < index && operand.vertex >= 0
            && graph.vertices[operand.vertex].types.indices.contains(operand.result)
        })
      else {
        problems.append("%\(index) \(name): an operand does not come before it")
        continue
      }
      guard let operation = vertex.operation else {
        inputs.append(index)
        if vertex.types.count != 1 { problems.append("%\(index): an input has one value") }
        continue
      }
      do {
        let types = try operation.types(of: vertex.operands.map { graph.type(of: $0) })
        if types != vertex.types {
          problems.append("%\(index) \(name): says \(vertex.types), its rule gives \(types)")
        }
      } catch { problems.append("%\(index) \(error)") }
    }
    if inputs != graph.inputs {
      problems.append("inputs \(graph.inputs) are listed, \(inputs) exist")
    }
    for output in graph.outputs
    where !graph.vertices.indices.contains(output.vertex)
      || !graph.vertices[output.vertex].types.indices.contains(output.result)
    {
      problems.append("output %\(output.vertex).\(output.result) does not exist")
    }
    return problems
  }
}
