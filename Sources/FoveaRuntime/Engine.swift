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
    var phases = EnginePhases()
    let outputs = results + updates.map(\.next)
    // The states come along even where the formulas do not need them, so that they have a place.
    let order = topologicalOrder(of: outputs.map(\.node) + updates.map(\.state.node))
    let leaves = order.filter { $0.operation == nil }
    phases.mark(\.ordering)
    let key = PlanKey(
      signature: GraphSignature(of: outputs + updates.map(\.state), in: order),
      resultCount: results.count, threadCount: Threads.count, policy: .current)
    phases.mark(\.signing)
    return try shared.withLock { state in
      fk_adopt_threads()
      let plan = try state.plan(key) {
        let plan = try compile(
          outputs, order, leaves, resultCount: results.count, states: updates.map(\.state))
        Diagnostics.show(plan)
        return plan
      }
      try MemoryLimit.check(plan, isGrowing: plan.memory.byteCount > state.arena.byteCount)
      let arena = state.arena.grown(to: plan.memory.byteCount)
      phases.mark(\.planning)
      let observer = observe ?? (Diagnostics.timesSteps ? StepObserver() : nil)
      let values = try plan.run(
        leaves, resultCount: results.count, arena: arena, observe: observer)
      if observe == nil, let observer { StepTimings.shared.add(observer, of: plan) }
      phases.mark(\.running)
      state.phases = phases
      return (values.results, values.updates)
    }
  }

  /// Where the time of the last run went.
  package static var lastPhases: EnginePhases { shared.withLock { $0.phases } }

  /// The kernels of every plan made so far.
  static var kernelChoices: KernelChoices { shared.withLock { $0.kernelChoices } }

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
    let plan = try Planner.plan(
      graph, inputLayouts: layouts, resultCount: resultCount,
      updates: states.map { place[$0.node.id]! })
    KernelCache.shared.save()
    return plan
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
  /// Primitives are compiled for a number of threads.
  let threadCount: Int
  let policy: KernelPolicy
}

private struct EngineState: ~Copyable, @unchecked Sendable {
  var phases = EnginePhases()
  private var plans: [PlanKey: Plan] = [:]
  /// Where the plans' intermediates lie; one plan runs at a time, so all share it.
  var arena = Arena()

  var kernelChoices: KernelChoices {
    plans.values.reduce(KernelChoices()) { $0.merged(with: $1.kernelChoices) }
  }

  mutating func plan(_ key: PlanKey, _ make: () throws -> Plan) rethrows -> Plan {
    if let known = plans[key] { return known }
    let made = try make()
    // Graphs of ever new shapes would otherwise stay for ever, with the constants they hold.
    if plans.count >= 256 { plans.removeAll() }
    plans[key] = made
    return made
  }
}
