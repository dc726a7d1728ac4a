import Foundation

/// Where the time of one run of the engine went, in nanoseconds.
package struct EnginePhases: Sendable {
  /// Finding the nodes in the order they are needed.
  package var ordering: UInt64 = 0
  /// Making the key plans are remembered under.
  package var signing: UInt64 = 0
  /// Looking the plan up, or making it.
  package var planning: UInt64 = 0
  package var running: UInt64 = 0

  private var last = DispatchTime.now().uptimeNanoseconds

  package init() {}

  /// Ends a phase.
  mutating func mark(_ phase: WritableKeyPath<EnginePhases, UInt64>) {
    let now = DispatchTime.now().uptimeNanoseconds
    self[keyPath: phase] = now - last
    last = now
  }
}
