import Foundation
import Synchronization

/// What the steps of every plan took on average, for `FOVEA_SHOW=timings`.
final class StepTimings: Sendable {
  /// Written to standard error when the program ends.
  static let shared: StepTimings = {
    atexit { StepTimings.shared.report().forEach(Diagnostics.write) }
    return StepTimings()
  }()

  /// Most programs' time is in few steps.
  private static let rowCount = 40

  private struct PlanTimes {
    var runCount = 0
    var steps: [StepObserver.Entry] = []
  }

  private let plans = Mutex<[ObjectIdentifier: PlanTimes]>([:])

  /// Adds a run; the first of a plan, which meets cold caches, counts only as long as it is alone.
  func add(_ observer: StepObserver, of plan: Plan) {
    plans.withLock { plans in
      var times = plans[ObjectIdentifier(plan)] ?? PlanTimes()
      // Another plan may come to lie where a forgotten one lay.
      if times.steps.count != observer.entries.count { times.runCount = 0 }
      times.runCount += 1
      if times.runCount <= 2 {
        times.steps = observer.entries
      } else {
        for index in times.steps.indices {
          times.steps[index].nanoseconds += observer.entries[index].nanoseconds
        }
      }
      plans[ObjectIdentifier(plan)] = times
    }
  }

  /// A table per plan, the slowest plan first, its slowest steps first.
  func report() -> [String] {
    plans.withLock { plans in
      plans.values.sorted { total($0) > total($1) }.map(table)
    }
  }

  private func total(_ times: PlanTimes) -> UInt64 {
    times.steps.reduce(0) { $0 + $1.nanoseconds }
  }

  private func table(_ times: PlanTimes) -> String {
    let runs = Double(max(1, times.runCount - 1))
    let all = Double(max(1, total(times)))
    var lines = [
      "\(times.steps.count) steps, \(times.runCount) runs, "
        + "\(milliseconds(all / runs)) ms each"
    ]
    let slowest = times.steps.sorted { $0.nanoseconds > $1.nanoseconds }
    for step in slowest.prefix(StepTimings.rowCount) {
      let spent = Double(step.nanoseconds)
      let layer = step.layer.isEmpty ? "" : "   # \(step.layer)"
      lines.append(
        String(format: "%5.1f %% ", spent / all * 100) + milliseconds(spent / runs)
          + " ms  \(step.name) [\(step.kernel)]\(layer)")
    }
    if slowest.count > StepTimings.rowCount {
      let rest = slowest.dropFirst(StepTimings.rowCount).reduce(0.0) {
        $0 + Double($1.nanoseconds)
      }
      lines.append(
        String(format: "%5.1f %% ", rest / all * 100) + milliseconds(rest / runs)
          + " ms  \(slowest.count - StepTimings.rowCount) other steps")
    }
    return lines.joined(separator: "\n")
  }

  private func milliseconds(_ nanoseconds: Double) -> String {
    String(format: "%8.3f", nanoseconds / 1e6)
  }
}
