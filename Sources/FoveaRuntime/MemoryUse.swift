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
}
