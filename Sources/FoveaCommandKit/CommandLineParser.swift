import FoveaSystem

/// What a command line asks for.
public enum Request: Sendable {
  /// The help page of a verb, or of the program.
  case help(Command?)
  /// The version.
  case version
  /// To run a verb.
  case run(Invocation)
}

extension Program {
  /// Reads a command line, without the program's name, and checks every value before any work.
  ///
  /// GNU style: `--lr 0.1`, `--lr=0.1`, `-n 5`, `-n5`, grouped flags `-qv`; options and arguments may be
  /// mixed; `--` ends the options; of an option given twice the last counts.
  public func parse(
    _ arguments: [String], environment: (String) -> String? = { _ in nil }
  ) throws(UsageError) -> Request {
    guard let first = arguments.first else { return .help(nil) }
    switch first {
    case "-h", "--help": return .help(nil)
    case "-V", "--version": return .version
    case _ where first.hasPrefix("-") && first != "-": throw misplaced(first)
    default: break
    }
    let command = try requireCommand(first)
    let rest = arguments.dropFirst()
    let beforeSeparator = rest.prefix { $0 != "--" }
    if beforeSeparator.contains("-h") || beforeSeparator.contains("--help") {
      return .help(command)
    }
    var parser = CommandLineParser(program: self, command: command)
    try parser.read(Array(rest))
    return .run(try parser.finish(environment: environment))
  }

  /// The error for an option that stands where the verb should.
  private func misplaced(_ text: String) -> UsageError {
    let name = String(text.drop { $0 == "-" }.prefix { $0 != "=" })
    let owner = commands.first { $0.definitions.contains { $0.name == name } }
    if let owner {
      return UsageError(
        "\(visible(text, limit: 60)) stands before the command",
        hint: "\(self.name) \(owner.name) --\(name)", seeAlso: "\(self.name) help")
    }
    return UsageError(
      "unknown option \(visible(text, limit: 60))",
      near: closest(to: name, among: ["help", "version"]).map { "--\($0)" },
      seeAlso: "\(self.name) help")
  }
}

/// One pass over the words of a command line.
struct CommandLineParser {
  private let seeAlso: String
  private let definitions: [OptionDefinition]
  private var invocation: Invocation
  private var words: [String] = []

  init(program: Program, command: Command) {
    seeAlso = "\(program.name) help \(command.name)"
    definitions = command.definitions
    invocation = Invocation(command: command)
  }

  mutating func read(_ arguments: [String]) throws(UsageError) {
    var index = 0
    while index < arguments.count {
      let word = arguments[index]
      index += 1
      if word == "--" {
        words += arguments[index...]
        return
      }
      if word.hasPrefix("--") {
        try readLong(word, following: arguments, at: &index)
      } else if word.hasPrefix("-"), word != "-" {
        try readShort(word, following: arguments, at: &index)
      } else {
        words.append(word)
      }
    }
  }

  private mutating func readLong(
    _ word: String, following arguments: [String], at index: inout Int
  ) throws(UsageError) {
    let parts = word.dropFirst(2).split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts.first ?? "")
    guard let definition = definitions.first(where: { $0.name == name }) else {
      let near = closest(to: name, among: definitions.map(\.name)).map { "--\($0)" }
      throw UsageError(
        "unknown option \(visible("--" + name, limit: 60))", near: near, seeAlso: seeAlso)
    }
    if parts.count == 2 {
      guard definition.takesValue else {
        throw UsageError("\(definition.typed) takes no value", seeAlso: seeAlso)
      }
      try set(definition, to: String(parts[1]))
    } else {
      try take(definition, typed: definition.typed, following: arguments, at: &index)
    }
  }

  private mutating func readShort(
    _ word: String, following arguments: [String], at index: inout Int
  ) throws(UsageError) {
    var letters = word.dropFirst()
    if let definition = definitions.first(where: { $0.name == letters }) {
      throw UsageError("unknown option \(word)", near: definition.typed, seeAlso: seeAlso)
    }
    while let letter = letters.popFirst() {
      guard let definition = definitions.first(where: { $0.short == letter }) else {
        let near = closest(to: String(word.dropFirst()), among: definitions.map(\.name))
        throw UsageError(
          "unknown option \(visible("-\(letter)"))", near: near.map { "--\($0)" }, seeAlso: seeAlso)
      }
      if definition.takesValue, !letters.isEmpty {
        try set(definition, to: String(letters.first == "=" ? letters.dropFirst() : letters))
        return
      }
      try take(definition, typed: "-\(letter)", following: arguments, at: &index)
    }
  }

  /// Sets a flag, or takes the next word as the option's value.
  private mutating func take(
    _ definition: OptionDefinition, typed: String, following arguments: [String],
    at index: inout Int
  ) throws(UsageError) {
    guard definition.takesValue else {
      invocation.values[definition.name] = (.flag, .option)
      return
    }
    // `--lr --batch 3` forgot a value; `--shift -3` did not.
    guard index < arguments.count,
      !arguments[index].hasPrefix("-") || arguments[index] == "-"
        || Double(arguments[index]) != nil
    else {
      throw UsageError(
        "\(typed) needs \(definition.kind.expectation)",
        hint: "\(definition.typed) \(definition.placeholder)", seeAlso: seeAlso)
    }
    try set(definition, to: arguments[index])
    index += 1
  }

  private mutating func set(
    _ definition: OptionDefinition, to text: String
  ) throws(UsageError) {
    let value = try checked(text, kind: definition.kind, subject: definition.typed)
    invocation.values[definition.name] = (value, .option)
  }

  private func checked(
    _ text: String, kind: ValueKind, subject: String
  ) throws(UsageError) -> ParsedValue {
    if let value = kind.parse(text) { return value }
    let shown = "\(subject): '\(visible(text, limit: 60))' is not \(kind.expectation)"
    guard case .choice(let words) = kind else {
      throw UsageError(shown, seeAlso: seeAlso)
    }
    throw UsageError(shown, near: closest(to: text, among: words), seeAlso: seeAlso)
  }

  /// Hands the words to the arguments, then fills in the environment and the defaults.
  mutating func finish(environment: (String) -> String?) throws(UsageError) -> Invocation {
    var rest = words[...]
    for argument in invocation.command.arguments {
      try fill(argument, from: &rest)
    }
    if let extra = rest.first {
      throw UsageError("unexpected argument '\(visible(extra, limit: 60))'", seeAlso: seeAlso)
    }
    for definition in definitions where invocation.values[definition.name] == nil {
      if let variable = definition.environment, let text = environment(variable), !text.isEmpty {
        try fill(definition, from: text, variable: variable)
      } else if let fallback = definition.fallback {
        invocation.values[definition.name] = (fallback, .standard)
      }
    }
    return invocation
  }

  private mutating func fill(
    _ argument: Argument, from rest: inout ArraySlice<String>
  ) throws(UsageError) {
    var given: [String] = []
    switch argument.count {
    case .one:
      guard let word = rest.popFirst() else { throw missing(argument) }
      given = [word]
    case .optional(let fallback):
      given = [rest.popFirst() ?? fallback].compactMap(\.self)
    case .many(let minimum):
      given = Array(rest)
      rest = []
      guard given.count >= minimum else { throw missing(argument) }
    }
    for word in given {
      _ = try checked(word, kind: argument.kind, subject: argument.name)
    }
    invocation.operands[argument.name] = given
  }

  private func missing(_ argument: Argument) -> UsageError {
    UsageError("\(argument.name) is missing: \(argument.help)", seeAlso: seeAlso)
  }

  private mutating func fill(
    _ definition: OptionDefinition, from text: String, variable: String
  ) throws(UsageError) {
    if definition.kind == .flag {
      switch text.lowercased() {
      case "1", "yes", "true", "on":
        invocation.values[definition.name] = (.flag, .environment)
      case "0", "no", "false", "off":
        break
      default:
        throw UsageError("\(variable): '\(visible(text, limit: 60))' is not yes or no")
      }
      return
    }
    let value = try checked(text, kind: definition.kind, subject: variable)
    invocation.values[definition.name] = (value, .environment)
  }
}
