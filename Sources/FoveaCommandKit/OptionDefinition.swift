/// What the table says about one option, without the Swift type of its value.
public struct OptionDefinition: Sendable, Equatable {
  /// The long name, without the dashes.
  public let name: String
  /// The one-letter name, if there is one.
  public let short: Character?
  /// What is accepted.
  public let kind: ValueKind
  /// What stands for the value in the help text, such as `RATE`; empty for a flag.
  public let placeholder: String
  /// The value when nothing is said.
  public let fallback: ParsedValue?
  /// The environment variable that is read when the option is not given.
  public let environment: String?
  /// One sentence of help, without a full stop.
  public let help: String

  /// The option as typed, such as `--epochs`.
  public var typed: String { "--\(name)" }

  /// Whether a value follows.
  public var takesValue: Bool { kind != .flag }

  /// Range, default and environment variable in brackets, or nothing where the help says it all.
  var remarks: String {
    var remarks: [String] = []
    switch kind {
    case .integer, .number, .choice, .bytes: remarks.append(kind.expectation)
    case .flag, .text, .file, .folder: break
    }
    if let fallback { remarks.append("default: \(fallback.typed)") }
    if let environment { remarks.append("or \(environment)") }
    return remarks.isEmpty ? "" : " (\(remarks.joined(separator: "; ")))"
  }
}

/// Anything a command can list among its options.
public protocol CommandOption: Sendable {
  /// The option as data.
  var definition: OptionDefinition { get }
}
