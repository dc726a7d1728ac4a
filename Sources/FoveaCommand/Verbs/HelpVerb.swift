import FoveaCommandKit

/// `fovea help`.
enum HelpVerb {
  static let topic = Argument(
    "COMMAND", kind: .text, count: .optional(default: nil), help: "the command to explain")
  static let json = Option.flag("json", help: "the whole table of commands as one JSON object")
  static let manual = Option.flag("man", help: "the manual page, in the language of man")

  static let command = Command(
    "help", summary: "explain a command", arguments: [topic], options: [json, manual],
    examples: [
      Example("fovea help doctor", "explains fovea doctor"),
      Example("fovea help --man | man -l -", "shows the manual page"),
    ])

  static func verb(for program: Program) -> Verb {
    Verb(command) { invocation, console in
      let named = try invocation[topic].first.map { try program.requireCommand($0) }
      if invocation[manual] {
        try console.output(program.manualPage)
      } else if invocation[json] {
        try console.output((named?.json ?? program.json).line + "\n")
      } else {
        let facts = console.outputFacts
        let page = HelpPage(program, width: facts.width, style: facts.style)
        try console.output(named.map(page.page) ?? page.overview)
      }
      return .success
    }
  }
}
