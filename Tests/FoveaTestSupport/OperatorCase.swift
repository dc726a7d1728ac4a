public import FoveaTensor

/// One line of an operator's table: operands by type, and what is recorded with them.
public struct OperatorCase: Sendable, CustomStringConvertible {
  public let description: String
  public let operands: [TensorType]
  /// Where random operands are drawn from.
  public let domain: ClosedRange<Double>
  /// How far random operands stay from every whole multiple of this, where the function has kinks.
  public let kinks: Double?
  public let record: @Sendable ([Tensor]) throws -> [Tensor]

  public init(
    _ description: String, _ shapes: [Shape], in domain: ClosedRange<Double> = -2...2,
    avoidingMultiplesOf kinks: Double? = nil,
    record: @escaping @Sendable ([Tensor]) throws -> [Tensor]
  ) {
    self.description = description
    self.operands = shapes.map { TensorType($0, .float64) }
    self.domain = domain
    self.kinks = kinks
    self.record = record
  }

  /// A case whose recording gives one tensor.
  public init(
    _ description: String, _ shapes: Shape..., in domain: ClosedRange<Double> = -2...2,
    avoidingMultiplesOf kinks: Double? = nil,
    recordOne: @escaping @Sendable ([Tensor]) throws -> Tensor
  ) {
    self.init(description, shapes, in: domain, avoidingMultiplesOf: kinks) {
      [try recordOne($0)]
    }
  }

  /// Random operands, the same for the same case.
  public func arrays() -> [HostArray] {
    var random = TestRandom(seed: description)
    return operands.map { type in
      HostArray(
        type,
        (0..<type.shape.count).map { _ in
          var value = random.uniform(domain)
          while let kinks, abs((value / kinks).rounded() * kinks - value) < 0.02 {
            value = random.uniform(domain)
          }
          return value
        })
    }
  }
}

/// A small repeatable source of numbers for tests; not the library's, which is under test.
public struct TestRandom: RandomNumberGenerator {
  private var state: UInt64

  public init(seed: String) {
    // FNV-1a: `Hasher` differs from process to process.
    state = seed.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  public mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * Double(next() >> 11) * 0x1p-53
  }
}
