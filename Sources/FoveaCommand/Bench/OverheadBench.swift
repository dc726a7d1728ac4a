import Fovea
import FoveaCommandKit
import FoveaRuntime

/// `fovea bench overhead`: what is not computing.
enum OverheadBench {
  /// Milliseconds of one training step, median over several.
  private struct Step {
    /// Recording the step, its gradient and the update.
    var recording = 0.0
    var ordering = 0.0
    var signing = 0.0
    var lookingUp = 0.0

    var sum: Double { recording + ordering + signing + lookingUp }
  }

  static func report(_ console: Console, json: Bool) throws -> ExitCode {
    let step = try resNet50()
    let replay = try replayedResNet50()
    let executor = try ExecutorBenchmark.overhead() / 1e3
    if json {
      let object = JSONValue.object([
        JSONField("schema", "fovea.bench.overhead/1"),
        JSONField("recordingMilliseconds", .number(step.recording)),
        JSONField("orderingMilliseconds", .number(step.ordering)),
        JSONField("signingMilliseconds", .number(step.signing)),
        JSONField("lookUpMilliseconds", .number(step.lookingUp)),
        JSONField("sumMilliseconds", .number(step.sum)),
        JSONField("replayMilliseconds", .number(replay)),
        JSONField("executorMicrosecondsPerStep", .number(executor)),
      ])
      try console.output(object.line + "\n")
    } else {
      try console.output(
        """
        ResNet-50, training step, what is not computing:
        recording   \(text(step.recording)) ms
        ordering    \(text(step.ordering)) ms
        signature   \(text(step.signing)) ms
        look-up     \(text(step.lookingUp)) ms
        sum         \(text(step.sum)) ms
        replay      \(text(replay)) ms instead, where the step is recorded once
        executor    \(text(executor)) µs per step of a plan

        """)
    }
    return .success
  }

  /// The graph is that of the full picture: only the computing is smaller.
  private static func resNet50() throws -> Step {
    let (model, images, labels) = subject()
    let optimizer = AnyOptimizer("sgd", for: model, learningRate: 1e-6)
    return try median(of: \.sum) {
      let start = monotonicSeconds()
      _ = try withMode(.training) { try optimizer.step(crossEntropy(model(images), labels)) }
      let spent = (monotonicSeconds() - start) * 1e3
      let phases = Engine.lastPhases
      var step = Step()
      step.ordering = Double(phases.ordering) / 1e6
      step.signing = Double(phases.signing) / 1e6
      step.lookingUp = Double(phases.planning) / 1e6
      step.recording =
        spent - Double(phases.running) / 1e6 - step.ordering - step.signing - step.lookingUp
      return step
    }
  }

  /// The same of a step that is recorded once: everything but running its plan.
  private static func replayedResNet50() throws -> Double {
    let (model, images, labels) = subject()
    let step = AnyOptimizer("sgd", for: model, learningRate: 1e-6)
      .recorded { crossEntropy(model($0), $1) }
    return try median(of: \.self) {
      let start = monotonicSeconds()
      _ = try step(images, labels)
      return (monotonicSeconds() - start) * 1e3 - Double(Engine.lastPhases.running) / 1e6
    }
  }

  private static func subject() -> (model: ResNet, images: Tensor, labels: Tensor) {
    let model = withSeed(0) { ResNet(.d50) }
    let images = Tensor([Float](repeating: 0.5, count: 2 * 3 * 32 * 32), shape: [2, 3, 32, 32])
    return (model, images, Tensor([1, 2], shape: [2], as: .int32))
  }

  /// The middle one of several measurements, by a number in them.
  private static func median<Measurement>(
    of number: KeyPath<Measurement, Double>, _ measure: () throws -> Measurement
  ) rethrows -> Measurement {
    let measurements = try (0..<23).map { _ in try measure() }
    // The first ones make the plan.
    let warm = measurements.dropFirst(3).sorted { $0[keyPath: number] < $1[keyPath: number] }
    return warm[warm.count / 2]
  }

  private static func text(_ number: Double) -> String { NumberText.fixed(number, 3) }
}
