import Fovea
import FoveaCommandKit

extension BenchVerb {
  static let verb = Verb(command) { invocation, console in
    if let count = invocation[threads] { Threads.count = count }
    let what = invocation[subject].first ?? ""
    if what == "operators" { return try OperatorBench(invocation).report(console) }
    if what == "overhead" { return try OverheadBench.report(console, json: invocation[json]) }
    if invocation[training], invocation[dtype] == "int8" {
      throw UsageError("int8 is for inference", hint: "--dtype bf16")
    }
    let subject = try BenchSubject(
      try ModelResolver.network(what), batch: invocation[batch], dtype: invocation[dtype],
      optimizer: invocation[training] ? invocation[optimizer] : nil)
    return try withPrecision(subject.precision) {
      if invocation[serve] { return try subject.serve(console) }
      return try subject.report(console, json: invocation[json])
    }
  }
}

/// A network and what is done with it over and over.
private struct BenchSubject {
  private let entry: ZooEntry
  private let batch: Int
  private let isTraining: Bool
  let precision: Precision
  private let pass: () throws -> Void

  init(_ network: NamedNetwork, batch: Int, dtype: String, optimizer name: String?) throws {
    entry = network.entry
    self.batch = batch
    isTraining = name != nil
    let model = withSeed(0) { network.make() }
    let shape = Shape([batch] + network.input.extents)
    let images = withSeed(1) { Parameter(.normal(deviation: 1), shape: shape).tensor.detached() }
    precision = try PrecisionName.precision(dtype) {
      // A few are enough, and what is between all layers of many would fill memory.
      let few = Shape([min(batch, 4)] + network.input.extents)
      let seen = withSeed(1) { Parameter(.normal(deviation: 1), shape: few).tensor.detached() }
      return try Calibration([seen]) { model($0) }
    }
    if let name {
      let labels = Tensor(
        (0..<batch).map { Double($0 * 7 % network.classCount) }, shape: [batch], as: .int32)
      let optimizer = AnyOptimizer(name, for: model, learningRate: AnyOptimizer.usualRate(name))
      pass = {
        _ = try withMode(.training) { try optimizer.step(crossEntropy(model(images), labels)) }
      }
    } else {
      let predictor = Predictor(model)
      pass = { _ = try predictor(images).tryScalars() }
    }
  }

  /// Answers each line `K` of standard input with the times of `K` passes, in milliseconds.
  func serve(_ console: Console) throws -> ExitCode {
    try pass()
    let facts = JSONValue.object([
      JSONField("model", .string(entry.name)), JSONField("batch", .integer(batch)),
      JSONField("training", .bool(isTraining)), JSONField("threads", .integer(Threads.count)),
      JSONField("precision", .string(Precision.current.description)),
    ])
    try console.output("ready \(facts.line)\n")
    while let line = readLine() {
      guard let count = Int(line), (1...1_000_000).contains(count) else {
        throw UsageError("a line must be a number of passes, got \(visible(line))")
      }
      var text = ""
      for _ in 0..<count { text += "\(try milliseconds())\n" }
      try console.output(text)
    }
    return .success
  }

  func report(_ console: Console, json: Bool) throws -> ExitCode {
    for _ in 0..<3 { try pass() }
    var times: [Double] = []
    let start = monotonicSeconds()
    while times.count < 5 || (monotonicSeconds() - start < 3 && times.count < 1000) {
      times.append(try milliseconds())
    }
    times.sort()
    let median = times[times.count / 2]
    let late = times[min(times.count - 1, times.count * 95 / 100)]
    let rate = Double(batch) / median * 1000
    if json {
      let line = JSONValue.object([
        JSONField("schema", .string("fovea.bench/1")), JSONField("model", .string(entry.name)),
        JSONField("batch", .integer(batch)), JSONField("training", .bool(isTraining)),
        JSONField("precision", .string(Precision.current.description)),
        JSONField("threads", .integer(Threads.count)), JSONField("passes", .integer(times.count)),
        JSONField("medianMilliseconds", .number(median)),
        JSONField("p95Milliseconds", .number(late)),
        JSONField("picturesPerSecond", .number(rate)),
        JSONField("plannedBytes", .integer(MemoryUse.planned)),
        JSONField("peakBytes", .integer(MemoryUse.peak)),
      ])
      try console.output("\(line.line)\n")
    } else {
      try console.output(
        "\(entry.title)  \(isTraining ? "training step" : "inference")  batch \(batch)  "
          + "\(Precision.current)  \(Threads.count) threads\nmedian \(Self.short(median)) ms   95th percentile "
          + "\(Self.short(late)) ms   \(Self.short(rate)) pictures/s   \(times.count) passes\n"
          + "memory planned \(NumberText.bytes(MemoryUse.planned))   peak of the process "
          + "\(NumberText.bytes(MemoryUse.peak))\n")
    }
    return .success
  }

  private func milliseconds() throws -> Double {
    let start = monotonicSeconds()
    try pass()
    return (monotonicSeconds() - start) * 1000
  }

  private static func short(_ value: Double) -> String {
    let digits = value < 10 ? 1000.0 : value < 100 ? 100 : value < 1000 ? 10 : 1
    return "\((value * digits).rounded() / digits)"
  }
}
