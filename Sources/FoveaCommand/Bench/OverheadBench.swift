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
    let executor = try ExecutorBenchmark.overhead() / 1e3
    if json {
      let object = JSONValue.object([
        JSONField("schema", "fovea.bench.overhead/1"),
        JSONField("recordingMilliseconds", .number(step.recording)),
        JSONField("orderingMilliseconds", .number(step.ordering)),
        JSONField("signingMilliseconds", .number(step.signing)),
        JSONField("lookUpMilliseconds", .number(step.lookingUp)),
        JSONField("sumMilliseconds", .number(step.sum)),
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
        executor    \(text(executor)) µs per step of a plan

        """)
    }
    return .success
  }

  /// The graph is that of the full picture: only the computing is smaller.
  private static func resNet50() throws -> Step {
    let model = withSeed(0) { ResNet(.d50) }
    let images = Tensor([Float](repeating: 0.5, count: 2 * 3 * 32 * 32), shape: [2, 3, 32, 32])
    let labels = Tensor([1, 2], shape: [2], as: .int32)
    let optimizer = AnyOptimizer("sgd", for: model, learningRate: 1e-6)
    var steps: [Step] = []
    for _ in 0..<23 {
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
      steps.append(step)
    }
    // The first ones make the plan.
    let warm = steps.dropFirst(3).sorted { $0.sum < $1.sum }
    return warm[warm.count / 2]
  }

  private static func text(_ number: Double) -> String { NumberText.fixed(number, 3) }
}
