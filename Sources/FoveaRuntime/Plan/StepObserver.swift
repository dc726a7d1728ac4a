import Foundation
import FoveaTensor

/// Times the steps of a run, for `FOVEA_SHOW=timings` and benchmarks.
package final class StepObserver {
  package struct Entry {
    package let name: String
    package let kernel: String
    package let layer: String
    package var nanoseconds: UInt64
  }

  package private(set) var entries: [Entry] = []

  package init() {}

  func time(_ step: PlanStep, _ body: () throws -> Void) rethrows {
    let start = DispatchTime.now().uptimeNanoseconds
    try body()
    let spent = DispatchTime.now().uptimeNanoseconds - start
    entries.append(
      Entry(
        name: step.name, kernel: step.kernel, layer: step.scope?.path ?? "", nanoseconds: spent))
  }
}
