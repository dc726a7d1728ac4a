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

  /// Among the leaves, where each state is.
  var stateLeaves: [Int] {
    var place: [ObjectIdentifier: Int] = [:]
    for (index, leaf) in leaves.enumerated() { place[leaf.id] = index }
    return states.map { place[$0.node.id]! }
  }

  /// Whether two runs with the same values give the same results: nothing is drawn at random.
  package var isRepeatable: Bool { !order.contains { $0.operation is RandomNumbers } }

  /// Computes the results from other values of the leaves.
  package func results(from leaves: [Node]) throws -> [PlainValue] {
    try Engine.run(self, leaves).results
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
