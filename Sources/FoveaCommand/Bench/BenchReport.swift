import Fovea
import FoveaCommandKit

/// What `fovea bench` says of a network.
struct BenchReport {
  private let run: BenchRun

  init(_ run: BenchRun) { self.run = run }

  func text(_ facts: TerminalFacts) -> String {
    let (subject, times, memory) = (run.subject, run.times, run.memory)
    let name = subject.network.file.map { "\(subject.network.entry.title) of \(visible($0))" }
    var text = """
      \(name ?? subject.network.entry.title)  \(subject.isTraining ? "training step" : "inference")  \
      batch \(subject.batch)  \(Precision.current)  \(Threads.count) threads
      median \(Self.short(times.median)) ms   5 % \(Self.short(times.percentile(5)))   \
      95 % \(Self.short(times.percentile(95)))   99 % \(Self.short(times.percentile(99)))   \
      \(times.count) passes
      \(Self.short(run.rate)) pictures/s   \(Self.short(run.speed)) GFLOP/s   \
      \(NumberText.percent(run.shareOfPeak, 1)) of the multiply-add peak
      memory planned \(NumberText.bytes(memory.planned))   in use \(NumberText.bytes(memory.resident))   \
      peak meanwhile \(NumberText.bytes(memory.peak))
      plan made in \(Self.short(run.making.seconds)) s, \(Self.short(run.making.tuningSeconds)) s of it \
      measuring kernels

      """
    if let layers = run.layers { text += "\n" + LayerReport(layers).text(facts) }
    return text
  }

  var json: JSONValue {
    let (subject, times, memory) = (run.subject, run.times, run.memory)
    return .object(
      [
        JSONField("schema", .string("fovea.bench/1")),
        JSONField("model", .string(subject.network.entry.name)),
        JSONField("weights", subject.network.file.map(JSONValue.string) ?? .null),
        JSONField("batch", .integer(subject.batch)),
        JSONField("training", .bool(subject.isTraining)),
        JSONField("precision", .string(Precision.current.description)),
        JSONField("threads", .integer(Threads.count)), JSONField("passes", .integer(times.count)),
        JSONField("medianMilliseconds", .number(times.median)),
        JSONField("leastMilliseconds", .number(times.least)),
        JSONField("p5Milliseconds", .number(times.percentile(5))),
        JSONField("p95Milliseconds", .number(times.percentile(95))),
        JSONField("p99Milliseconds", .number(times.percentile(99))),
        JSONField("picturesPerSecond", .number(run.rate)),
        JSONField("multiplyAdds", .integer(run.multiplyAdds)),
        JSONField("GFLOPS", .number(run.speed)),
        JSONField("shareOfPeak", .number(run.shareOfPeak)),
        JSONField("plannedBytes", .integer(memory.planned)),
        JSONField("residentBytes", .integer(memory.resident)),
        JSONField("measuredPeakBytes", .integer(memory.peak)),
        JSONField("peakBytes", .integer(run.processPeak)),
        JSONField("compileSeconds", .number(run.making.seconds)),
        JSONField("tuningSeconds", .number(run.making.tuningSeconds)),
        JSONField("limits", limits), JSONField("machine", .string(KernelChoices.machine)),
        JSONField("kernels", KernelChoices.used.json),
      ] + (run.layers.map { LayerReport($0).fields } ?? []))
  }

  /// What the machine can do.
  private var limits: JSONValue {
    .object([
      JSONField("peakGFLOPS", .number(run.machine.float32)),
      JSONField(
        "bfloat16PeakGFLOPS", run.machine.bfloat16 > 0 ? .number(run.machine.bfloat16) : .null),
      JSONField(
        "bandwidth",
        .array(
          run.machine.levels.map { level in
            .object([
              JSONField("level", .string(level.name)),
              JSONField("bytes", level.byteCount == .max ? .null : .integer(level.byteCount)),
              JSONField("GBPerSecond", .number(level.speed)),
            ])
          })),
    ])
  }

  /// About three digits.
  static func short(_ value: Double) -> String {
    NumberText.fixed(value, value < 10 ? 3 : value < 100 ? 2 : value < 1000 ? 1 : 0)
  }
}
