/// A positional argument of a command, such as `DATA`.
public struct Argument: Sendable, Equatable {
  /// How often an argument may or must be given.
  public enum Count: Sendable, Equatable {
    /// Exactly once.
    case one
    /// At most once; the word stands in when it is left out, if there is one.
    case optional(default: String?)
    /// Any number of times, at least `minimum`.
    case many(minimum: Int)
  }

  /// The name in the help text, in capitals.
  public let name: String
  /// What is accepted.
  public let kind: ValueKind
  /// How often.
  public let count: Count
  /// One sentence of help, without a full stop.
  public let help: String

  /// An argument; a repeated or optional one comes last in a command.
  public init(_ name: String, kind: ValueKind, count: Count = .one, help: String) {
    self.name = name
    self.kind = kind
    self.count = count
    self.help = help
  }

  /// The argument in a usage line: `FILE`, `[FILE]`, `[FILE…]`.
  var usage: String {
    switch count {
    case .one: name
    case .optional: "[\(name)]"
    case .many(let minimum): minimum > 0 ? "\(name)…" : "[\(name)…]"
    }
  }
}
