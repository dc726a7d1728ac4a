import Foundation
import FoveaCompiler
import FoveaTensor

/// What `FOVEA_SHOW=passes,plan,timings` asks to see, on standard error.
enum Diagnostics {
  private static let wishes = Set(
    (ProcessInfo.processInfo.environment["FOVEA_SHOW"] ?? "")
      .split { $0 == "," || $0 == "|" || $0 == " " }.map(String.init))

  static func write(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  static func show(_ pass: Pass, _ before: Graph, _ after: Graph) {
    guard wishes.contains("passes") else { return }
    write(
      "pass \(pass.name): \(before.vertices.count) → \(after.vertices.count) vertices "
        + "(\(pass.reason))")
  }

  /// Times the steps of a run when somebody wishes to see that.
  static var observer: StepObserver? { wishes.contains("timings") ? StepObserver() : nil }

  /// One line per step of a run, and their sum.
  static func show(_ observer: StepObserver) {
    func microseconds(_ nanoseconds: UInt64) -> String {
      String(format: "%10.1f µs", Double(nanoseconds) / 1e3)
    }
    for entry in observer.entries {
      let layer = entry.layer.isEmpty ? "" : "   # \(entry.layer)"
      write("\(microseconds(entry.nanoseconds))  \(entry.name) [\(entry.kernel)]\(layer)")
    }
    let sum = observer.entries.reduce(0) { $0 + $1.nanoseconds }
    write("\(microseconds(sum))  in \(observer.entries.count) steps")
  }

  static func show(_ plan: Plan) {
    guard wishes.contains("plan") else { return }
    for (title, steps) in [("once", plan.constantSteps), ("each run", plan.steps)] {
      for step in steps {
        let scope = step.scope.map { "   # \($0.path)" } ?? ""
        write("\(title): \(step.name) [\(step.kernel)]\(scope)")
      }
    }
    write(
      "arena \(plan.memory.byteCount) bytes, constants \(plan.constantByteCount) bytes, "
        + "\(plan.steps.count) steps")
  }
}
