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

  @Test func aRateThatIsTooHighIsTheAnswerNo() {
    let run = VerbRun("train", "--quiet", "--epochs", "1", "--lr", "100", "--batch", "500")
    #expect(run.code == .negative)
    #expect(run.output.isEmpty)
    #expect(run.messages.hasPrefix("error: the loss grew to "))
    #expect(run.messages.contains(" in epoch 1, while guessing has 2.30\n"))
    #expect(run.messages.hasSuffix("hint:  a smaller --lr usually helps\n"))
  }

  @Test(arguments: [
    (Float.nan, "the loss became nan in step 3 of epoch 2"),
    (.infinity, "the loss became inf in step 3 of epoch 2"),
  ])
  func aLossThatIsNoNumberIsTheAnswerNo(_ loss: Float, _ message: String) {
    let failure = #expect(throws: CommandFailure.self) {
      try Divergence.check(step: loss, 3, of: 2)
    }
    #expect(failure?.code == .negative)
    #expect(failure?.message == message)
    #expect(failure?.hint == "a smaller --lr usually helps")
  }

  @Test func aLossThatIsOnlyBadIsNone() throws {
    try Divergence.check(step: 1e30, 3, of: 2)
    try Divergence.check(epoch: 2000, 1, guessing: 2.302585)
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
