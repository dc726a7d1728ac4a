import Dispatch
import Foundation
import FoveaTensor

/// Fills memory with the random numbers of one draw, on all cores; the numbers do not depend on how
/// the work is divided.
struct RandomFill: Sendable {
  let draw: RandomDraw

  init(_ draw: RandomDraw) { self.draw = draw }

  func uniform(_ target: UnsafeMutableBufferPointer<Float>, low: Double, high: Double) {
    let (start, width) = (Float(low), Float(high - low))
    fill(target) { bits, four in
      for lane in 0..<4 {
        // 24 bits are what a Float can hold evenly.
        four[lane] = start + width * (Float(bits[lane] >> 8) * 0x1p-24)
      }
    }
  }

  /// Box, Muller. *A note on the generation of random normal deviates*, 1958.
  func normal(_ target: UnsafeMutableBufferPointer<Float>, mean: Double, deviation: Double) {
    let (mean, deviation) = (Float(mean), Float(deviation))
    fill(target) { bits, four in
      for pair in [0, 2] {
        // In (0, 1]: the logarithm of zero must not be asked for.
        let u = (Float(bits[pair] >> 8) + 1) * 0x1p-24
        let angle = Float(bits[pair + 1] >> 8) * (0x1p-24 * 2 * Float.pi)
        let radius = deviation * (-2 * logf(u)).squareRoot()
        four[pair] = mean + radius * cosf(angle)
        four[pair + 1] = mean + radius * sinf(angle)
      }
    }
  }

  func truncatedNormal(
    _ target: UnsafeMutableBufferPointer<Float>, mean: Double, deviation: Double, cut: Double
  ) {
    let lowest = 0.5 * erfc(cut / 2.0.squareRoot())
    fill(target) { bits, four in
      for lane in 0..<4 {
        let u = (Double(bits[lane]) + 0.5) * 0x1p-32
        let z = NormalDistribution.quantile(lowest + u * (1 - 2 * lowest))
        four[lane] = Float(mean + deviation * Swift.min(Swift.max(z, -cut), cut))
      }
    }
  }

  /// Calls `body` for every four numbers.
  private func fill(
    _ target: UnsafeMutableBufferPointer<Float>,
    _ body: @Sendable (SIMD4<UInt32>, inout SIMD4<Float>) -> Void
  ) {
    let blocks = (target.count + 3) / 4
    let blocksPerPart = 1 << 16
    let parts = (blocks + blocksPerPart - 1) / blocksPerPart
    // Each part writes its own stretch of memory.
    nonisolated(unsafe) let target = target
    let (philox, stream) = (Philox(seed: draw.seed), draw.index)
    DispatchQueue.concurrentPerform(iterations: parts) { part in
      let first = part * blocksPerPart
      for block in first..<min(first + blocksPerPart, blocks) {
        var four = SIMD4<Float>()
        body(philox.block(at: RandomDraw.counter(UInt64(block), stream: stream)), &four)
        for lane in 0..<min(4, target.count - block * 4) { target[block * 4 + lane] = four[lane] }
      }
    }
  }
}
