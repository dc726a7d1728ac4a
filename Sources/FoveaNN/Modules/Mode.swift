/// Whether normalisation, dropout and random pooling behave as in training; inference unless said.
public enum Mode: Sendable {
  case inference, training

  @TaskLocal public static var current: Mode = .inference
}

/// Records what `body` says in the given mode.
///
/// ```swift
/// withMode(.training) { optimizer.step(minimizing: crossEntropy(model(images), labels)) }
/// ```
@discardableResult
public func withMode<Result>(_ mode: Mode, _ body: () throws -> Result) rethrows -> Result {
  try Mode.$current.withValue(mode, operation: body)
}

/// Records what `body` says in the given mode, across its suspensions.
@discardableResult
public func withMode<Result>(
  _ mode: Mode, isolation: isolated (any Actor)? = #isolation,
  _ body: () async throws -> Result
) async rethrows -> Result {
  try await Mode.$current.withValue(mode, operation: body, isolation: isolation)
}
