/// A JSON value whose objects keep the order of their fields.
///
/// JSON has no NaN and no infinities: such a number is written as `null`, and the object it stands in
/// gets a last field `"nonfinite"` that says which fields were what.
public enum JSONValue: Sendable, Equatable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A whole number.
  case integer(Int)
  /// A real number.
  case number(Double)
  /// A string.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object, its fields in order.
  case object([JSONField])

  /// The value on one line.
  public var line: String {
    var text = ""
    write(into: &text)
    return text
  }

  /// The shortest text that reads back as the same number, without a needless `.0`.
  static func text(of value: Double) -> String {
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private func write(into text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? Self.text(of: value) : "null"
    case .string(let value): Self.write(value, into: &text)
    case .array(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        value.write(into: &text)
      }
      text += "]"
    case .object(let fields):
      Self.write(fields, into: &text)
    }
  }

  private static func write(_ fields: [JSONField], into text: inout String) {
    let lost = fields.flatMap { $0.value.nonfinite(at: $0.name) }
    let all = lost.isEmpty ? fields : fields + [JSONField("nonfinite", .object(lost))]
    text += "{"
    for (index, field) in all.enumerated() {
      if index > 0 { text += "," }
      write(field.name, into: &text)
      text += ":"
      field.value.write(into: &text)
    }
    text += "}"
  }

  /// The non-finite numbers of a field, each with its place; nested objects name their own.
  private func nonfinite(at place: String) -> [JSONField] {
    switch self {
    case .number(let value) where value.isNaN: [JSONField(place, .string("nan"))]
    case .number(let value) where value.isInfinite:
      [JSONField(place, .string(value > 0 ? "inf" : "-inf"))]
    case .array(let values):
      values.enumerated().flatMap { $1.nonfinite(at: "\(place)[\($0)]") }
    default: []
    }
  }

  private static func write(_ string: String, into text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      // U+007F is legal in JSON, but a terminal acts on it and on C1, so they are escaped too.
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

/// A named value of a JSON object.
public struct JSONField: Sendable, Equatable {
  /// The name.
  public let name: String
  /// The value.
  public let value: JSONValue

  /// A field.
  public init(_ name: String, _ value: JSONValue) {
    self.name = name
    self.value = value
  }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral,
  ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
  /// An object; the order of the literal is kept.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { JSONField($0.0, $0.1) })
  }

  /// An array.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }

  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }

  /// A real number.
  public init(floatLiteral value: Double) { self = .number(value) }

  /// `true` or `false`.
  public init(booleanLiteral value: Bool) { self = .bool(value) }

  /// `null`.
  public init(nilLiteral: ()) { self = .null }
}
