import Foundation

/// How the kernels of a plan are chosen.
public struct KernelPolicy: Hashable, Sendable {
  /// When kernels are measured.
  public enum Tuning: String, Hashable, Sendable, CaseIterable {
    /// Never, and what was measured before is not read: the fixed table alone.
    case off
    /// When a plan changes states, as a training step does, for it will run often. Other plans take
    /// what was measured before, and the fixed table for the rest.
    case fast
    /// Whenever nothing was measured before.
    case full
  }

  public var tuning: Tuning
  /// Whether the same program gives the same bits on this machine whatever was measured: the fixed
  /// table, and no Winograd.
  public var isDeterministic: Bool
  /// Choices that go before everything else, as those of a run that is resumed.
  public var imposed: KernelChoices

  public init(
    tuning: Tuning = .fast, isDeterministic: Bool = false, imposed: KernelChoices = KernelChoices()
  ) {
    self.tuning = tuning
    self.isDeterministic = isDeterministic
    self.imposed = imposed
  }

  /// The same bits every time.
  public static let deterministic = KernelPolicy(tuning: .off, isDeterministic: true)
}

extension KernelPolicy {
  private static let shared = Guarded(KernelPolicy(tuning: wished))

  @TaskLocal private static var local: KernelPolicy?

  /// The policy of plans to come: what `FOVEA_TUNE` says until it is set.
  public static var current: KernelPolicy {
    get { local ?? shared.withLock { $0 } }
    set { shared.withLock { $0 = newValue } }
  }

  /// Runs `body` under a policy of its own.
  public static func with<Result>(
    _ policy: KernelPolicy, _ body: () throws -> Result
  ) rethrows -> Result {
    try $local.withValue(policy, operation: body)
  }

  private static var wished: Tuning {
    guard let text = ProcessInfo.processInfo.environment["FOVEA_TUNE"], !text.isEmpty else {
      return .fast
    }
    if let tuning = Tuning(rawValue: text) { return tuning }
    Diagnostics.write(
      "fovea: FOVEA_TUNE=\(text.debugDescription) is not off, fast or full; fast it is")
    return .fast
  }
}
