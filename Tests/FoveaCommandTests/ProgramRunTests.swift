import Synchronization
import Testing

@testable import FoveaCommandKit

@Suite struct ProgramRunTests {
  /// What was written to the two streams.
  private final class Record: Sendable {
    private let texts = Mutex((output: "", message: ""))

    var output: String { texts.withLock { $0.output } }
    var message: String { texts.withLock { $0.message } }

    func console(_ color: TerminalFacts.ColorChoice) -> Console {
      let facts = TerminalFacts(
        isTerminal: false, reportedWidth: nil, color: color, environment: { _ in nil })
      return Console(
        outputFacts: facts, messageFacts: facts,
        output: { text in self.texts.withLock { $0.output += text } },
        message: { text in self.texts.withLock { $0.message += text } })
    }
  }

  private func run(
    _ line: [String], on record: Record,
    body: @escaping @Sendable (Invocation, Console) throws -> ExitCode = { _, _ in .success }
  ) -> ExitCode {
    Sample.program.run(
      line, verbs: Sample.program.commands.map { Verb($0, run: body) },
      environment: { _ in nil }, console: record.console)
  }

  @Test func resultsGoToOutputAndErrorsToMessages() {
    let record = Record()
    #expect(run(["--version"], on: record) == .success)
    #expect(record.output == "sample 1.2.3\n")
    #expect(record.message == "")
    #expect(run(["--versio"], on: record) == .usage)
    #expect(record.output == "sample 1.2.3\n")
    #expect(
      record.message
        == "error: unknown option --versio\nhint:  did you mean --version?   (sample help)\n")
  }

  @Test func theVerbDecidesHowItEnds() {
    let record = Record()
    let code = run(["train", "-e3"], on: record) { invocation, console in
      try console.output("\(invocation[Sample.epochs])")
      return .negative
    }
    #expect(code == .negative)
    #expect(record.output == "3")
  }

  @Test func colourIsTheChoiceOfTheCommandLine() {
    let record = Record()
    let code = run(["train", "--color", "always"], on: record) { _, console in
      try console.output(console.outputFacts.style.bold("x"))
      return .success
    }
    #expect(code == .success)
    #expect(record.output == "\u{1B}[1mx\u{1B}[0m")
  }

  @Test func failuresBecomeSentencesAndCodes() {
    struct Odd: Error {}
    let record = Record()
    let refusal = run(["train"], on: record) { _, _ in
      throw CommandFailure(.memoryRefused, "needs 9 GiB", hint: "smaller --batch")
    }
    #expect(refusal == .memoryRefused)
    #expect(record.message == "error: needs 9 GiB\nhint:  smaller --batch\n")
    #expect(run(["train"], on: Record()) { _, _ in throw Odd() } == .internalError)
    #expect(
      run(["train"], on: Record()) { _, _ in throw OutputStream.Failure(code: 32) } == .outputClosed
    )
    #expect(
      run(["train"], on: Record()) { _, _ in throw OutputStream.Failure(code: 28) } == .cannotWrite)
  }
}
