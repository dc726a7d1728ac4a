package import FoveaTensor

/// A state on its way from one value to the next.
///
/// Holds the leaf alone, when nobody else kept the old value: then whoever computes `next` may take
/// the graph, let go of it, and write the new value over the old one.
package final class StateUpdate {
  /// The leaf that holds the present value. It stays here until the new value is there, so that a
  /// refused run loses nothing.
  package var state: Tensor
  /// The value to come; taken by the one who computes it.
  package var next: Tensor?

  package init(_ state: Tensor, becomes next: Tensor) {
    self.state = state
    self.next = next
  }

  /// The value to come, which is then held by the caller alone.
  package func takeNext() -> Tensor {
    guard let taken = next else { fatalError("a state update is computed once") }
    next = nil
    return taken
  }
}

extension Engine {
  /// Computes `results` and the next value of every state in `updates`, which may be written over
  /// its present one.
  ///
  /// When this throws, every state is what it was.
  package static func run(
    results: consuming [Tensor], updates: [StateUpdate]
  ) throws -> (results: [PlainValue], updates: [any StoredValue]) {
    var run = PreparedRun(phases: EnginePhases(), observe: nil)
    var recording: Recording? = Recording(
      results: consume results, updates: updates.map { (state: $0.state, next: $0.takeNext()) },
      &run.phases)
    let (resultCount, places) = (recording!.resultCount, recording!.stateLeaves)
    var leaves = recording!.leaves
    let plan = try prepare(recording!, leaves, &run)
    // From here on the plan knows everything, and nobody holds the states for the graph's sake.
    recording = nil
    for place in places { leaves[place] = standIn }
    var owned: Set<Int> = []
    for (update, place) in zip(updates, places) where update.state.isSoleHolder() {
      owned.insert(place)
    }
    for (update, place) in zip(updates, places) { leaves[place] = update.state.node }
    return try compute(plan, leaves, resultCount: resultCount, owned: owned, run)
  }

  private static let standIn = Tensor.placeholder(TensorType([], .float32)).node
}
