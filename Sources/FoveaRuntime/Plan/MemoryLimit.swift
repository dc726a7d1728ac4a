import Foundation
import FoveaSystem
import FoveaTensor

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
  ///
  /// - Parameter arena: bytes for intermediates that it has.
  static func allows(_ plan: Plan, arena: Int) -> Bool {
    guard let limit = limit(for: plan, arena: arena) else { return true }
    return plan.plannedByteCount <= limit
  }

  static func check(_ plan: Plan, arena: Int) throws(MemoryRefusal) {
    guard let limit = limit(for: plan, arena: arena), plan.plannedByteCount > limit else { return }
    throw MemoryRefusal(needed: plan.plannedByteCount, limit: limit)
  }

  private static func limit(for plan: Plan, arena: Int) -> Int? {
    bytes ?? (plan.memory.byteCount > arena ? SystemMemory.available : nil)
  }

  /// Whether a plan for these nodes might need too much: it does not if all their results together
  /// would fit twice.
  static func isTight(for order: [Node]) -> Bool {
    let sum = order.reduce(0.0) { $1.types.reduce($0) { $0 + Double($1.byteCount) } }
    return 2 * sum > Double(allowed)
  }

  /// The bytes a plan may use now.
  static var allowed: Int { bytes ?? SystemMemory.available }
}
