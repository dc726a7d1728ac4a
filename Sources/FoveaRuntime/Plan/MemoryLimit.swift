import Foundation
import Synchronization

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
  private static let chosen = Mutex<Int?>(nil)

  /// The limit in bytes; `nil` for what the system has free when a plan first runs.
  public static var bytes: Int? {
    get { chosen.withLock { $0 } }
    set { chosen.withLock { $0 = newValue } }
  }

  /// - Parameter isGrowing: whether the plan needs memory the process does not have yet. What the
  ///   system has free is then looked at; a limit that was chosen holds always.
  static func check(_ plan: Plan, isGrowing: Bool) throws(MemoryRefusal) {
    guard let limit = bytes ?? (isGrowing ? available : nil) else { return }
    guard plan.plannedByteCount <= limit else {
      throw MemoryRefusal(needed: plan.plannedByteCount, limit: limit)
    }
  }

  /// The bytes a plan may use now.
  static var allowed: Int { bytes ?? available }

  /// What this process may still take; everything when nobody says.
  static var available: Int { min(systemAvailable, ControlGroup.available ?? .max) }

  /// What the system says it can still give.
  private static var systemAvailable: Int {
    guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
      let kilobytes = line.split(separator: " ").compactMap({ Int($0) }).first
    else { return .max }
    return kilobytes * 1024
  }
}
