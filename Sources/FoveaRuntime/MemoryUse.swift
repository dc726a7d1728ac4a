import Foundation

/// What memory was planned for and what was used.
public enum MemoryUse {
  /// Bytes the plan that ran last was to need: inputs, intermediates, constants and results.
  public static var planned: Int { Engine.lastPlannedByteCount }

  /// The most bytes this process has had in memory so far; everything counts, code and libraries
  /// too. 0 where the system does not say.
  public static var peak: Int {
    var usage = rusage()
    #if canImport(Glibc)
      let who = Int32(RUSAGE_SELF.rawValue)
    #else
      let who = RUSAGE_SELF
    #endif
    guard getrusage(who, &usage) == 0 else { return 0 }
    #if canImport(Darwin)
      return Int(usage.ru_maxrss)
    #else
      return Int(usage.ru_maxrss) * 1024
    #endif
  }

  /// Bytes this process has in memory now; 0 where the system does not say.
  public static var resident: Int { status("VmRSS:") }

  /// The most bytes this process has had in memory since `forgetPeak()`; 0 where the system does not
  /// say.
  public static var recentPeak: Int { status("VmHWM:") }

  /// Starts `recentPeak` again from what is in memory now; whether the system can do that.
  @discardableResult
  public static func forgetPeak() -> Bool {
    (try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))) != nil
  }

  /// A line of what Linux says of a process, in kilobytes there.
  private static func status(_ name: String) -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }),
      let kilobytes = line.split(whereSeparator: \.isWhitespace).compactMap({ Int($0) }).first
    else { return 0 }
    return kilobytes * 1024
  }
}
