import CKernels
import Foundation

/// Aligned memory of f32 or bf16 between two stretches that nobody may write to; for a tensor with
/// pixels in blocks of channels, `[batch][blocks][pixels][lanes]`.
final class BlockedPixels {
  private static let around = 64
  private static let mark: UInt8 = 0xC5

  let start: UnsafeMutableRawPointer
  private let isHalf: Bool
  private let count: Int
  private var channels = 1
  private var pixels = 1
  private var lanes = 1
  private var batch = 1

  init(count: Int, isHalf: Bool = false) {
    self.count = count
    self.isHalf = isHalf
    let byteCount = count * (isHalf ? 2 : 4) + 2 * BlockedPixels.around
    let memory = fk_allocate(Int64(byteCount))!
    memset(memory, Int32(BlockedPixels.mark), byteCount)
    start = memory + BlockedPixels.around
    memset(start, 0, self.byteCount)
  }

  /// Numbers one after the other.
  convenience init(_ values: [Float], isHalf: Bool = false) {
    self.init(count: values.count, isHalf: isHalf)
    for index in values.indices { self[index] = values[index] }
  }

  /// A row-major tensor; the lanes beyond its last channel are zero.
  convenience init(
    _ values: [Float], channels: Int64, pixels: Int64, lanes: Int, isHalf: Bool = false
  ) {
    let (channels, pixels) = (Int(channels), Int(pixels))
    let batch = values.count / channels / pixels
    self.init(
      count: batch * ((channels + lanes - 1) / lanes) * pixels * lanes, isHalf: isHalf)
    (self.channels, self.pixels, self.lanes, self.batch) = (channels, pixels, lanes, batch)
    for index in values.indices { self[place(index)] = values[index] }
  }

  deinit { fk_free(start - BlockedPixels.around) }

  var floats: UnsafeMutablePointer<Float> { start.assumingMemoryBound(to: Float.self) }

  private var byteCount: Int { count * (isHalf ? 2 : 4) }

  private subscript(index: Int) -> Float {
    get {
      guard isHalf else { return start.load(fromByteOffset: 4 * index, as: Float.self) }
      return Float(half: start.load(fromByteOffset: 2 * index, as: UInt16.self))
    }
    set {
      if isHalf {
        start.storeBytes(of: newValue.half, toByteOffset: 2 * index, as: UInt16.self)
      } else {
        start.storeBytes(of: newValue, toByteOffset: 4 * index, as: Float.self)
      }
    }
  }

  func fillWithNaN() { memset(start, 0xFF, byteCount) }

  /// Whether the stretches around are what they were.
  var isIntact: Bool {
    (1...BlockedPixels.around).allSatisfy {
      (start - $0).load(as: UInt8.self) == BlockedPixels.mark
        && (start + byteCount + $0 - 1).load(as: UInt8.self) == BlockedPixels.mark
    }
  }

  /// `nil` where a lane beyond the last channel is not zero.
  func rowMajor() -> [Float]? {
    let values = (0..<batch * channels * pixels).map { self[place($0)] }
    // Everything else must be zero.
    for index in 0..<batch * channels * pixels { self[place(index)] = 0 }
    return (0..<count).allSatisfy { self[$0] == 0 } ? values : nil
  }

  private func place(_ index: Int) -> Int {
    let (pixel, channel) = (index % pixels, index / pixels % channels)
    let blocks = (channels + lanes - 1) / lanes
    let block = index / pixels / channels * blocks + channel / lanes
    return (block * pixels + pixel) * lanes + channel % lanes
  }
}

extension Float {
  /// The bits of the nearest bf16 number, of two the even one.
  fileprivate var half: UInt16 {
    UInt16((bitPattern + 0x7FFF + (bitPattern >> 16 & 1)) >> 16)
  }

  fileprivate init(half: UInt16) { self.init(bitPattern: UInt32(half) << 16) }

  var roundedToHalf: Float { Float(half: half) }
}

func exponential(_ x: Double) -> Double { exp(x) }
