extension Program {
  /// The manual page, in the language of `man`.
  public var manualPage: String {
    var page = ".TH \(name.uppercased()) 1 \"\" \"\(roff(name)) \(roff(version))\" \"\"\n"
    page += ".SH NAME\n\(roff(name)) \\- \(roff(summary))\n"
    page += ".SH SYNOPSIS\n.B \(roff(name))\n.I command\n[\\fIarguments\\fR] [\\fIoptions\\fR]\n"
    page += ".SH COMMANDS\n"
    for command in commands {
      page += command.manualSection(of: self)
    }
    page += ".SH EXIT STATUS\n"
    for code in ExitCode.allCases {
      page += ".TP\n.B \(code.rawValue)\n\(roff(code.meaning))\n"
    }
    let variables = commands.flatMap(\.definitions).filter { $0.environment != nil }
    if !variables.isEmpty {
      page += ".SH ENVIRONMENT\n"
      var seen: Set<String> = []
      for definition in variables {
        guard let name = definition.environment, seen.insert(name).inserted else { continue }
        page += ".TP\n.B \(roff(name))\nStands for \\fB\(roff(definition.typed))\\fR.\n"
      }
    }
    return page
  }
}

extension Command {
  fileprivate func manualSection(of program: Program) -> String {
    var page = ".SS \(roff(HelpPage(program).usage(of: self)))\n"
    page += "\(roff(summary.prefix(1).uppercased() + summary.dropFirst())).\n"
    if !discussion.isEmpty { page += "\(roff(discussion))\n" }
    for argument in arguments {
      page += ".TP\n.I \(roff(argument.name))\n\(roff(argument.helpWithRemarks))\n"
    }
    for option in definitions {
      let short = option.short.map { "\\fB\\-\($0)\\fR, " } ?? ""
      let value = option.takesValue ? " \\fI\(roff(option.placeholder))\\fR" : ""
      page += ".TP\n\(short)\\fB\(roff(option.typed))\\fR\(value)\n"
      page += "\(roff(option.help + option.remarks))\n"
    }
    for example in examples {
      page += ".PP\n.nf\n\(roff(example.line))\n.fi\n\(roff(example.meaning))\n"
    }
    return page
  }
}

/// A text that `man` prints as it stands: no escape, no hyphen for a dash, no request by accident.
private func roff(_ text: String) -> String {
  var result = ""
  for character in text {
    switch character {
    case "\\": result += "\\e"
    case "-": result += "\\-"
    case "…": result += "..."
    case "\n": result += " "
    default: result.append(character)
    }
  }
  return result.hasPrefix(".") || result.hasPrefix("'") ? "\\&\(result)" : result
}
