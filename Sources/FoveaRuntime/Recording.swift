import FoveaCompiler
package import FoveaTensor

/// What a run needs to know of tensors that were recorded: worked out once, and good for as many runs
/// as wanted.
package struct Recording {
  /// Results that come back plain, then the next values of states.
  let outputs: [Tensor]
  let resultCount: Int
  let states: [Tensor]
  /// Every node that is needed, operands before users.
  let order: [Node]
  /// The nodes that have values.
  package let leaves: [Node]
  let signature: GraphSignature

  init(
    results: [Tensor], updates: [(state: Tensor, next: Tensor)], _ phases: inout EnginePhases
  ) {
    resultCount = results.count
    outputs = results + updates.map(\.next)
    states = updates.map(\.state)
    // The states come along even where the formulas do not need them, so that they have a place.
    order = topologicalOrder(of: outputs.map(\.node) + states.map(\.node))
    leaves = order.filter { $0.operation == nil }
    phases.mark(\.ordering)
    signature = GraphSignature(of: outputs + states, in: order)
    phases.mark(\.signing)
  }

  /// What computes `results`.
  package init(results: [Tensor]) {
    var phases = EnginePhases()
    self.init(results: results, updates: [], &phases)
  }

  /// What computes `results` and the next values of states.
  package init(results: [Tensor], updates: [(state: Tensor, next: Tensor)]) {
    var phases = EnginePhases()
    self.init(results: results, updates: updates, &phases)
  }

  /// Among the leaves, where each state is.
  package var stateLeaves: [Int] {
    var place: [ObjectIdentifier: Int] = [:]
    for (index, leaf) in leaves.enumerated() { place[leaf.id] = index }
    return states.map { place[$0.node.id]! }
  }

  /// Whether two runs with the same values give the same results: nothing is drawn at random.
  package var isRepeatable: Bool { !order.contains { $0.operation is RandomNumbers } }

  /// Computes the results from other values of the leaves.
  package func results(from leaves: [Node]) throws -> [PlainValue] {
    try values(from: leaves).results
  }

  /// Computes the results, and the next values of the states.
  package func values(
    from leaves: [Node]
  ) throws -> (results: [PlainValue], updates: [any StoredValue]) {
    try Engine.run(self, leaves)
  }
}

extension Recording {
  /// The same, recorded with leaves that hold no numbers: it keeps nothing else alive.
  package func withoutNumbers() -> Recording {
    var copies: [ObjectIdentifier: Node] = [:]
    copies.reserveCapacity(order.count)
    func copy(_ tensor: Tensor) -> Tensor { Tensor(copies[tensor.node.id]!, tensor.index) }
    var order: [Node] = []
    order.reserveCapacity(self.order.count)
    for node in self.order {
      let copied =
        node.operation == nil
        ? Node(leaf: Placeholder(node.types[0]), role: node.role)
        : Node(copying: node, operands: node.operands.map(copy))
      copies[node.id] = copied
      order.append(copied)
    }
    return Recording(self, outputs.map(copy), states.map(copy), order)
  }

  /// Another wording of the same.
  private init(_ other: Recording, _ outputs: [Tensor], _ states: [Tensor], _ order: [Node]) {
    self.outputs = outputs
    self.states = states
    self.order = order
    resultCount = other.resultCount
    leaves = order.filter { $0.operation == nil }
    signature = other.signature
  }
}

extension Tensor {
  /// A leaf to record with, in whose place every run has another one.
  package static func placeholder(_ type: TensorType) -> Tensor { Tensor(Placeholder(type)) }
}

private final class Placeholder: StoredValue {
  let type: TensorType

  init(_ type: TensorType) { self.type = type }

  func plain() -> PlainValue {
    fatalError("a tensor was looked at that only stands for others of type \(type)")
  }
}
