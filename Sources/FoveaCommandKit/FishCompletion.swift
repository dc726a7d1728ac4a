extension Program {
  /// A completion script for fish.
  var fishCompletion: String {
    var text = "# fish completion for \(name); load with: \(name) completion fish | source\n"
    text += "complete -c \(name) -f\n"
    for command in commands {
      text += "complete -c \(name) -n __fish_use_subcommand -a \(command.name)"
      text += " -d \(quoted(command.summary))\n"
    }
    for command in commands {
      let start = "complete -c \(name) -n '__fish_seen_subcommand_from \(command.name)'"
      for option in command.definitions {
        text += "\(start) -l \(option.name)"
        if let short = option.short { text += " -s \(short)" }
        text += "\(option.kind.fishValue) -d \(quoted(option.help))\n"
      }
      let words = operandWords(of: command)
      if !words.isEmpty { text += "\(start) -a \(quoted(words))\n" }
      if command.arguments.contains(where: { $0.kind == .file || $0.kind == .folder }) {
        text += "\(start) -F\n"
      }
    }
    return text
  }
}

extension ValueKind {
  fileprivate var fishValue: String {
    switch self {
    case .flag: ""
    case .choice(let words): " -x -a \(quoted(words.joined(separator: " ")))"
    case .file: " -r -F"
    case .folder: " -x -a '(__fish_complete_directories)'"
    case .integer, .number, .bytes, .text: " -x"
    }
  }
}
