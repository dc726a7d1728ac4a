/// The layout of a 16-bit floating-point number, and its conversions by hand.
///
/// `Float16` does not exist on every platform Swift runs on, and no type for bfloat16 does.
package struct SmallFloat: Hashable, Sendable {
  /// Bits of the fraction.
  let fraction: Int
  /// Smallest exponent of a normal number.
  let lowestExponent: Int
  /// Largest finite value.
  let largest: Double

  package static let bfloat16 = SmallFloat(
    fraction: 7, lowestExponent: -126, largest: 0x1.FEp127)
  package static let float16 = SmallFloat(
    fraction: 10, lowestExponent: -14, largest: 65504)

  /// The representable number nearest to `value`, ties to even, rounded once.
  package func rounded(_ value: Double) -> Float {
    guard value.isFinite, value != 0 else { return Float(value) }
    let exponent = max(Int(value.exponent), lowestExponent)
    // A power of two that makes the last kept bit worth one: scaling by it is exact.
    let unit = Double(sign: .plus, exponent: exponent - fraction, significand: 1)
    let result = (value / unit).rounded(.toNearestOrEven) * unit
    return result.magnitude > largest
      ? Float(sign: value.sign, exponent: 0, significand: .infinity)
      : Float(result)
  }

  /// The bits of a number that this layout can hold.
  package func bits(_ value: Double) -> UInt16 {
    let x = rounded(value)
    let sign: UInt16 = x.sign == .minus ? 0x8000 : 0
    let exponentBits = 15 - fraction
    let allOnes = UInt16((1 << exponentBits) - 1) << UInt16(fraction)
    if x.isNaN { return allOnes | UInt16(1 << (fraction - 1)) }
    if x.isInfinite { return sign | allOnes }
    let magnitude = Double(x.magnitude)
    let lowest = Double(sign: .plus, exponent: lowestExponent, significand: 1)
    if magnitude < lowest {
      return sign | UInt16(magnitude / lowest * Double(1 << fraction))
    }
    let exponent = Int(magnitude.exponent)
    let rest = (magnitude.significand - 1) * Double(1 << fraction)
    return sign | UInt16(exponent - lowestExponent + 1) << UInt16(fraction) | UInt16(rest)
  }

  /// The number that `bits` stand for.
  package func value(_ bits: UInt16) -> Double {
    let sign: Double = bits & 0x8000 == 0 ? 1 : -1
    let field = Int((bits & 0x7FFF) >> UInt16(fraction))
    let rest = Double(Int(bits) & (1 << fraction - 1)) / Double(1 << fraction)
    if field == 1 << (15 - fraction) - 1 { return rest == 0 ? sign * .infinity : .nan }
    let exponent = field == 0 ? lowestExponent : field - 1 + lowestExponent
    let unit = Double(sign: .plus, exponent: exponent, significand: 1)
    return sign * unit * (field == 0 ? rest : 1 + rest)
  }
}
