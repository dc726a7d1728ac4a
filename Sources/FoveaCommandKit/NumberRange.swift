/// The real numbers an option accepts: a lower end that may be left out, and an upper end.
///
///     NumberRange.above(0, through: 10)   // 0 itself is refused
public struct NumberRange: Sendable, Equatable {
  /// The lower end.
  public let lower: Double
  /// Whether the lower end itself is accepted.
  public let includesLower: Bool
  /// The upper end, always accepted unless infinite.
  public let upper: Double

  /// The numbers from `lower` to `upper`, both included.
  public static func from(_ lower: Double, through upper: Double) -> NumberRange {
    NumberRange(lower: lower, includesLower: true, upper: upper)
  }

  /// The numbers above `lower` up to `upper`.
  public static func above(_ lower: Double, through upper: Double) -> NumberRange {
    NumberRange(lower: lower, includesLower: false, upper: upper)
  }

  /// Whether the finite number lies in the range; NaN and infinities never do.
  public func contains(_ value: Double) -> Bool {
    value.isFinite && value <= upper && (includesLower ? value >= lower : value > lower)
  }

  /// The range in words, as in "above 0, at most 10".
  public var words: String {
    let low = JSONValue.text(of: lower)
    if upper == .infinity {
      return includesLower ? "at least \(low)" : "above \(low)"
    }
    let high = JSONValue.text(of: upper)
    return includesLower ? "from \(low) to \(high)" : "above \(low), at most \(high)"
  }
}
