import Foundation

/// State that tasks share, behind a lock that ThreadSanitizer knows.
///
/// What the standard library's `Mutex` protects looks unprotected to it on Linux, and a report that
/// cries wolf hides the races one is looking for.
final class Guarded<State: ~Copyable>: @unchecked Sendable {
  private let lock = NSLock()
  private var state: State

  init(_ state: consuming State) { self.state = state }

  func withLock<Result, Failure: Error>(
    _ body: (inout State) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try body(&state)
  }
}
