import CKernels
import Foundation

/// Aligned memory; for a tensor with pixels in blocks of channels, `[batch][blocks][pixels][lanes]`.
final class BlockedPixels {
  let start: UnsafeMutablePointer<Float>
  private let count: Int
  private var channels = 1
  private var pixels = 1
  private var lanes = 1
  private var batch = 1

  init(floatCount: Int) {
    count = floatCount
    start = fk_allocate(Int64(max(floatCount, 16) * 4))!.assumingMemoryBound(to: Float.self)
    fill(0)
  }

  /// A row-major tensor; the lanes beyond its last channel are zero.
  convenience init(_ values: [Float], channels: Int64, pixels: Int64, lanes: Int) {
    let (channels, pixels) = (Int(channels), Int(pixels))
    let batch = values.count / channels / pixels
    self.init(floatCount: batch * ((channels + lanes - 1) / lanes) * pixels * lanes)
    (self.channels, self.pixels, self.lanes, self.batch) = (channels, pixels, lanes, batch)
    for index in values.indices { start[place(index)] = values[index] }
  }

  deinit { fk_free(start) }

  func fill(_ value: Float) { start.update(repeating: value, count: count) }

  /// `nil` where a lane beyond the last channel is not zero.
  func rowMajor() -> [Float]? {
    let values = (0..<batch * channels * pixels).map { start[place($0)] }
    // Everything else must be zero.
    for index in 0..<batch * channels * pixels { start[place(index)] = 0 }
    return (0..<count).allSatisfy { start[$0] == 0 } ? values : nil
  }

  private func place(_ index: Int) -> Int {
    let (pixel, channel) = (index % pixels, index / pixels % channels)
    let blocks = (channels + lanes - 1) / lanes
    let block = index / pixels / channels * blocks + channel / lanes
    return (block * pixels + pixel) * lanes + channel % lanes
  }
}

func exponential(_ x: Double) -> Double { exp(x) }
