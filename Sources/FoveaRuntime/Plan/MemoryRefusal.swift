import Foundation

/// A plan that would need more memory than it may have, told before it starts.
public struct MemoryRefusal: Error, Equatable, CustomStringConvertible {
  /// Bytes the plan needs, its inputs and results included.
  public let needed: Int
  /// Bytes it may use.
  public let limit: Int
  /// The largest batch that fits, where somebody has looked; 0 when none does.
  public let largestBatch: Int?

  public init(needed: Int, limit: Int, largestBatch: Int? = nil) {
    self.needed = needed
    self.limit = limit
    self.largestBatch = largestBatch
  }

  /// The same refusal, with what fits instead.
  public func naming(largestBatch: Int) -> MemoryRefusal {
    MemoryRefusal(needed: needed, limit: limit, largestBatch: largestBatch)
  }

  public var description: String {
    let advice =
      switch largestBatch {
      case nil: "a smaller batch needs less"
      case 0?: "not even a batch of 1 fits"
      case let count?: "a batch of \(count) fits"
      }
    return "this step needs \(MemoryRefusal.text(needed)) of memory, "
      + "\(MemoryRefusal.text(limit)) are allowed; \(advice), and --memory-limit raises the limit"
  }

  private static func text(_ byteCount: Int) -> String {
    byteCount < 10 << 20
      ? String(format: "%.1f KiB", Double(byteCount) / 1024)
      : String(format: "%.1f MiB", Double(byteCount) / Double(1 << 20))
  }
}
