import FoveaSystem

extension Program {
  /// Reads the command line, runs the verb, reports failures and answers how it ended.
  public func run(
    _ arguments: [String], verbs: [Verb], environment: (String) -> String? = environmentValue,
    console: (TerminalFacts.ColorChoice) -> Console = Console.standard
  ) -> ExitCode {
    let request: Request
    do {
      request = try parse(arguments, environment: environment)
    } catch {
      console(.auto).message("\(error)\n")
      return .usage
    }
    switch request {
    case .version:
      return finish(console(.auto)) { try $0.output("\(name) \(version)\n") }
    case .help(let command):
      return finish(console(.auto)) { console in
        let facts = console.outputFacts
        let page = HelpPage(self, width: facts.width, style: facts.style)
        try console.output(command.map(page.page) ?? page.overview)
      }
    case .run(let invocation):
      let color = TerminalFacts.ColorChoice(rawValue: invocation[Self.color]) ?? .auto
      guard let verb = verbs.first(where: { $0.command.name == invocation.command.name }) else {
        preconditionFailure("\(invocation.command.name) is in the table but cannot run")
      }
      return run(verb, invocation, on: console(color))
    }
  }

  private func finish(_ console: Console, _ body: (Console) throws -> Void) -> ExitCode {
    ending(console) {
      try body(console)
      return .success
    }
  }

  private func run(_ verb: Verb, _ invocation: Invocation, on console: Console) -> ExitCode {
    ending(console) { try verb.run(invocation, console) }
  }

  /// The exit code of a piece of work, after its failure was reported.
  private func ending(_ console: Console, _ body: () throws -> ExitCode) -> ExitCode {
    do {
      return try body()
    } catch let failure as OutputStream.Failure {
      if failure.isClosedPipe { return .outputClosed }
      console.message("error: standard output cannot be written (system error \(failure.code))\n")
      return .cannotWrite
    } catch let failure as CommandFailure {
      let hint = failure.hint.map { "hint:  \($0)\n" } ?? ""
      console.message("error: \(failure.message)\n\(hint)")
      return failure.code
    } catch let failure as UsageError {
      console.message("\(failure)\n")
      return .usage
    } catch {
      console.message("error: \(visible("\(error)", limit: 2000))\n")
      return .internalError
    }
  }
}
