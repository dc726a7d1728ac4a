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
    if invocation[training], invocation[dtype] == "int8" {
      throw UsageError("int8 is for inference", hint: "--dtype bf16")
    }
    guard !(invocation[training] && invocation[inference]) else {
      throw UsageError(
        "--training and --inference exclude each other", seeAlso: "fovea help bench")
    }
    let subject = try BenchSubject(
      try ModelResolver.network(what), batch: invocation[batch], dtype: invocation[dtype],
      optimizer: invocation[training] ? invocation[optimizer] : nil)
    return try withPrecision(subject.precision) {
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
