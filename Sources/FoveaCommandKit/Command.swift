/// A line a person can copy, and what it does.
public struct Example: Sendable, Equatable {
  /// The command line.
  public let line: String
  /// What it does.
  public let meaning: String

  /// An example.
  public init(_ line: String, _ meaning: String) {
    self.line = line
    self.meaning = meaning
  }
}

/// One verb of the command line, as data: parser, help, manual and completion all come from it.
public struct Command: Sendable {
  /// The verb.
  public let name: String
  /// What it does, in a few words that follow the verb in a list.
  public let summary: String
  /// More about it, in whole sentences.
  public let discussion: String
  /// The positional arguments, in order.
  public let arguments: [Argument]
  /// The options, in the order of the help text.
  public let options: [any CommandOption]
  /// Lines to copy.
  public let examples: [Example]

  /// A verb; names of options must differ, and only the last argument may be absent or repeated.
  public init(
    _ name: String, summary: String, discussion: String = "", arguments: [Argument] = [],
    options: [any CommandOption] = [], examples: [Example] = []
  ) {
    let names = options.map(\.definition.name)
    precondition(Set(names).count == names.count, "two options of \(name) have the same name")
    let required = arguments.prefix { $0.count == .one }
    precondition(arguments.count - required.count <= 1 || Self.endsWell(arguments), "\(name)")
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.arguments = arguments
    self.options = options
    self.examples = examples
  }

  /// Whether optional arguments follow required ones and a repeated one stands last.
  private static func endsWell(_ arguments: [Argument]) -> Bool {
    let tail = arguments.drop { $0.count == .one }
    return tail.dropLast().allSatisfy { argument in
      if case .optional = argument.count { return true }
      return false
    } && tail.allSatisfy { $0.count != .one }
  }
}
