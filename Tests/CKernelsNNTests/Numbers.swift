/// Reproducible numbers (SplitMix64).
struct Numbers {
  private var state: UInt64

  init(_ seed: Int) {
    state = UInt64(bitPattern: Int64(seed)) &* 0x9e37_79b9_7f4a_7c15
  }

  mutating func bits() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(bits() % UInt64(range.count))
  }

  mutating func pick<T>(_ choices: [T]) -> T {
    choices[integer(0...choices.count - 1)]
  }

  /// Close to a standard normal distribution, by four uniform numbers.
  mutating func normal() -> Float {
    var total = 0.0
    for _ in 0..<4 { total += Double(bits() >> 11) / 9_007_199_254_740_992 }
    return Float((total - 2) * 1.7320508)
  }

  mutating func normals(_ count: Int) -> [Float] {
    (0..<count).map { _ in normal() }
  }

  mutating func integers(_ count: Int, _ range: ClosedRange<Int>) -> [Float] {
    (0..<count).map { _ in Float(integer(range)) }
  }
}
