/// An option of a command together with the Swift type of its value.
///
///     static let epochs = Option.integer(
///       "epochs", placeholder: "N", in: 1...10_000, default: 5, help: "passes over the data")
///
///     let count = invocation[epochs]  // Int
public struct Option<Value: Sendable>: CommandOption {
  /// The option as data.
  public let definition: OptionDefinition

  let read: @Sendable (ParsedValue?) -> Value
}

extension Option where Value == Bool {
  /// An option without a value.
  public static func flag(
    _ name: String, short: Character? = nil, environment: String? = nil, help: String
  ) -> Option<Bool> {
    Option(
      definition: OptionDefinition(
        name: name, short: short, kind: .flag, placeholder: "", fallback: nil,
        environment: environment, help: help),
      read: { $0 != nil })
  }
}

extension Option where Value == Int {
  /// A whole number with a default.
  public static func integer(
    _ name: String, short: Character? = nil, placeholder: String, in range: ClosedRange<Int>,
    default fallback: Int, environment: String? = nil, help: String
  ) -> Option<Int> {
    precondition(range.contains(fallback), "the default of --\(name) is outside its range")
    return Option(
      definition: OptionDefinition(
        name: name, short: short, kind: .integer(range), placeholder: placeholder,
        fallback: .integer(fallback), environment: environment, help: help),
      read: { value in
        guard case .integer(let number) = value else { return fallback }
        return number
      })
  }
}

extension Option where Value == Int? {
  /// A whole number that may be left out.
  public static func optionalInteger(
    _ name: String, short: Character? = nil, placeholder: String, in range: ClosedRange<Int>,
    environment: String? = nil, help: String
  ) -> Option<Int?> {
    whole(name, short, .integer(range), placeholder, environment, help)
  }

  /// A number of bytes that may be left out.
  public static func optionalBytes(
    _ name: String, short: Character? = nil, placeholder: String, environment: String? = nil,
    help: String
  ) -> Option<Int?> {
    whole(name, short, .bytes, placeholder, environment, help)
  }

  private static func whole(
    _ name: String, _ short: Character?, _ kind: ValueKind, _ placeholder: String,
    _ environment: String?, _ help: String
  ) -> Option<Int?> {
    Option(
      definition: OptionDefinition(
        name: name, short: short, kind: kind, placeholder: placeholder, fallback: nil,
        environment: environment, help: help),
      read: { value in
        guard case .integer(let number) = value else { return nil }
        return number
      })
  }
}

extension Option where Value == Double? {
  /// A real number that may be left out.
  public static func optionalNumber(
    _ name: String, short: Character? = nil, placeholder: String, in range: NumberRange,
    environment: String? = nil, help: String
  ) -> Option<Double?> {
    Option(
      definition: OptionDefinition(
        name: name, short: short, kind: .number(range), placeholder: placeholder, fallback: nil,
        environment: environment, help: help),
      read: { value in
        guard case .number(let number) = value else { return nil }
        return number
      })
  }
}

extension Option where Value == String {
  /// One of a few words, with a default.
  public static func choice(
    _ name: String, short: Character? = nil, placeholder: String, among words: [String],
    default fallback: String, environment: String? = nil, help: String
  ) -> Option<String> {
    precondition(words.contains(fallback), "the default of --\(name) is not among its words")
    return Option(
      definition: OptionDefinition(
        name: name, short: short, kind: .choice(words), placeholder: placeholder,
        fallback: .text(fallback), environment: environment, help: help),
      read: { value in
        guard case .text(let word) = value else { return fallback }
        return word
      })
  }
}
