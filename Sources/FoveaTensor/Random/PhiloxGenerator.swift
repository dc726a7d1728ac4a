/// A source of random numbers for shuffling and drawing, by ``Philox``.
///
///     var random = PhiloxGenerator(seed: 1)
///     files.shuffle(using: &random)
public struct PhiloxGenerator: RandomNumberGenerator, Sendable {
  private let philox: Philox
  private var counter: SIMD4<UInt32>
  private var block: SIMD4<UInt32> = [0, 0, 0, 0]
  /// How many words of the block are used up.
  private var used = 4

  /// - Parameter stream: which of the independent sequences of a seed.
  public init(seed: UInt64, stream: UInt64 = 0) {
    philox = Philox(seed: seed)
    counter = [
      0, 0, UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32),
    ]
  }

  /// The next word.
  public mutating func nextWord() -> UInt32 {
    if used == 4 {
      block = philox.block(at: counter)
      counter = Philox.counter(counter, advancedBy: 1)
      used = 0
    }
    used += 1
    return block[used - 1]
  }

  public mutating func next() -> UInt64 {
    let low = nextWord()
    return UInt64(nextWord()) << 32 | UInt64(low)
  }
}
