import CKernels
import FoveaCompiler
package import FoveaTensor
import Synchronization

/// Turns recorded graphs into numbers: the one edge between what is said and what is computed.
package enum Engine {
  /// Computes `results`, and the next value of every state in `updates`.
  ///
  /// - Parameters:
  ///   - results: tensors a person or program looks at; they come back plain.
  ///   - updates: leaves that hold a state and the tensors that replace them; the new values stay
  ///     in the layout that suits the plan.
  /// - Returns: values in the order of `results` and `updates`.
  package static func run(
    results: [Tensor], updates: [(state: Tensor, next: Tensor)] = [],
    observe: StepObserver? = nil
  ) throws -> (results: [PlainValue], updates: [any StoredValue]) {
    let outputs = results + updates.map(\.next)
    // The states come along even where the formulas do not need them, so that they have a place.
    let order = topologicalOrder(of: outputs.map(\.node) + updates.map(\.state.node))
    let leaves = order.filter { $0.operation == nil }
    let key = PlanKey(
      signature: GraphSignature(of: outputs + updates.map(\.state), in: order),
      resultCount: results.count)
    return try shared.withLock { state in
      fk_adopt_threads()
      let plan = try state.plan(key) {
        let plan = try compile(
          outputs, order, leaves, resultCount: results.count, states: updates.map(\.state))
        Diagnostics.show(plan)
        return plan
      }
      let arena = try state.arena(plan)
      let values = try plan.run(
        leaves, resultCount: results.count, arena: arena, observe: observe)
      return (values.results, values.updates)
    }
  }

  /// Plans run one at a time: they share the cores, the arena and the thread pool.
  private static let shared = Mutex(EngineState())

  private static func compile(
    _ outputs: [Tensor], _ order: [Node], _ leaves: [Node], resultCount: Int, states: [Tensor]
  ) throws -> Plan {
    let graph = Optimizations.run(Graph(of: outputs, in: order))
    var place: [ObjectIdentifier: Int] = [:]
    for (index, leaf) in leaves.enumerated() { place[leaf.id] = index }
    let layouts = leaves.map { leaf -> Layout? in
      if let value = leaf.values![0] as? EngineValue { return value.layout }
      return leaf.role == .state ? nil : .plain
    }
    return try Planner.plan(
      graph, inputLayouts: layouts, resultCount: resultCount,
      updates: states.map { place[$0.node.id]! })
  }

  /// The steps of a plan that are computed by their slow meaning; nothing is run.
  package static func fallbacks(
    results: [Tensor], updates: [(state: Tensor, next: Tensor)] = []
  ) throws -> [String] {
    let outputs = results + updates.map(\.next)
    let order = topologicalOrder(of: outputs.map(\.node) + updates.map(\.state.node))
    let plan = try compile(
      outputs, order, order.filter { $0.operation == nil }, resultCount: results.count,
      states: updates.map(\.state))
    return (plan.constantSteps + plan.steps).filter { $0.kernel == MeaningFallback.kernel }
      .map { "\($0.name) in \($0.scope?.path ?? "no layer")" }
  }
}

private struct PlanKey: Hashable {
  let signature: GraphSignature
  let resultCount: Int
}

private struct EngineState: ~Copyable, @unchecked Sendable {
  private var plans: [PlanKey: Plan] = [:]
  private var arena = PooledMemory(byteCount: 64)

  mutating func plan(_ key: PlanKey, _ make: () throws -> Plan) rethrows -> Plan {
    if let known = plans[key] { return known }
    let made = try make()
    plans[key] = made
    return made
  }

  /// The arena, grown to what the plan needs; all plans share it.
  mutating func arena(_ plan: Plan) throws -> UnsafeMutableRawPointer {
    if arena.byteCount < plan.memory.byteCount {
      try MemoryLimit.check(plan)
      arena = PooledMemory(byteCount: 64)
      arena = PooledMemory(byteCount: plan.memory.byteCount)
    }
    return arena.pointer
  }
}
