import CKernels
import Foundation
import FoveaSystem
import FoveaTensor

/// What all threads of this machine can do at most, measured in less than a tenth of a second.
package struct MachineSpeed: Sendable {
  /// A place where numbers lie.
  package struct Level: Sendable {
    /// `L2`, `L3` or `memory`.
    package let name: String
    /// How much it holds.
    package let byteCount: Int
    /// Bytes read and written per nanosecond, as many of one as of the other.
    package let speed: Double
  }

  /// 10⁹ operations on float32 per second, in registers.
  package let float32: Double
  /// The same on bfloat16; 0 where the processor has no instructions for it.
  package let bfloat16: Double
  /// From the nearest on.
  package let levels: [Level]

  /// Bytes per nanosecond from and to memory.
  package var memory: Double { levels[levels.count - 1].speed }

  package init(float32: Double, bfloat16: Double, levels: [Level]) {
    self.float32 = float32
    self.bfloat16 = bfloat16
    self.levels = levels
  }

  /// Nanoseconds of moving bytes that are part of so many.
  func time(moving byteCount: Int, among all: Int) -> Double {
    guard let level = levels.first(where: { all <= $0.byteCount }), level.speed > 0 else {
      return 0
    }
    return Double(byteCount) / level.speed
  }

  /// Measures; the machine should have nothing else to do.
  package static func measured() -> MachineSpeed {
    fk_adopt_threads()
    let near = Int(fk_cpu_level2_bytes()) * Threads.count
    let far = Int(fk_cpu_level3_bytes())
    var levels = [Level(name: "L2", byteCount: near, speed: streaming(near / 2, rounds: 100))]
    if far > near {
      let size = min(max(far / 4, near * 2), far)
      levels.append(Level(name: "L3", byteCount: far, speed: streaming(size, rounds: 10)))
    }
    // Beyond what any cache holds, but not so much that the machine has none left.
    let large = min(max(64 << 20, 4 * far), 256 << 20, SystemMemory.available / 4)
    levels.append(
      Level(name: "memory", byteCount: .max, speed: streaming(large, rounds: 1)))
    return MachineSpeed(
      float32: computing { fk_fma_run(5_000) }, bfloat16: computing { fk_bf16_run(5_000) },
      levels: levels)
  }

  /// Operations per nanosecond, at best.
  static func computing(_ run: () -> Double) -> Double {
    best(of: 20, run)
  }

  private static func best(of count: Int, _ run: () -> Double) -> Double {
    var best = 0.0
    for _ in 0..<count {
      let start = DispatchTime.now().uptimeNanoseconds
      let amount = run()
      best = max(best, amount / Double(max(1, DispatchTime.now().uptimeNanoseconds - start)))
    }
    return best
  }

  /// Bytes per nanosecond where half of `byteCount` is read and half written.
  private static func streaming(_ byteCount: Int, rounds: Int64) -> Double {
    let count = Int64(max(byteCount, 1 << 16) / 8)
    guard let memory = fk_allocate(count * 8) else { return 0 }
    defer { fk_free(memory) }
    let from = memory.bindMemory(to: Float.self, capacity: Int(2 * count))
    // Pages nobody has written are all one page.
    from.initialize(repeating: 1, count: Int(2 * count))
    return best(of: 4) { fk_stream_run(from + Int(count), from, count, rounds) }
  }
}
