import Foundation
package import FoveaTensor

/// Times the steps of a run, for `FOVEA_SHOW=timings` and benchmarks.
///
/// Only the engine writes to one, under its lock; whoever started the run reads it afterwards.
package final class StepObserver: @unchecked Sendable {
  package struct Entry: Sendable {
    package let name: String
    package let kernel: String
    /// How what is read and written lies in memory.
    package let layout: String
    package let scope: RecordingScope?
    /// Whether the step gives a state its next value, and no layer recorded it.
    package let isUpdate: Bool
    package let work: StepWork
    package var nanoseconds: UInt64

    package var layer: String { scope?.path ?? "" }
  }

  /// Watches what this task computes, where nobody else does.
  @TaskLocal package static var current: StepObserver?

  package private(set) var entries: [Entry] = []
  /// The scope of the present recording by that of the one the plan was made for.
  private var scopes: [ObjectIdentifier: RecordingScope] = [:]

  package init() {}

  /// A plan that was made for an earlier recording of the same graph names the layers of that one.
  func follow(_ plan: Plan, recordedAs order: [Node]) {
    guard plan.scopes.count == order.count else { return }
    for (old, node) in zip(plan.scopes, order) {
      if let old, let new = node.scope { scopes[ObjectIdentifier(old)] = new }
    }
  }

  func time(_ step: PlanStep, _ body: () throws -> Void) rethrows {
    let start = DispatchTime.now().uptimeNanoseconds
    try body()
    let spent = DispatchTime.now().uptimeNanoseconds - start
    let scope = step.scope.map { scopes[ObjectIdentifier($0)] ?? $0 }
    entries.append(
      Entry(
        name: step.name, kernel: step.kernel, layout: step.layout, scope: scope,
        isUpdate: step.isUpdate, work: step.work, nanoseconds: spent))
  }
}

extension StepObserver {
  /// The steps of what `body` computes, each with its time.
  package static func entries(of body: () throws -> Void) rethrows -> [Entry] {
    let observer = StepObserver()
    try $current.withValue(observer) { try body() }
    return observer.entries
  }
}
