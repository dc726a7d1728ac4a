import Foundation
import FoveaTensor

/// Where the time of this process went, step by step; printed when it ends.
enum StepTimings {
  private struct Sum {
    var nanoseconds: UInt64 = 0
    var least = UInt64.max
    var count = 0
  }

  private static let sums = Guarded<[String: Sum]>([:])
  private static let printing: Void = { atexit { StepTimings.show() } }()

  static func add(_ entries: [StepObserver.Entry]) {
    _ = printing
    sums.withLock { sums in
      for (index, entry) in entries.enumerated() {
        let layer = entry.layer.isEmpty ? "" : "   # \(entry.layer)"
        let place = String(repeating: " ", count: max(0, 4 - "\(index)".count)) + "\(index)"
        let name = "\(place)/\(entries.count) \(entry.name) [\(entry.kernel)]\(layer)"
        var sum = sums[name] ?? Sum()
        sum.nanoseconds += entry.nanoseconds
        sum.least = min(sum.least, entry.nanoseconds)
        sum.count += 1
        sums[name] = sum
      }
    }
  }

  /// The slowest steps first: their share, their mean and least time, how often they ran.
  private static func show() {
    let sums = sums.withLock { $0 }
    let total = sums.values.reduce(0) { $0 + Double($1.nanoseconds) }
    guard total > 0 else { return }
    Diagnostics.write("   share      mean       least     runs  step")
    for (name, sum) in sums.sorted(by: { $0.value.nanoseconds > $1.value.nanoseconds }).prefix(80) {
      let mean = Double(sum.nanoseconds) / Double(sum.count) / 1000
      let least = Double(sum.least) / 1000
      let share = 100 * Double(sum.nanoseconds) / total
      Diagnostics.write(
        String(format: "%6.2f %% %8.1f µs %8.1f µs %7d  ", share, mean, least, sum.count) + name)
    }
  }
}
