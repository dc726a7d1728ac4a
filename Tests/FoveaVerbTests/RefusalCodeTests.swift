import Fovea
import FoveaCommandKit
import Testing

@testable import FoveaCommand

@Suite struct RefusalCodeTests {
  /// What a verb that does `body` says and how it ends.
  private static func failure(_ body: @escaping @Sendable () throws -> Void) -> CommandFailure? {
    let verb = Verb(TrainVerb.command) { _, _ in
      try body()
      return .success
    }
    let facts = TerminalFacts(isTerminal: false, reportedWidth: 80) { _ in nil }
    let console = Console(
      outputFacts: facts, messageFacts: facts, output: { _ in }, message: { _ in })
    do {
      guard case .run(let invocation) = try CommandTable.program.parse(["train"]) else {
        return nil
      }
      _ = try verb.sayingRefusals.run(invocation, console)
      return nil
    } catch { return error as? CommandFailure }
  }

  @Test func aLabelThatIsNoClassIsBrokenData() {
    let failure = Self.failure {
      let logits = Tensor([0, 0, 0, 0], shape: [2, 2])
      _ = try crossEntropy(logits, Tensor([0, 7], shape: [2], as: .int32)).tryScalar()
    }
    #expect(failure?.code == .dataError)
    #expect(
      failure?.message
        == "sample 1 has label 7, but there are 2 classes, numbered from 0 to 1")
  }

  @Test func weightsThatDoNotFitAreBrokenData() {
    let failure = Self.failure { try Linear(in: 2, out: 2).load([:]) }
    #expect(failure?.code == .dataError)
    #expect(failure?.message.contains("weight") == true)
  }

  @Test func nothingElseIsTranslated() {
    #expect(Self.failure {} == nil)
    #expect(Self.failure { throw ShapeError("step", "is wrong") } == nil)
  }
}
