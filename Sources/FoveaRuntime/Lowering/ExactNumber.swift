import FoveaTensor

/// A kind of number that element-wise chains would lose digits of: they compute in `Float`.
///
/// Its operators run as plain loops, in a kind of number wide enough: `Int64` for whole numbers,
/// `Double` for others.
protocol ExactNumber {
  associatedtype Wide: ExactArithmetic
  static func nearest(_ wide: Wide) -> Self
  var wide: Wide { get }
}

extension Double: ExactNumber {
  static func nearest(_ wide: Double) -> Double { wide }
  var wide: Double { self }
}

extension Float: ExactNumber {
  static func nearest(_ wide: Double) -> Float { Float(wide) }
  var wide: Double { Double(self) }
}

extension Int32: ExactNumber {
  static func nearest(_ wide: Int64) -> Int32 { Int32(clamping: wide) }
  var wide: Int64 { Int64(self) }
}

extension Int64: ExactNumber {
  static func nearest(_ wide: Int64) -> Int64 { wide }
  var wide: Int64 { self }
}

/// What the operators need of a wide number. Whole numbers stop at their bounds; a quotient loses
/// its fraction, and one of zeros is 0.
protocol ExactArithmetic: Comparable {
  static func rounding(_ number: Double) -> Self
  /// Nearest to it, when it is written where only fractions fit.
  var number: Double { get }
  func applying(_ function: Unary.Function) -> Self
  func applying(_ function: Binary.Function, _ other: Self) -> Self
}

extension Double: ExactArithmetic {
  static func rounding(_ number: Double) -> Double { number }
  var number: Double { self }
  func applying(_ function: Unary.Function) -> Double { Unary(function).value(self) }
  func applying(_ function: Binary.Function, _ other: Double) -> Double {
    Binary(function).value(self, other)
  }
}

extension Int64: ExactArithmetic {
  static func rounding(_ number: Double) -> Int64 {
    Int64(exactly: number.rounded(.towardZero))
      ?? (number.isNaN ? 0 : number < 0 ? .min : .max)
  }

  var number: Double { Double(self) }

  func applying(_ function: Unary.Function) -> Int64 {
    switch function {
    case .negate: applyingSubtraction(from: 0)
    case .absolute: self < 0 ? applyingSubtraction(from: 0) : self
    case .sign: signum()
    case .step: self > 0 ? 1 : 0
    case .square: applying(.multiply, self)
    case .relu: Swift.max(self, 0)
    // Others take no whole numbers; their shape rule says so.
    default: Int64.rounding(Unary(function).value(Double(self)))
    }
  }

  private func applyingSubtraction(from other: Int64) -> Int64 { other.applying(.subtract, self) }

  func applying(_ function: Binary.Function, _ other: Int64) -> Int64 {
    switch function {
    case .add:
      let (sum, overflow) = addingReportingOverflow(other)
      return overflow ? (self < 0 ? .min : .max) : sum
    case .subtract:
      let (difference, overflow) = subtractingReportingOverflow(other)
      return overflow ? (self < 0 ? .min : .max) : difference
    case .multiply:
      let (product, overflow) = multipliedReportingOverflow(by: other)
      return overflow ? ((self < 0) != (other < 0) ? .min : .max) : product
    case .divide:
      guard other != 0 else { return self == 0 ? 0 : self < 0 ? .min : .max }
      let (quotient, overflow) = dividedReportingOverflow(by: other)
      return overflow ? .max : quotient
    case .minimum: return Swift.min(self, other)
    case .maximum: return Swift.max(self, other)
    case .power: return raised(to: other)
    case .remainder:
      guard other != 0 else { return 0 }
      let (rest, overflow) = remainderReportingOverflow(dividingBy: other)
      if overflow { return 0 }
      return rest != 0 && (rest < 0) != (other < 0) ? rest + other : rest
    }
  }

  /// The power, by squaring; of a negative exponent, what is left of the fraction.
  private func raised(to exponent: Int64) -> Int64 {
    guard exponent >= 0 else {
      switch self {
      case 0: return .max
      case 1: return 1
      case -1: return exponent.isMultiple(of: 2) ? 1 : -1
      default: return 0
      }
    }
    var result: Int64 = 1
    var (base, rest) = (self, exponent)
    while rest > 0 {
      if !rest.isMultiple(of: 2) { result = result.applying(.multiply, base) }
      rest /= 2
      if rest > 0 { base = base.applying(.multiply, base) }
    }
    return result
  }
}
