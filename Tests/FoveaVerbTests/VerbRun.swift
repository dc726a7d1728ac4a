import FoveaCommandKit
import Testing

@testable import FoveaCommand

/// A run of the command within a test: what it wrote, and how it ended.
struct VerbRun {
  let code: ExitCode
  let output: String
  let messages: String

  init(_ arguments: String...) { self.init(arguments) }

  init(_ arguments: [String]) {
    final class Record: @unchecked Sendable {
      var output = ""
      var messages = ""
    }
    let record = Record()
    let facts = TerminalFacts(isTerminal: false, reportedWidth: 80) { _ in nil }
    let console = Console(
      outputFacts: facts, messageFacts: facts, output: { record.output += $0 },
      message: { record.messages += $0 })
    code = CommandTable.program.run(
      arguments, verbs: CommandTable.verbs, environment: { _ in nil }, console: { _ in console })
    output = record.output
    messages = record.messages
  }
}
