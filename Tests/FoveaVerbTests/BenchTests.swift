import Foundation
import Fovea
import FoveaCommandKit
import Testing

@Suite struct BenchTests {
  private func object(_ arguments: String...) throws -> [String: Any] {
    let run = VerbRun(["bench"] + arguments + ["--json", "--seconds", "0.05"])
    #expect(run.code == .success, "\(run.messages)")
    #expect(run.messages.isEmpty)
    return try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  private func number(_ object: [String: Any], _ name: String) throws -> Double {
    try #require(object[name] as? Double, "\(name)")
  }

  @Test func theObjectHasItsSchema() throws {
    let object = try object("lenet5", "--batch", "4", "--layers")
    #expect(object["schema"] as? String == "fovea.bench/1")
    #expect(object["model"] as? String == "lenet5")
    #expect(object["weights"] is NSNull)
    #expect(object["batch"] as? Int == 4)
    #expect(object["training"] as? Bool == false)
    let names = ["least", "p5", "median", "p95", "p99"].map { $0 + "Milliseconds" }
    let times = try names.map { try number(object, $0) }
    #expect(times == times.sorted())
    #expect(times[0] > 0)
    let median = try number(object, "medianMilliseconds")
    let rate = try number(object, "picturesPerSecond")
    #expect(abs(rate - 4000 / median) < 1e-6 * rate)
    let summary = ModelSummary(of: Zoo.entry(named: "lenet5")!.make(), input: [4, 1, 28, 28])
    #expect(object["multiplyAdds"] as? Int == summary.multiplyAdds)
    let speed = try number(object, "GFLOPS")
    #expect(abs(speed - 2e-6 * Double(summary.multiplyAdds) / median) < 1e-6 * speed)
    let machine = try #require(object["limits"] as? [String: Any])
    let peak = try number(machine, "peakGFLOPS")
    #expect(abs(try number(object, "shareOfPeak") - speed / peak) < 1e-9)
    #expect((machine["bandwidth"] as? [[String: Any]] ?? []).count >= 2)
    #expect(try number(object, "plannedBytes") > 246_824)
    #expect(try number(object, "residentBytes") > 1e6)
    let (peakBytes, recent) = try (
      number(object, "peakBytes"), number(object, "measuredPeakBytes")
    )
    #expect(peakBytes >= recent)
    #expect(try number(object, "compileSeconds") >= number(object, "tuningSeconds"))
    #expect((object["kernels"] as? [String: String])?.isEmpty == false)
  }

  @Test func everyStepHasItsLayer() throws {
    let object = try object("lenet5", "--batch", "4", "--layers", "--inference")
    let layers = try #require(object["layers"] as? [[String: Any]])
    let paths = layers.compactMap { $0["path"] as? String }
    #expect(paths.count == layers.count)
    for path in ["conv1", "conv2", "fc1", "fc2", "fc3"] {
      #expect(paths.contains(path), "\(path)")
    }
    let sum = try layers.reduce(0.0) { try $0 + number($1, "milliseconds") }
    #expect(abs(sum - (try number(object, "stepMilliseconds"))) < 1e-9)
    let shares = try layers.reduce(0.0) { try $0 + number($1, "share") }
    #expect(abs(shares - 1) < 1e-9)
    let counted = layers.reduce(0) { $0 + ($1["multiplyAdds"] as? Int ?? 0) }
    #expect(counted == object["multiplyAdds"] as? Int)
    for layer in layers {
      #expect(try number(layer, "bytes") > 0)
      let bound = layer["bound"] as? String ?? ""
      #expect(["compute", "memory", "overhead"].contains(bound))
      let ratio = try number(layer, "timeOverLimit")
      #expect((ratio > 4) == (bound == "overhead"))
    }
    let bounds = try #require(object["boundMilliseconds"] as? [String: Double])
    #expect(abs(bounds.values.reduce(0, +) - sum) < 1e-9)
    let kinds = try #require(object["kinds"] as? [[String: Any]])
    let kindSum = try kinds.reduce(0.0) { try $0 + number($1, "milliseconds") }
    #expect(abs(kindSum - sum) < 1e-9)
  }

  @Test func aTrainingStepHasThreeTimesTheWorkAndUpdates() throws {
    let object = try object("lenet5", "--batch", "8", "--layers", "--training")
    let summary = ModelSummary(of: Zoo.entry(named: "lenet5")!.make(), input: [8, 1, 28, 28])
    let work = try #require(object["multiplyAdds"] as? Int)
    // Nobody asks for the gradient of the picture.
    #expect((2 * summary.multiplyAdds..<3 * summary.multiplyAdds).contains(work))
    let layers = try #require(object["layers"] as? [[String: Any]])
    #expect(layers.contains { $0["path"] as? String == "(update)" })
    let operations = layers.filter { $0["path"] as? String == "conv2" }
      .compactMap { $0["operation"] as? String }
    #expect(operations.contains { $0.contains("filter gradient") })
    #expect(operations.contains { $0.contains("image gradient") })
  }

  @Test func theTableIsForPeople() throws {
    let run = VerbRun("bench", "lenet5", "--layers", "--seconds", "0.05")
    #expect(run.code == .success)
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0].hasPrefix("LeNet-5  inference  batch 1  float32"))
    #expect(lines[1].hasPrefix("median "))
    #expect(lines[2].contains(" pictures/s   "))
    #expect(lines[2].hasSuffix(" of the multiply-add peak"))
    #expect(lines[3].hasPrefix("memory planned "))
    let heading = try #require(lines.firstIndex { $0.hasPrefix("layer ") })
    #expect(lines[heading].hasSuffix("time/limit"))
    #expect(lines[(heading + 1)...].contains { $0.hasPrefix("conv1 ") })
    #expect(lines.contains { $0.hasPrefix("kind ") })
    #expect(lines.contains { $0.hasPrefix("bound by compute ") })
    let plain = VerbRun("bench", "lenet5", "--seconds", "0.05")
    #expect(!plain.output.contains("time/limit"))
  }

  @Test func aFileIsTimedWithItsWeights() throws {
    let model = try TinyModel()
    let object = try object(model.path)
    #expect(object["model"] as? String == "lenet5")
    #expect(object["weights"] as? String == model.path)
    #expect(object["layers"] == nil)
    // Two classes instead of ten.
    let summary = ModelSummary(
      of: Zoo.entry(named: "lenet5")!.make(classes: 2), input: [1, 1, 28, 28])
    #expect(object["multiplyAdds"] as? Int == summary.multiplyAdds)
  }

  @Test(arguments: [
    (["lenet5", "--training", "--inference"], ExitCode.usage, "exclude each other"),
    (["resnet81"], .usage, "no network called resnet81"),
    (["/"], .noInput, "is a folder"),
    (["lenet5", "--seconds", "0"], .usage, "--seconds"),
  ])
  func whatCannotBeTimedIsRefused(_ arguments: [String], _ code: ExitCode, _ message: String) {
    let run = VerbRun(["bench"] + arguments)
    #expect(run.code == code)
    #expect(run.messages.contains(message))
    #expect(run.output.isEmpty)
  }

  @Test(arguments: ["--training", "--inference"])
  func theBatchThatFitsIsNamed(_ mode: String) throws {
    func run(_ batch: Int) -> VerbRun {
      VerbRun(
        "bench", "lenet5", mode, "--batch", "\(batch)", "--memory-limit", "24M", "--seconds",
        "0.01")
    }
    let refused = run(50_000)
    #expect(refused.code == .memoryRefused)
    let words = refused.messages.split(separator: " ")
    let place = try #require(
      words.indices.first { words[$0...].starts(with: ["a", "batch", "of"]) })
    let largest = try #require(Int(words[place + 3]))
    #expect((2..<50_000).contains(largest))
    #expect(run(largest).code == .success)
    let next = run(largest + 1)
    #expect(next.code == .memoryRefused)
    #expect(next.messages.contains("; a batch of \(largest) fits, and --memory-limit raises"))
  }
}
