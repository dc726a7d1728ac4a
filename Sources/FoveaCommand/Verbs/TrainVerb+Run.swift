import Fovea
import FoveaCommandKit
import FoveaRuntime

extension TrainVerb {
  static let verb = Verb(command) { invocation, console in
    try EngineOptions.with(invocation, console) {
      let precision = try PrecisionName.precision(invocation[precision]) {
        throw CalibrationError.isTraining
      }
      return try withPrecision(precision) {
        var run = TrainingRun(invocation, console)
        return try run.run()
      }
    }
  }
}

/// One training run on the built-in digits.
private struct TrainingRun {
  private static let trainingCount = 12_000
  private static let testCount = 2_000

  private let console: Console
  private let epochs: Int
  private let batch: Int
  private let minutes: Double?
  private let writesJSON: Bool
  private let isQuiet: Bool
  private let digits: Digits
  private let model: any Layer
  private let picture: Shape
  private let optimizer: AnyOptimizer
  private let step: (Tensor, Tensor) throws -> Float
  private let order: ShuffledOrder

  init(_ invocation: Invocation, _ console: Console) {
    self.console = console
    epochs = invocation[TrainVerb.epochs]
    batch = invocation[TrainVerb.batch]
    minutes = invocation[TrainVerb.minutes]
    writesJSON = invocation[TrainVerb.json]
    isQuiet = invocation[TrainVerb.quiet]
    let seed = UInt64(invocation[TrainVerb.seed])
    digits = Digits(seed: seed)
    let entry = Zoo.entry(named: invocation[TrainVerb.model])!
    let model = withSeed(seed) { entry.make() }
    self.model = model
    picture = entry.input
    let name = invocation[TrainVerb.optimizer]
    optimizer = AnyOptimizer(
      name, for: model,
      learningRate: invocation[TrainVerb.learningRate] ?? AnyOptimizer.usualRate(name))
    step = optimizer.recorded { crossEntropy(model($0), $1) }
    order = ShuffledOrder(seed: seed, count: Self.trainingCount)
    if !isQuiet {
      console.message(
        "\(entry.title), \(NumberText.grouped(entry.parameterCount)) parameters, "
          + "\(NumberText.grouped(Self.trainingCount)) digits drawn for training, "
          + "\(NumberText.grouped(Self.testCount)) others for the test\n")
    }
  }

  mutating func run() throws -> ExitCode {
    let start = monotonicSeconds()
    for epoch in 1...epochs {
      let (loss, isOver) = try train(epoch, since: start)
      let accuracy = try test()
      if writesJSON {
        // All plans of the run have been made by then.
        let kernels =
          epoch == 1
          ? [
            JSONField("machine", .string(KernelChoices.machine)),
            JSONField("kernels", KernelChoices.used.json),
          ] : []
        let line = JSONValue.object(
          [
            JSONField("schema", .string("fovea.train/1")), JSONField("epoch", .integer(epoch)),
            JSONField("loss", .number(loss)), JSONField("accuracy", .number(accuracy)),
            JSONField("seconds", .number(monotonicSeconds() - start)),
          ] + kernels)
        try console.output("\(line.line)\n")
      } else if !isQuiet {
        console.message("            \(NumberText.percent(accuracy)) of unseen digits are right\n")
      }
      try Divergence.check(epoch: loss, epoch, guessing: 2.302585)
      if isOver || epoch == epochs {
        if !writesJSON {
          try console.output(
            "accuracy \(NumberText.percent(accuracy)) on \(Self.testCount) unseen digits\n")
        }
        return isOver ? .budgetSpent : .success
      }
    }
    return .success
  }

  /// One pass over the training digits; the mean loss, and whether the time is up.
  private func train(_ epoch: Int, since start: Double) throws -> (loss: Double, isOver: Bool) {
    let write: (String) -> Void = { [isQuiet, console] in
      if !isQuiet { console.message($0) }
    }
    var progress = Progress(
      stage: "epoch \(epoch)/\(epochs)", unit: "img", total: Self.trainingCount,
      facts: console.messageFacts, write: write)
    var (sum, steps) = (0.0, 0)
    for begin in stride(from: 0, to: Self.trainingCount, by: batch) {
      let end = min(begin + batch, Self.trainingCount)
      let (images, labels) = digits.batch(
        split: .training, indices: (begin..<end).map { order.index(at: $0, epoch: epoch) })
      let loss: Float
      do {
        loss = try step(images, labels)
      } catch let refusal as MemoryRefusal {
        throw try withMode(.training) {
          try optimizer.naming(refusal, end - begin) { objective(batch: $0) }
        }
      }
      sum += Double(loss)
      steps += 1
      try Divergence.check(step: loss, steps, of: epoch)
      progress.advance(by: end - begin, note: "loss \(NumberText.fixed(sum / Double(steps), 4))")
      let isLast = epoch == epochs && end == Self.trainingCount
      if let minutes, !isLast, monotonicSeconds() - start > minutes * 60 {
        progress.finish("loss \(NumberText.fixed(sum / Double(steps), 4))")
        return (sum / Double(steps), true)
      }
    }
    progress.finish("loss \(NumberText.fixed(sum / Double(steps), 4))")
    return (sum / Double(steps), false)
  }

  /// The loss of a batch nobody has drawn, recorded and not computed.
  private func objective(batch: Int) -> Tensor {
    crossEntropy(
      model(Tensor.placeholder(TensorType(Shape([batch] + picture.extents)))),
      Tensor.placeholder(TensorType([batch], .int32)))
  }

  /// The share of test digits that are recognised.
  private func test() throws -> Double {
    var right = 0.0
    for begin in stride(from: 0, to: Self.testCount, by: 500) {
      let indices = begin..<min(begin + 500, Self.testCount)
      let (images, labels) = digits.batch(split: .test, indices: indices)
      right += Double(try accuracy(model(images), labels).tryScalar()) * Double(indices.count)
    }
    return right / Double(Self.testCount)
  }
}
