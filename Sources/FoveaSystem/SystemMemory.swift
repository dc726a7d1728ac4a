import Foundation

/// The memory of the machine.
package enum SystemMemory {
  /// What this process may still take; everything when nobody says.
  package static var available: Int { min(systemAvailable, ControlGroup.available ?? .max) }

  /// What the system says it can still give.
  private static var systemAvailable: Int {
    guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
      let kilobytes = line.split(separator: " ").compactMap({ Int($0) }).first
    else { return .max }
    return kilobytes * 1024
  }
}
