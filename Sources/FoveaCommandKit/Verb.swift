/// A verb and what it does.
public struct Verb: Sendable {
  /// The verb as data.
  public let command: Command
  /// Runs it; standard output is for results, standard error for the rest.
  public let run: @Sendable (Invocation, Console) throws -> ExitCode

  /// A verb.
  public init(
    _ command: Command, run: @escaping @Sendable (Invocation, Console) throws -> ExitCode
  ) {
    self.command = command
    self.run = run
  }
}

/// Where a verb writes.
public struct Console: Sendable {
  /// Writes results to standard output.
  public let output: @Sendable (String) throws -> Void
  /// Writes messages and progress to standard error.
  public let message: @Sendable (String) -> Void
  /// The facts of standard output.
  public let outputFacts: TerminalFacts
  /// The facts of standard error.
  public let messageFacts: TerminalFacts

  /// A console, for the process or for a test.
  public init(
    outputFacts: TerminalFacts, messageFacts: TerminalFacts,
    output: @escaping @Sendable (String) throws -> Void,
    message: @escaping @Sendable (String) -> Void
  ) {
    self.output = output
    self.message = message
    self.outputFacts = outputFacts
    self.messageFacts = messageFacts
  }

  /// The console of this process.
  public static func standard(color: TerminalFacts.ColorChoice) -> Console {
    Console(
      outputFacts: OutputStream.standardOutput.facts(color: color),
      messageFacts: OutputStream.standardError.facts(color: color),
      output: { try OutputStream.standardOutput.write($0) },
      // Nothing can be said about a failure to say something.
      message: { try? OutputStream.standardError.write($0) })
  }
}

/// A failure that a verb reports with its exit code, as a sentence for a person.
public struct CommandFailure: Error, Equatable {
  /// How the command ends.
  public let code: ExitCode
  /// What happened.
  public let message: String
  /// What to do about it.
  public let hint: String?

  /// A failure.
  public init(_ code: ExitCode, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
