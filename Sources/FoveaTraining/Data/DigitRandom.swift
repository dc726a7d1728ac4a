/// Random numbers that are a function of (seed, split, index): no state is shared between digits.
///
/// The numbers are those of SplitMix64; only additions, multiplications and shifts are used, so they
/// are the same on every machine. Steele, Lea, Flood, "Fast splittable pseudorandom number
/// generators", 2014.
struct DigitRandom {
  private var state: UInt64

  init(seed: UInt64, stream: UInt64, index: UInt64) {
    state = Self.mixed(Self.mixed(Self.mixed(seed) &+ stream) &+ index)
  }

  /// The next 64 bits.
  mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  /// A number in [0, 1).
  mutating func unit() -> Float {
    Float(bits() >> 40) * 0x1p-24
  }

  /// A number in [-1, 1).
  mutating func symmetric() -> Float {
    unit() * 2 - 1
  }

  /// A number in [-1, 1), more often near 0: the mean of three.
  mutating func central() -> Float {
    (symmetric() + symmetric() + symmetric()) * (1 / 3)
  }

  /// A whole number below `bound`, which is small.
  mutating func below(_ bound: Int) -> Int {
    Int(((bits() >> 32) &* UInt64(bound)) >> 32)
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var bits = value &+ 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}
