import FoveaCommandKit

/// The command line: one line per verb, in the order of the help text.
enum CommandTable {
  /// Verbs that do not need the table itself.
  private static let working: [Verb] = [
    TrainVerb.verb, ClassifyVerb.verb, EvaluateVerb.verb, SummaryVerb.verb, ModelsVerb.verb,
    ConvertVerb.verb, BenchVerb.verb,
    DoctorVerb.verb(engine: DoctorVerb.engineEntries),
  ].map(\.sayingRefusals)

  /// The table, as data.
  static let program = Program(
    name: "fovea",
    version: version,
    summary: "trains, explains and ships convolutional networks",
    commands: working.map(\.command) + [
      CompletionVerb.command, HelpVerb.command, VersionVerb.command,
    ])

  /// Every verb with its body.
  static let verbs =
    working + [
      CompletionVerb.verb(for: program), HelpVerb.verb(for: program),
      VersionVerb.verb(for: program),
    ]
}
