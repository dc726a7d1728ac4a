package import FoveaTensor

/// A recorded graph laid out as a list, operands before users: what passes read and write.
package struct Graph: Sendable {
  /// One result of one vertex.
  package struct Value: Hashable, Sendable {
    package var vertex: Int
    package var result: Int

    package init(_ vertex: Int, _ result: Int = 0) {
      self.vertex = vertex
      self.result = result
    }
  }

  package struct Vertex: Sendable {
    /// `nil` for an input.
    package var operation: (any Operator)?
    package var operands: [Value]
    package var types: [TensorType]
    /// What an input is to its owner.
    package var role: Node.Role
    /// The layer it was recorded in.
    package var scope: RecordingScope?

    package init(
      _ operation: (any Operator)?, _ operands: [Value], _ types: [TensorType],
      role: Node.Role = .data, scope: RecordingScope? = nil
    ) {
      self.operation = operation
      self.operands = operands
      self.types = types
      self.role = role
      self.scope = scope
    }
  }

  package var vertices: [Vertex] = []
  /// The vertices without an operation; runs bind their values in this order.
  package var inputs: [Int] = []
  package var outputs: [Value] = []

  package init() {}
}

extension Graph {
  /// The graph that `tensors` need. A node whose value is already known is an input, whatever it was
  /// recorded from.
  package init(of tensors: [Tensor], in order: [Node]) {
    var position: [ObjectIdentifier: Int] = [:]
    position.reserveCapacity(order.count)
    vertices.reserveCapacity(order.count)
    for node in order {
      position[node.id] = vertices.count
      if node.operation == nil { inputs.append(vertices.count) }
      let operands = node.operands.map { Value(position[$0.node.id]!, $0.index) }
      vertices.append(
        Vertex(node.operation, operands, node.types, role: node.role, scope: node.scope))
    }
    outputs = tensors.map { Value(position[$0.node.id]!, $0.index) }
  }

  package func type(of value: Value) -> TensorType { vertices[value.vertex].types[value.result] }

  /// How often each vertex's results are read, outputs of the graph included.
  package func useCounts() -> [Int] {
    var counts = [Int](repeating: 0, count: vertices.count)
    for vertex in vertices {
      for operand in vertex.operands { counts[operand.vertex] += 1 }
    }
    for output in outputs { counts[output.vertex] += 1 }
    return counts
  }

  /// Who reads each vertex.
  package func users() -> [[Int]] {
    var users = [[Int]](repeating: [], count: vertices.count)
    for (index, vertex) in vertices.enumerated() {
      for operand in vertex.operands where users[operand.vertex].last != index {
        users[operand.vertex].append(index)
      }
    }
    return users
  }

  /// Appends a vertex whose operands are already there.
  @discardableResult
  package mutating func append(
    _ operation: any Operator, _ operands: [Value], scope: RecordingScope?
  ) throws(ShapeError) -> Int {
    let types = try operation.types(of: operands.map { type(of: $0) })
    vertices.append(Vertex(operation, operands, types, scope: scope))
    return vertices.count - 1
  }
}

extension Graph {
  /// Computes the outputs with each operator's own meaning: what any pass must leave unchanged.
  package func interpreted(_ values: [HostArray]) -> [HostArray] {
    var results: [[HostArray]] = []
    var next = values.makeIterator()
    for vertex in vertices {
      if let operation = vertex.operation {
        let operands = vertex.operands.map { results[$0.vertex][$0.result] }
        results.append(Interpreter.results(of: operation, operands, types: vertex.types))
      } else {
        results.append([next.next()!])
      }
    }
    return outputs.map { results[$0.vertex][$0.result] }
  }
}
