import Foundation
import FoveaCompiler
import FoveaTensor

/// What `FOVEA_SHOW=passes,plan,timings` asks to see, on standard error.
enum Diagnostics {
  private static let wishes = Set(
    (ProcessInfo.processInfo.environment["FOVEA_SHOW"] ?? "")
      .split { $0 == "," || $0 == "|" || $0 == " " }.map(String.init))

  /// Whether runs are timed step by step.
  static let timesSteps = wishes.contains("timings")

  static func write(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  static func show(_ pass: Pass, _ before: Graph, _ after: Graph) {
    guard wishes.contains("passes") else { return }
    write(
      "pass \(pass.name): \(before.vertices.count) → \(after.vertices.count) vertices "
        + "(\(pass.reason))")
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
