/// A checked command line: the verb, its options and its arguments.
public struct Invocation: Sendable {
  /// Where a value came from.
  public enum Origin: String, Sendable {
    /// The table's default.
    case standard = "default"
    /// An environment variable.
    case environment
    /// The command line.
    case option
  }

  /// The verb.
  public let command: Command

  var values: [String: (value: ParsedValue, origin: Origin)] = [:]
  var operands: [String: [String]] = [:]

  /// The value of an option, checked while the command line was read.
  public subscript<Value>(option: Option<Value>) -> Value {
    option.read(values[option.definition.name]?.value)
  }

  /// What was given for an argument, or its default; empty when it was left out.
  public subscript(argument: Argument) -> [String] {
    operands[argument.name] ?? []
  }

  /// Where the value of an option comes from.
  public func origin<Value>(of option: Option<Value>) -> Origin {
    values[option.definition.name]?.origin ?? .standard
  }
}
