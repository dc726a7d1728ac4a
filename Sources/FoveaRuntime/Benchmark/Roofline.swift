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

  /// - Parameters:
  ///   - kernel: Winograd's algorithms need fewer multiplications: F(4×4, 3×3) a quarter, F(2×2, 3×3)
  ///     four ninths.
  ///   - kept: bytes of all that is there before a run. Where they do not fit into a cache together, a
  ///     step does not find its own there; what was made by the steps before it may still be near.
  package init(_ work: StepWork, kernel: String, keeping kept: Int, on machine: MachineSpeed) {
    let isNarrow = work.factors == .bfloat16 && machine.bfloat16 > 0
    let peak = isNarrow ? machine.bfloat16 : machine.float32
    let share = kernel.contains("wino_2x3") ? 4 / 9.0 : kernel.contains("wino") ? 0.25 : 1
    computing = peak > 0 ? 2 * Double(work.multiplyAdds) * share / peak : 0
    let made = work.byteCount - work.keptByteCount
    moving =
      machine.time(moving: work.keptByteCount, among: max(kept, work.byteCount))
      + machine.time(moving: made, among: work.byteCount)
  }

  /// What bounds a step that takes this long: overhead, where neither explains a quarter of it.
  package func bound(nanoseconds: Double) -> Bound {
    if nanoseconds > 4 * limit { return .overhead }
    return computing >= moving ? .compute : .memory
  }
}
