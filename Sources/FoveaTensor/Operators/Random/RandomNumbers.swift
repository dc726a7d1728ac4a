import Foundation

/// Random numbers from a key, int32[2], and a counter, int32[4], both as bit patterns, by
/// ``Philox``: element `i` is word `i mod 4` of the block at `counter + ⌊i / 4⌋`.
///
/// Key and counter are operands: new numbers need no new plan.
package struct RandomNumbers: SingleResultOperator {
  package enum Distribution: Hashable, Sendable {
    /// The words themselves, as int32.
    case bits
    /// Multiples of 2⁻²⁴ from 0 up to, not including, 1.
    case uniform
    /// Mean 0 and variance 1; two words at a time make two numbers.
    ///
    /// Box, Muller. *A note on the generation of random normal deviates*, 1958.
    case normal
    /// True with a probability.
    case bernoulli(Double)
  }

  package let distribution: Distribution
  package let type: TensorType

  package init(_ distribution: Distribution, _ type: TensorType) {
    self.distribution = distribution
    self.type = type
  }

  package var name: String {
    switch distribution {
    case .bits: "random bits"
    case .uniform: "random uniform"
    case .normal: "random normal"
    case .bernoulli: "random bernoulli"
    }
  }

  package func type(of operands: [TensorType]) throws(ShapeError) -> TensorType {
    try expect(operands, count: 2)
    guard operands[0] == TensorType([2], .int32), operands[1] == TensorType([4], .int32) else {
      throw ShapeError(
        name, "takes a key int32[2] and a counter int32[4], got \(operands[0]) and \(operands[1])")
    }
    let allowed: [ElementType] =
      switch distribution {
      case .bits: [.int32]
      case .uniform, .normal: [.float32, .float64]
      case .bernoulli: [.bool]
      }
    guard allowed.contains(type.elementType) else {
      let words = allowed.map(\.description).joined(separator: " or ")
      throw ShapeError(name, "gives \(words), not \(type.elementType); cast the result")
    }
    if case .bernoulli(let probability) = distribution, !(0...1).contains(probability) {
      throw ShapeError(name, "probability must lie between 0 and 1, got \(probability)")
    }
    return type
  }

  package func evaluate(_ operands: [HostArray], into y: inout HostArray) {
    func word(_ operand: Int, _ index: Int) -> UInt32 {
      UInt32(bitPattern: Int32(operands[operand].scalars[index]))
    }
    let philox = Philox(key: [word(0, 0), word(0, 1)])
    let counter: SIMD4<UInt32> = [word(1, 0), word(1, 1), word(1, 2), word(1, 3)]
    for start in stride(from: 0, to: y.scalars.count, by: 4) {
      let block = philox.block(at: Philox.counter(counter, advancedBy: UInt64(start / 4)))
      let numbers = numbers(block)
      for index in start..<Swift.min(start + 4, y.scalars.count) {
        y.scalars[index] = numbers[index - start]
      }
    }
  }

  /// The four numbers that four words make.
  package func numbers(_ words: SIMD4<UInt32>) -> SIMD4<Double> {
    switch distribution {
    case .bits: return SIMD4<Double>(SIMD4<Int32>(truncatingIfNeeded: words))
    case .uniform: return RandomNumbers.fraction(words)
    case .bernoulli(let probability):
      return SIMD4<Double>(repeating: 0)
        .replacing(with: 1, where: RandomNumbers.fraction(words) .< probability)
    case .normal:
      let fraction = RandomNumbers.fraction(words)
      let (a, b) = (pair(fraction[0], fraction[1]), pair(fraction[2], fraction[3]))
      return [a.0, a.1, b.0, b.1]
    }
  }

  private func pair(_ u: Double, _ v: Double) -> (Double, Double) {
    // From ]0, 1] instead of [0, 1[: the logarithm of 0 is no number.
    let radius = (-2 * Foundation.log(u + 0x1p-24)).squareRoot()
    let angle = 2 * Double.pi * v
    return (radius * Foundation.cos(angle), radius * Foundation.sin(angle))
  }

  private static func fraction(_ words: SIMD4<UInt32>) -> SIMD4<Double> {
    SIMD4<Double>(words &>> 8) * 0x1p-24
  }
}
