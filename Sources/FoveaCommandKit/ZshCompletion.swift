extension Program {
  /// A completion script for zsh.
  var zshCompletion: String {
    let verbs = commands.map { "    \(quoted("\($0.name):\($0.summary)"))\n" }.joined()
    let cases = commands.map { zshCase($0) }.joined()
    return """
      #compdef \(name)
      # zsh completion for \(name); load with: source <(\(name) completion zsh)
      _\(name)() {
        local -a commands=(
      \(verbs)  )
        if ((CURRENT == 2)); then
          _describe command commands
          return
        fi
        local command=$words[2]
        shift words
        ((CURRENT--))
        case $command in
      \(cases)  esac
      }
      compdef _\(name) \(name)

      """
  }

  private func zshCase(_ command: Command) -> String {
    var lines: [String] = []
    for option in command.definitions {
      let help = zshEscaped(option.help)
      let value = option.takesValue ? ":\(option.placeholder):\(option.kind.zshAction)" : ""
      let equals = option.takesValue ? "=" : ""
      lines.append(quoted("\(option.typed)\(equals)[\(help)]\(value)"))
      if let short = option.short { lines.append(quoted("-\(short)[\(help)]\(value)")) }
    }
    for argument in command.arguments {
      let help = zshEscaped(argument.name)
      switch argument.count {
      case .one: lines.append(quoted(":\(help):\(argument.kind.zshAction)"))
      case .optional: lines.append(quoted("::\(help):\(argument.kind.zshAction)"))
      case .many: lines.append(quoted("*:\(help):\(argument.kind.zshAction)"))
      }
    }
    let body = lines.map { " \\\n        \($0)" }.joined()
    return "    \(command.name)) _arguments\(body) ;;\n"
  }
}

/// A text inside the brackets of `_arguments`.
private func zshEscaped(_ text: String) -> String {
  text.reduce(into: "") { result, character in
    if "[]:\\".contains(character) { result.append("\\") }
    result.append(character)
  }
}

extension ValueKind {
  fileprivate var zshAction: String {
    switch self {
    case .choice(let words): "(\(words.joined(separator: " ")))"
    case .file: "_files"
    case .folder: "_files -/"
    case .flag, .integer, .number, .bytes, .text: " "
    }
  }
}
