/// What making plans has cost a process.
package struct PlanMaking: Sendable {
  /// How many plans were made.
  package private(set) var count = 0
  /// Seconds from graphs to plans, measuring kernels included.
  package private(set) var seconds = 0.0
  /// Seconds of these in which kernels were measured.
  package private(set) var tuningSeconds = 0.0

  mutating func add(_ plan: Plan, nanoseconds: UInt64) {
    count += 1
    seconds += Double(nanoseconds) / 1e9
    tuningSeconds += Double(plan.tuningNanoseconds) / 1e9
  }
}
