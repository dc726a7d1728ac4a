/// Random numbers without a state: a key and a counter give four words, always the same.
///
///     Philox(key: [0, 0]).block(at: [0, 0, 0, 0])  // 6627e8d5, e169c58d, bc57ac4c, 9b00dbd8
///
/// This is Philox4x32-10. Salmon, Moraes, Dror, Shaw. *Parallel random numbers: as easy as 1, 2, 3*,
/// 2011.
public struct Philox: Hashable, Sendable {
  public let key: SIMD2<UInt32>

  public init(key: SIMD2<UInt32>) { self.key = key }

  /// A key from a seed, the low word first.
  public init(seed: UInt64) {
    key = [UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)]
  }

  /// The four words at a counter, whose low word is the first.
  public func block(at counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
    var x = counter
    var key = key
    for _ in 0..<10 {
      let (high0, low0) = (0xD251_1F53 as UInt32).multipliedFullWidth(by: x[0])
      let (high1, low1) = (0xCD9E_8D57 as UInt32).multipliedFullWidth(by: x[2])
      x = [high1 ^ x[1] ^ key[0], low1, high0 ^ x[3] ^ key[1], low0]
      // The golden ratio and √3 − 1, as fractions of 2³².
      key = key &+ [0x9E37_79B9, 0xBB67_AE85]
    }
    return x
  }

  /// A counter moved on by `steps`, as one number of 128 bits.
  public static func counter(
    _ counter: SIMD4<UInt32>, advancedBy steps: UInt64
  ) -> SIMD4<UInt32> {
    var result = counter
    var carry = steps
    for word in 0..<4 {
      let sum = UInt64(counter[word]) + carry & 0xFFFF_FFFF
      result[word] = UInt32(truncatingIfNeeded: sum)
      carry = carry >> 32 + sum >> 32
    }
    return result
  }
}
