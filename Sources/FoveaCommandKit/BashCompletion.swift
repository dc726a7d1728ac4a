extension Program {
  /// A completion script for bash, without the help of the bash-completion package.
  var bashCompletion: String {
    let verbs = commands.map(\.name).joined(separator: " ")
    let cases = commands.map { bashCase($0) }.joined()
    return """
      # bash completion for \(name); load with: source <(\(name) completion bash)
      _\(name)() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words=''
        # bash splits --option=value into three words.
        [[ $previous == = ]] && previous=${COMP_WORDS[COMP_CWORD-2]}
        [[ $current == = ]] && { previous=${COMP_WORDS[COMP_CWORD-1]}; current=''; }
        COMPREPLY=()
        if ((COMP_CWORD == 1)); then
          mapfile -t COMPREPLY < <(compgen -W '\(verbs) --help --version' -- "$current")
          return
        fi
        case ${COMP_WORDS[1]} in
      \(cases)  esac
        if [[ $words == @files ]]; then
          mapfile -t COMPREPLY < <(compgen -f -- "$current")
        elif [[ $words == @folders ]]; then
          mapfile -t COMPREPLY < <(compgen -d -- "$current")
        elif [[ -n $words ]]; then
          mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
        fi
      }
      complete -o filenames -F _\(name) \(name)

      """
  }

  private func bashCase(_ command: Command) -> String {
    var text = "    \(command.name))\n      case $previous in\n"
    for option in command.definitions where option.takesValue {
      let names = [option.typed] + [option.short.map { "-\($0)" }].compactMap(\.self)
      text += "        \(names.joined(separator: "|"))) words=\(quoted(option.kind.bashWords)) ;;\n"
    }
    let options = command.definitions.map(\.typed).joined(separator: " ")
    let operands = operandWords(of: command)
    let other = command.arguments.first?.kind.bashWords ?? ""
    text += "        *)\n          if [[ $current == -* ]]; then words=\(quoted(options))\n"
    text += "          else words=\(quoted(operands.isEmpty ? other : operands)); fi ;;\n"
    return text + "      esac ;;\n"
  }

  /// The words that may stand as a verb's argument; `help` takes the names of the others.
  func operandWords(of command: Command) -> String {
    for argument in command.arguments {
      if case .choice(let words) = argument.kind { return words.joined(separator: " ") }
    }
    return ""
  }
}

extension ValueKind {
  fileprivate var bashWords: String {
    switch self {
    case .choice(let words): words.joined(separator: " ")
    case .file: "@files"
    case .folder: "@folders"
    case .flag, .integer, .number, .bytes, .text: ""
    }
  }
}
