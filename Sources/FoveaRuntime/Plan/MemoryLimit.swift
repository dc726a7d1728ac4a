import Foundation
import FoveaSystem

/// A plan that would need more memory than it may have, told before it starts.
public struct MemoryRefusal: Error, Equatable, CustomStringConvertible {
  /// Bytes the plan needs, its inputs and results included.
  public let needed: Int
  /// Bytes it may use.
  public let limit: Int

  public var description: String {
    "this step needs \(MemoryRefusal.text(needed)) of memory, \(MemoryRefusal.text(limit)) are "
      + "allowed; a smaller batch needs less, and --memory-limit raises the limit"
  }

  private static func text(_ byteCount: Int) -> String {
    byteCount < 10 << 20
      ? String(format: "%.1f KiB", Double(byteCount) / 1024)
      : String(format: "%.1f MiB", Double(byteCount) / Double(1 << 20))
  }
}

/// How much memory plans may use.
public enum MemoryLimit {
  private static let chosen = Guarded<Int?>(nil)

  @TaskLocal private static var local: Int?

  /// The limit in bytes; `nil` for what the system has free when a plan first runs.
  public static var bytes: Int? {
    get { local ?? chosen.withLock { $0 } }
    set { chosen.withLock { $0 = newValue } }
  }

  /// Runs `body` under a limit of its own.
  public static func with<Result>(
    _ bytes: Int, _ body: () throws -> Result
  ) rethrows -> Result {
    try $local.withValue(bytes, operation: body)
  }

  /// Whether a plan may run. A limit that was chosen holds always; what the system has free is
  /// looked at when the plan needs memory the process does not have yet.
  static func allows(_ plan: Plan, in arena: borrowing Arena) -> Bool {
    guard let limit = limit(for: plan, in: arena) else { return true }
    return plan.plannedByteCount <= limit
  }

  static func check(_ plan: Plan, in arena: borrowing Arena) throws(MemoryRefusal) {
    guard let limit = limit(for: plan, in: arena), plan.plannedByteCount > limit else { return }
    throw MemoryRefusal(needed: plan.plannedByteCount, limit: limit)
  }

  private static func limit(for plan: Plan, in arena: borrowing Arena) -> Int? {
    bytes ?? (plan.memory.byteCount > arena.byteCount ? SystemMemory.available : nil)
  }

  /// The bytes a plan may use now.
  static var allowed: Int { bytes ?? SystemMemory.available }
}
