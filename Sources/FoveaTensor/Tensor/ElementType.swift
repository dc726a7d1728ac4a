/// The kind of number a tensor holds.
public enum ElementType: UInt8, Hashable, Sendable, CaseIterable {
  case float32, float64, bfloat16, float16, int8, uint8, int32, int64, bool

  /// Bytes of one element in plain memory.
  public var size: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .bfloat16, .float16: 2
    case .float32, .int32: 4
    case .float64, .int64: 8
    }
  }

  /// Whether elements carry a fraction, so that a gradient can exist.
  public var isFloatingPoint: Bool {
    switch self {
    case .float32, .float64, .bfloat16, .float16: true
    case .int8, .uint8, .int32, .int64, .bool: false
    }
  }
}

extension ElementType: CustomStringConvertible {
  public var description: String {
    switch self {
    case .float32: "float32"
    case .float64: "float64"
    case .bfloat16: "bfloat16"
    case .float16: "float16"
    case .int8: "int8"
    case .uint8: "uint8"
    case .int32: "int32"
    case .int64: "int64"
    case .bool: "bool"
    }
  }
}

extension ElementType {
  /// The element nearest to `value`: floating types round to even, integers drop the fraction and
  /// stop at their bounds, not-a-number becomes 0 in an integer and true in a bool.
  package func rounded(_ value: Double) -> Double {
    switch self {
    case .float64: value
    case .float32: Double(Float(value))
    case .bfloat16: Double(SmallFloat.bfloat16.rounded(value))
    case .float16: Double(SmallFloat.float16.rounded(value))
    case .int8: ElementType.whole(value, -128, 127)
    case .uint8: ElementType.whole(value, 0, 255)
    case .int32: ElementType.whole(value, -2_147_483_648, 2_147_483_647)
    case .int64: ElementType.whole(value, -9_223_372_036_854_775_808, 9_223_372_036_854_774_784)
    case .bool: value == 0 ? 0 : 1
    }
  }

  private static func whole(_ value: Double, _ lowest: Double, _ highest: Double) -> Double {
    value.isNaN ? 0 : min(max(value.rounded(.towardZero), lowest), highest)
  }
}
