/// A checked value from the command line, the environment or the table's defaults.
public enum ParsedValue: Sendable, Equatable {
  /// A switch that was given.
  case flag
  /// A whole number, or a number of bytes.
  case integer(Int)
  /// A real number, always finite.
  case number(Double)
  /// A word, a choice or a path.
  case text(String)

  /// The value as a person would type it.
  public var typed: String {
    switch self {
    case .flag: "yes"
    case .integer(let value): String(value)
    case .number(let value): JSONValue.text(of: value)
    case .text(let value): value
    }
  }

  /// The value as JSON.
  public var json: JSONValue {
    switch self {
    case .flag: .bool(true)
    case .integer(let value): .integer(value)
    case .number(let value): .number(value)
    case .text(let value): .string(value)
    }
  }
}
