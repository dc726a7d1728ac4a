import FoveaTensor

/// How fast a step could be, and what would keep it from being faster.
///
/// Williams, Waterman, Patterson. *Roofline: an insightful visual performance model for multicore
/// architectures*, Communications of the ACM, 2009.
package struct Roofline: Sendable {
  /// What a step spends its time on.
  package enum Bound: String, CaseIterable, Sendable {
    /// Multiplying and adding.
    case compute
    /// Waiting for what it reads and writes.
    case memory
    /// Neither: starting threads, or a kernel that does not suit.
    case overhead
  }

  /// Nanoseconds of multiplying and adding at the speed of registers.
  package let computing: Double
  /// Nanoseconds of reading and writing everything once, from where so much can lie.
  package let moving: Double

  /// The least time, in nanoseconds.
  package var limit: Double { max(computing, moving) }

  package init(computing: Double, moving: Double) {
    self.computing = computing
    self.moving = moving
  }

  /// - Parameter kernel: Winograd's algorithm F(4×4, 3×3) needs a quarter of the multiplications.
  package init(_ work: StepWork, kernel: String, on machine: MachineSpeed) {
    let isNarrow = work.factors == .bfloat16 && machine.bfloat16 > 0
    let peak = isNarrow ? machine.bfloat16 : machine.float32
    let share = kernel.contains("wino") ? 0.25 : 1
    computing = peak > 0 ? 2 * Double(work.multiplyAdds) * share / peak : 0
    let level = machine.levels.first { work.byteCount <= $0.byteCount }
    moving = level.map { $0.speed > 0 ? Double(work.byteCount) / $0.speed : 0 } ?? 0
  }

  /// What bounds a step that takes this long: overhead, where neither explains a quarter of it.
  package func bound(nanoseconds: Double) -> Bound {
    if nanoseconds > 4 * limit { return .overhead }
    return computing >= moving ? .compute : .memory
  }
}
