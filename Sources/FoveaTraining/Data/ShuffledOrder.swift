/// A new order of the samples for every epoch, computed and not stored: position `n` of epoch `e` is
/// a function of the seed, so a run can go on from anywhere.
///
/// A Feistel network permutes the next power of four; positions that fall outside are permuted again.
public struct ShuffledOrder: Sendable {
  public let seed: UInt64
  public let count: Int
  private let halfBits: UInt64

  /// The orders of `count` samples, at least one.
  public init(
    seed: UInt64, count: Int, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard count > 0, count < 1 << 60 else {
      fatalError("an order needs at least one sample, got \(count)", file: file, line: line)
    }
    self.seed = seed
    self.count = count
    var bits: UInt64 = 1
    while 1 << (2 * bits) < UInt64(count) { bits += 1 }
    halfBits = bits
  }

  /// The sample at `position` of `epoch`.
  public func index(
    at position: Int, epoch: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Int {
    guard (0..<count).contains(position) else {
      fatalError("there is no position \(position) among \(count) samples", file: file, line: line)
    }
    var value = UInt64(position)
    repeat { value = permuted(value, UInt64(bitPattern: Int64(epoch))) } while value >= count
    return Int(value)
  }

  private func permuted(_ value: UInt64, _ epoch: UInt64) -> UInt64 {
    let mask = (1 << halfBits) - 1 as UInt64
    var (left, right) = (value >> halfBits, value & mask)
    for round in 0..<4 as Range<UInt64> {
      (left, right) = (right, left ^ (mix(right, epoch, round) & mask))
    }
    return left << halfBits | right
  }

  private func mix(_ value: UInt64, _ epoch: UInt64, _ round: UInt64) -> UInt64 {
    var z = seed &+ epoch &* 0x9E37_79B9_7F4A_7C15 &+ round &* 0xD1B5_4A32_D192_ED03 &+ value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
