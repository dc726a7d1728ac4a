/// The help texts, made from the table.
public struct HelpPage: Sendable {
  private let program: Program
  private let width: Int
  private let style: Style

  /// Pages for a terminal of `width` columns; very wide ones are not filled, for legibility.
  public init(_ program: Program, width: Int = 80, style: Style = .plain) {
    self.program = program
    self.width = max(40, min(width, 100))
    self.style = style
  }

  /// The page of the program: what it is and its verbs.
  public var overview: String {
    let column = (program.commands.map(\.name.count).max() ?? 0) + 2
    var page = "\(style.bold(program.name)) \(program.version): \(program.summary)\n\n"
    page += "usage: \(program.name) <command> [arguments] [options]\n\n"
    for command in program.commands {
      page += entry(command.name, command.summary, column: column, indent: 2)
    }
    page += "\n\(program.name) help COMMAND says more; every command takes --help.\n"
    return page
  }

  /// The page of a verb: usage, arguments, options, examples.
  public func page(of command: Command) -> String {
    var page = "\(style.bold("\(program.name) \(command.name)")): \(command.summary)\n\n"
    page += wrapped("usage: \(usage(of: command))", indent: 0, hanging: 7) + "\n"
    if !command.discussion.isEmpty {
      page += "\n" + wrapped(command.discussion, indent: 0, hanging: 0) + "\n"
    }
    if !command.arguments.isEmpty {
      page += "\n\(style.bold("arguments"))\n"
      let column = (command.arguments.map(\.name.count).max() ?? 0) + 2
      for argument in command.arguments {
        page += entry(argument.name, argument.helpWithRemarks, column: column, indent: 2)
      }
    }
    page += "\n\(style.bold("options"))\n"
    let labels = command.definitions.map { Self.label($0) }
    let column = min(26, width / 3, (labels.map(\.count).max() ?? 0) + 2)
    for (definition, label) in zip(command.definitions, labels) {
      page += entry(label, definition.help + definition.remarks, column: column, indent: 2)
    }
    if !command.examples.isEmpty {
      page += "\n\(style.bold("examples"))\n"
      for example in command.examples {
        page += "  \(example.line)\n" + wrapped(example.meaning, indent: 6, hanging: 6) + "\n"
      }
    }
    return page
  }

  /// The usage line of a verb, without "usage:".
  func usage(of command: Command) -> String {
    let words = [program.name, command.name] + command.arguments.map(\.usage) + ["[options]"]
    return words.joined(separator: " ")
  }

  private static func label(_ definition: OptionDefinition) -> String {
    let short = definition.short.map { "-\($0), " } ?? "    "
    let value = definition.takesValue ? " \(definition.placeholder)" : ""
    return "\(short)\(definition.typed)\(value)"
  }

  /// A term and its explanation in two columns; a long term gets a line of its own.
  private func entry(_ term: String, _ text: String, column: Int, indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    let body = wrapped(text, indent: indent + column, hanging: indent + column)
    if term.count + 2 > column {
      return "\(margin)\(term)\n\(body)\n"
    }
    return margin + term + body.dropFirst(indent + term.count) + "\n"
  }

  /// The words of a text in lines that fit, the first indented by `indent`, the others by `hanging`.
  private func wrapped(_ text: String, indent: Int, hanging: Int) -> String {
    var lines: [String] = []
    var line = String(repeating: " ", count: indent)
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = String(repeating: " ", count: hanging)
        isEmpty = true
      }
      line += isEmpty ? String(word) : " \(word)"
      isEmpty = false
    }
    return (lines + [line]).joined(separator: "\n")
  }
}

extension Argument {
  /// The help with the default and the choices in brackets.
  var helpWithRemarks: String {
    var remarks: [String] = []
    if case .choice = kind { remarks.append(kind.expectation) }
    if case .optional(let fallback?) = count { remarks.append("default: \(fallback)") }
    return remarks.isEmpty ? help : "\(help) (\(remarks.joined(separator: "; ")))"
  }
}
