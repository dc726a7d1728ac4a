import Foundation
import FoveaCommandKit
import Testing

@testable import FoveaCommand

@Suite struct TrainTests {
  @Test func everyEpochIsAnObject() throws {
    let run = VerbRun("train", "--json", "--quiet", "--epochs", "2", "--minutes", "1e-6")
    #expect(run.code == .budgetSpent)
    #expect(run.messages.isEmpty)
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 1)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
    #expect(object["schema"] as? String == "fovea.train/1")
    #expect(object["epoch"] as? Int == 1)
    // One step was taken: about as good as guessing among ten.
    #expect((1.5...4).contains(object["loss"] as? Double ?? 0))
    #expect((0...0.6).contains(object["accuracy"] as? Double ?? -1))
    #expect((object["seconds"] as? Double ?? -1) >= 0)
  }

  /// In a process of its own: the limit holds for all who compute.
  @Test func tooLittleMemoryIsARefusal() async {
    let result = await #expect(
      processExitsWith: .exitCode(71), observing: [\.standardErrorContent]
    ) {
      let arguments = ["train", "--quiet", "--memory-limit", "64K"]
      exit(CommandTable.program.run(arguments, verbs: CommandTable.verbs).rawValue)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.hasPrefix("error: this step needs "))
    #expect(text.contains(" of memory, 64.0 KiB are allowed"))
    #expect(text.split(separator: "\n").count == 1)
  }

  @Test(arguments: [
    (["train", "--epochs", "0"], ExitCode.usage),
    (["train", "cats"], .usage),
    (["bench", "nonet"], .usage),
    (["bench", "operators", "no-such-file.txt"], .noInput),
  ])
  func whatCannotBeDoneHasItsCode(_ arguments: [String], _ code: ExitCode) {
    let facts = TerminalFacts(isTerminal: false, reportedWidth: 80) { _ in nil }
    let console = Console(
      outputFacts: facts, messageFacts: facts, output: { _ in }, message: { _ in })
    let ended = CommandTable.program.run(
      arguments, verbs: CommandTable.verbs, environment: { _ in nil }, console: { _ in console })
    #expect(ended == code)
  }
}
