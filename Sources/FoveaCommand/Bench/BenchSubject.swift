import Fovea
import FoveaCommandKit
import FoveaRuntime

/// A network and what is done with it over and over.
struct BenchSubject {
  let network: NamedNetwork
  let batch: Int
  let isTraining: Bool
  let precision: Precision
  let pass: () throws -> Void

  /// - Parameter name: the optimizer of training steps; `nil` for inference.
  init(_ network: NamedNetwork, batch: Int, dtype: String, optimizer name: String?) throws {
    self.network = network
    self.batch = batch
    isTraining = name != nil
    let model = withSeed(0) { network.make() }
    func images(_ batch: Int) -> Tensor {
      withSeed(1) {
        Tensor(drawing: .normal(deviation: 1), shape: Shape([batch] + network.input.extents))
      }
    }
    let pictures = images(batch)
    precision = try PrecisionName.precision(dtype) {
      // A few are enough, and what is between all layers of many would fill memory.
      try Calibration([images(min(batch, 4))]) { model($0) }
    }
    guard let name else {
      let predictor = Predictor(model)
      pass = {
        do {
          _ = try predictor(pictures).tryScalars()
        } catch let refusal as MemoryRefusal {
          throw try refusal.naming(largestBelow: batch, computing: { model(images($0)) })
        }
      }
      return
    }
    let labels = Tensor(
      (0..<batch).map { Double($0 * 7 % network.classCount) }, shape: [batch], as: .int32)
    let optimizer = AnyOptimizer(name, for: model, learningRate: AnyOptimizer.usualRate(name))
    let step = optimizer.recorded { crossEntropy(model($0), $1) }
    pass = {
      do {
        _ = try step(pictures, labels)
      } catch let refusal as MemoryRefusal {
        throw try withMode(.training) {
          try optimizer.naming(refusal, batch) { batch in
            let labels = Tensor.placeholder(TensorType([batch], .int32))
            return crossEntropy(model(images(batch)), labels)
          }
        }
      }
    }
  }

  /// Milliseconds of one pass.
  func milliseconds() throws -> Double {
    let start = monotonicSeconds()
    try pass()
    return (monotonicSeconds() - start) * 1000
  }

  /// Answers each line `K` of standard input with the times of `K` passes, in milliseconds.
  func serve(_ console: Console) throws -> ExitCode {
    try pass()
    let facts = JSONValue.object([
      JSONField("model", .string(network.entry.name)), JSONField("batch", .integer(batch)),
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
}
