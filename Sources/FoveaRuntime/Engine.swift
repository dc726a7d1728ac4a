import CKernels
import Foundation
import FoveaCompiler
package import FoveaTensor

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
    let recording = Recording(results: results, updates: updates, &phases)
    return try run(recording, recording.leaves, owned: [], phases, observe)
  }

  /// Computes what was recorded from the values of `leaves`, which stand for the recording's own.
  ///
  /// - Parameter owned: the leaves whose values nobody else holds: they may be written over.
  static func run(
    _ recording: Recording, _ leaves: [Node], owned: Set<Int> = [],
    _ phases: EnginePhases = EnginePhases(), _ observe: StepObserver? = nil
  ) throws -> (results: [PlainValue], updates: [any StoredValue]) {
    var run = PreparedRun(phases: phases, observe: observe)
    let plan = try prepare(recording, leaves, &run)
    return try compute(plan, leaves, resultCount: recording.resultCount, owned: owned, run)
  }

  /// The plan of what was recorded, which is made if there is none.
  static func prepare(
    _ recording: Recording, _ leaves: [Node], _ run: inout PreparedRun
  ) throws -> Plan {
    let key = PlanKey(
      signature: recording.signature, resultCount: recording.resultCount,
      threadCount: Threads.count, policy: .current, precision: .current)
    let plan = try shared.withLock { state in
      fk_adopt_threads()
      var making = state.making
      defer { state.making = making }
      return try state.plan(key) { arena in
        try fitting(recording, arena: arena) { savingMemory in
          let start = DispatchTime.now().uptimeNanoseconds
          let plan = try compile(recording, leaves, savingMemory: savingMemory)
          plan.scopes = recording.order.map(\.scope)
          making.add(plan, nanoseconds: DispatchTime.now().uptimeNanoseconds - start)
          Diagnostics.show(plan)
          return plan
        }
      }
    }
    if run.observe == nil {
      run.observe = StepObserver.current ?? (Diagnostics.showsTimings ? StepObserver() : nil)
    }
    run.observe?.follow(plan, recordedAs: recording.order)
    run.phases.mark(\.planning)
    return plan
  }

  /// Runs a plan that was prepared.
  static func compute(
    _ plan: Plan, _ leaves: [Node], resultCount: Int, owned: Set<Int>, _ run: PreparedRun
  ) throws -> (results: [PlainValue], updates: [any StoredValue]) {
    var (phases, observe) = (run.phases, run.observe)
    return try shared.withLock { state in
      fk_adopt_threads()
      let arena = state.arena.grown(to: plan.memory.byteCount)
      let values = try plan.run(
        leaves, resultCount: resultCount, owned: owned, arena: arena, observe: observe)
      if Diagnostics.showsTimings, let observe { StepTimings.add(observe.entries) }
      phases.mark(\.running)
      state.phases = phases
      state.plannedByteCount = plan.plannedByteCount
      return (values.results, values.updates)
    }
  }

  /// What a calibration measures in a graph: the values that 8 bits would hold.
  static func observe(
    _ results: [Tensor]
  ) throws -> (choice: QuantizationChoice, values: [PlainValue]) {
    let recording = Recording(results: results)
    let leaves = recording.leaves
    let (graph, choice) = Optimizations.observing(
      Graph(of: recording.outputs, in: recording.order))
    let key = PlanKey(
      signature: recording.signature, resultCount: graph.outputs.count,
      threadCount: Threads.count, policy: .current, precision: .float32, isObserving: true)
    return try shared.withLock { state in
      fk_adopt_threads()
      let plan = try state.plan(key) { _ in
        try Planner.plan(
          graph, inputLayouts: leaves.map(layout), resultCount: graph.outputs.count, updates: [])
      }
      let arena = state.arena.grown(to: plan.memory.byteCount)
      let values = try plan.run(
        leaves, resultCount: graph.outputs.count, arena: arena, observe: nil)
      return (choice, values.results)
    }
  }

  /// Gives back what plans for calibrations hold: a network is measured once.
  static func forgetObservations() { shared.withLock { $0.forgetObservations() } }

  /// Where the time of the last run went.
  package static var lastPhases: EnginePhases { shared.withLock { $0.phases } }

  /// What making plans has cost so far.
  package static var planMaking: PlanMaking { shared.withLock { $0.making } }

  /// How many plans are remembered, and the bytes of the arena they share.
  static var remembered: (plans: Int, arena: Int) {
    shared.withLock { ($0.planCount, $0.arena.byteCount) }
  }

  /// Bytes the plan that ran last was to need.
  static var lastPlannedByteCount: Int { shared.withLock { $0.plannedByteCount } }

  /// The kernels of every plan made so far.
  static var kernelChoices: KernelChoices { shared.withLock { $0.kernelChoices } }

  /// Plans run one at a time: they share the cores, the arena and the thread pool.
  private static let shared = Guarded(EngineState())

  /// A plan that fits in memory, if there is one: what is fastest, else what computes cheap things
  /// again, else the same with kernels of the fixed table, which is what promises are made of. Where
  /// nothing fits, the one that needs least.
  ///
  /// - Parameter arena: bytes for intermediates that the process already has.
  private static func fitting(
    _ recording: Recording, arena: Int, _ make: (Bool) throws -> Plan
  ) throws -> Plan {
    let current = KernelPolicy.current
    var fixed = current
    fixed.tuning = .off
    var least: Plan?
    func fitting(_ policy: KernelPolicy, savingMemory: Bool) throws -> Plan? {
      let plan = try KernelPolicy.with(policy) { try make(savingMemory) }
      if plan.plannedByteCount < least?.plannedByteCount ?? .max { least = plan }
      return MemoryLimit.allows(plan, arena: arena) ? plan : nil
    }
    func frugal(_ policy: KernelPolicy) throws -> Plan? {
      try fitting(policy, savingMemory: false) ?? fitting(policy, savingMemory: true)
    }
    let tuner = ConvolutionTuner(current, runsOften: !recording.states.isEmpty)
    if tuner.isMeasuring, MemoryLimit.isTight(for: recording.order) {
      // Measuring what cannot run would take long, and memory.
      guard try frugal(fixed) != nil else { return least! }
    }
    if let plan = try frugal(current) { return plan }
    return try (current == fixed ? nil : frugal(fixed)) ?? least!
  }

  private static func compile(
    _ recording: Recording, _ leaves: [Node], savingMemory: Bool
  ) throws -> Plan {
    let graph = try Optimizations.run(
      Graph(of: recording.outputs, in: recording.order), isInference: recording.states.isEmpty,
      savingMemory: savingMemory)
    let plan = try Planner.plan(
      graph, inputLayouts: leaves.map(layout), resultCount: recording.resultCount,
      updates: recording.stateLeaves)
    KernelCache.shared.save()
    return plan
  }

  /// The layout a leaf comes in; `nil` where a plain state may choose.
  private static func layout(_ leaf: Node) -> Layout? {
    if let value = leaf.values![0] as? EngineValue { return value.layout }
    return leaf.role == .state ? nil : .plain
  }

  /// The steps of a plan that are computed by their slow meaning; nothing is run.
  package static func fallbacks(
    results: [Tensor], updates: [(state: Tensor, next: Tensor)] = []
  ) throws -> [String] {
    let plan = try plan(results: results, updates: updates)
    return (plan.constantSteps + plan.steps).filter { $0.kernel == MeaningFallback.kernel }
      .map { "\($0.name) in \($0.scope?.path ?? "no layer")" }
  }

  /// Bytes a run would need; nothing is run.
  package static func plannedByteCount(
    results: [Tensor], updates: [(state: Tensor, next: Tensor)] = [], savingMemory: Bool = false
  ) throws -> Int {
    try plan(results: results, updates: updates, savingMemory: savingMemory).plannedByteCount
  }

  /// Bytes a run would need; where that is more than `limit`, of a plan that saves memory.
  package static func plannedByteCount(
    results: [Tensor], updates: [(state: Tensor, next: Tensor)], within limit: Int
  ) throws -> Int {
    let needed = try plannedByteCount(results: results, updates: updates)
    guard needed > limit else { return needed }
    return min(
      needed, try plannedByteCount(results: results, updates: updates, savingMemory: true))
  }

  private static func plan(
    results: [Tensor], updates: [(state: Tensor, next: Tensor)], savingMemory: Bool = false
  ) throws -> Plan {
    var phases = EnginePhases()
    let recording = Recording(results: results, updates: updates, &phases)
    return try compile(recording, recording.leaves, savingMemory: savingMemory)
  }
}

/// What goes along with a run from its preparation to its end.
struct PreparedRun {
  var phases: EnginePhases
  var observe: StepObserver?
}

private struct PlanKey: Hashable {
  let signature: GraphSignature
  let resultCount: Int
  /// Primitives are compiled for a number of threads.
  let threadCount: Int
  let policy: KernelPolicy
  let precision: Precision
  /// Whether it shows what a calibration measures, and not what was asked for.
  var isObserving = false
}

private struct EngineState: ~Copyable, @unchecked Sendable {
  var phases = EnginePhases()
  var plannedByteCount = 0
  var making = PlanMaking()
  private var plans: [PlanKey: Plan] = [:]
  /// Where the plans' intermediates lie; one plan runs at a time, so all share it.
  var arena = Arena()

  var planCount: Int { plans.count }

  var kernelChoices: KernelChoices {
    plans.values.reduce(KernelChoices()) { $0.merged(with: $1.kernelChoices) }
  }

  /// The plan that is known under `key`, or the one that is made; what does not fit is refused.
  mutating func plan(
    _ key: PlanKey, _ make: (_ arena: Int) throws -> Plan
  ) throws -> Plan {
    let arena = arena.byteCount
    if let known = plans[key], MemoryLimit.allows(known, arena: arena) { return known }
    let made = try make(arena)
    try MemoryLimit.check(made, arena: arena)
    // Graphs of ever new shapes would otherwise stay for ever, with the constants they hold.
    if plans.count >= 256 { plans.removeAll() }
    plans[key] = made
    return made
  }

  mutating func forgetObservations() { plans = plans.filter { !$0.key.isObserving } }
}
