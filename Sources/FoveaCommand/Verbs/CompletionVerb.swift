import FoveaCommandKit

/// `fovea completion`.
enum CompletionVerb {
  static let shell = Argument(
    "SHELL", kind: .choice(Shell.allCases.map(\.rawValue)), help: "the shell to complete for")

  static let command = Command(
    "completion", summary: "print a completion script for a shell", arguments: [shell],
    examples: [
      Example("source <(fovea completion bash)", "completes in this bash session"),
      Example(
        "fovea completion fish > ~/.config/fish/completions/fovea.fish",
        "completes in every fish session from now on"),
    ])

  static func verb(for program: Program) -> Verb {
    Verb(command) { invocation, console in
      guard let shell = invocation[shell].first.flatMap(Shell.init) else {
        preconditionFailure("the parser lets only known shells through")
      }
      try console.output(program.completion(for: shell))
      return .success
    }
  }
}
