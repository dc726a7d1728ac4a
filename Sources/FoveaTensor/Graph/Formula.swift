/// A graph that was recorded once and is used as one operator.
///
/// What every step of a loop says in the same words, such as an optimizer's rule, costs one node
/// each time instead of all that it consists of. A compiled plan has none: see `inline-formulas`.
package struct Formula: Decomposable {
  /// Shared by all who use it; what it says is compared, not who recorded it.
  private let body: Body

  /// Records what `body` makes of operands of the given types; `nil` when that needs leaves of its
  /// own, for the numbers they hold may differ the next time.
  package init?(
    of types: [TensorType], _ record: ([Tensor]) throws(ShapeError) -> [Tensor]
  ) throws(ShapeError) {
    var parameters: [Tensor] = []
    for (index, type) in types.enumerated() {
      parameters.append(try Tensor.recording(Parameter(index: index, type: type), []))
    }
    let results = try record(parameters)
    var places: [ObjectIdentifier: Int] = [:]
    for (index, parameter) in parameters.enumerated() { places[parameter.node.id] = index }
    var vertices: [Vertex] = []
    for node in topologicalOrder(of: results.map(\.node)) where places[node.id] == nil {
      guard let operation = node.operation else { return nil }
      places[node.id] = types.count + vertices.count
      let operands = node.operands.map { Place(value: places[$0.node.id]!, result: $0.index) }
      vertices.append(Vertex(operation: operation, operands: operands, types: node.types))
    }
    body = Body(
      parameters: types, vertices: vertices,
      results: results.map { Place(value: places[$0.node.id]!, result: $0.index) },
      types: results.map(\.type))
  }

  package func types(of operands: [TensorType]) throws(ShapeError) -> [TensorType] {
    try expect(operands, count: body.parameters.count)
    for (index, (operand, type)) in zip(operands, body.parameters).enumerated()
    where operand != type {
      throw ShapeError(name, "operand \(index + 1) must be \(type), got \(operand)")
    }
    return body.types
  }

  package func evaluate(_ operands: [HostArray], into results: inout [HostArray]) {
    results = unfolded(operands) { Interpreter.results(of: $0, $1, types: $2) }
  }

  package func decomposed(_ operands: [Tensor]) throws(ShapeError) -> [Tensor] {
    try unfolded(operands) { (operation, operands, _) throws(ShapeError) in
      try Tensor.recordingAll(operation, operands)
    }
  }

  package func gradients(
    _ cotangents: [Tensor?], operands: [Tensor], results: [Tensor]
  ) throws(ShapeError) -> [Tensor?] {
    try decomposedGradients(cotangents, operands: operands)
  }

  /// Goes through what was recorded, operands before users; `apply` gives the results of one
  /// operator.
  package func unfolded<Value, Failure: Error>(
    _ operands: [Value],
    _ apply: (any Operator, [Value], [TensorType]) throws(Failure) -> [Value]
  ) throws(Failure) -> [Value] {
    var values = operands.map { [$0] }
    values.reserveCapacity(operands.count + body.vertices.count)
    for vertex in body.vertices {
      let operands = vertex.operands.map { values[$0.value][$0.result] }
      values.append(try apply(vertex.operation, operands, vertex.types))
    }
    return body.results.map { values[$0.value][$0.result] }
  }

  package static func == (left: Formula, right: Formula) -> Bool {
    left.body === right.body || left.body.isEqual(to: right.body)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(body.hash) }
}

extension Formula {
  /// One result of a parameter or vertex; parameters come first.
  private struct Place: Hashable {
    let value: Int
    let result: Int
  }

  private struct Vertex {
    let operation: any Operator
    let operands: [Place]
    let types: [TensorType]
  }

  private final class Body: Sendable {
    let parameters: [TensorType]
    let vertices: [Vertex]
    let results: [Place]
    let types: [TensorType]
    let hash: Int

    init(parameters: [TensorType], vertices: [Vertex], results: [Place], types: [TensorType]) {
      self.parameters = parameters
      self.vertices = vertices
      self.results = results
      self.types = types
      var hasher = Hasher()
      hasher.combine(parameters)
      for vertex in vertices {
        hasher.combine(ObjectIdentifier(Swift.type(of: vertex.operation)))
        vertex.operation.hash(into: &hasher)
        hasher.combine(vertex.operands)
      }
      hasher.combine(results)
      hash = hasher.finalize()
    }

    func isEqual(to other: Body) -> Bool {
      parameters == other.parameters && results == other.results
        && vertices.count == other.vertices.count
        && zip(vertices, other.vertices).allSatisfy {
          $0.operands == $1.operands && $0.operation.isEqual(to: $1.operation)
        }
    }
  }

  /// Stands for an operand while the body is recorded.
  private struct Parameter: SingleResultOperator {
    let index: Int
    let type: TensorType

    func type(of operands: [TensorType]) throws(ShapeError) -> TensorType { type }

    func evaluate(_ operands: [HostArray], into result: inout HostArray) {
      preconditionFailure("a formula is recorded without numbers; its parameters have none")
    }
  }
}
