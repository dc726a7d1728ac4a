import Fovea
import FoveaCommandKit

extension BenchVerb {
  static let verb = Verb(command) { invocation, console in
    try EngineOptions.with(invocation, console) { try run(invocation, console) }
  }

  private static func run(_ invocation: Invocation, _ console: Console) throws -> ExitCode {
    let what = invocation[subject].first ?? ""
    if what == "operators" { return try OperatorBench(invocation).report(console) }
    if what == "overhead" { return try OverheadBench.report(console, json: invocation[json]) }
    guard !(invocation[training] && invocation[inference]) else {
      throw UsageError(
        "--training and --inference exclude each other", seeAlso: "fovea help bench")
    }
    let network = try ModelResolver.network(what)
    return try PrecisionName.with(invocation[dtype]) {
      let subject = try BenchSubject(
        network, batch: invocation[batch],
        optimizer: invocation[training] ? invocation[optimizer] : nil)
      if invocation[serve] { return try subject.serve(console) }
      let report = BenchReport(
        try BenchRun(
          subject, seconds: invocation[seconds] ?? 3, withLayers: invocation[layers]))
      try console.output(
        invocation[json] ? report.json.line + "\n" : report.text(console.outputFacts))
      return .success
    }
  }
}
