import FoveaCompiler
import FoveaNN
import FoveaRuntime
import FoveaTensor
import FoveaZoo
import Testing

@testable import FoveaTraining

/// Whatever changes from step to step is a leaf: all steps are one plan.
@Suite struct OnePlanTests {
  private static func signature<Rule>(
    _ optimizer: Optimizer<Rule>, _ loss: Tensor, moving: Bool = true
  ) throws -> GraphSignature {
    let changes = try optimizer.recordChanges(minimizing: loss, moving: moving)
    let outputs = [loss] + changes.map(\.next)
    return GraphSignature(of: outputs, in: topologicalOrder(of: outputs.map(\.node)))
  }

  private static func loss(_ model: Sequential, _ step: Int) -> Tensor {
    let batch = TrainingTests.batch(step)
    return crossEntropy(model(batch.images), batch.labels)
  }

  private static func expectOnePlan<Rule: UpdateRule>(_ rule: Rule) throws {
    try withSeed(1) {
      try withMode(.training) {
        let model = TrainingTests.network()
        let optimizer = Optimizer(
          rule, for: model, learningRate: 0.1, clipping: .norm(1), accumulating: 2)
        var signatures: [[GraphSignature]] = [[], []]
        for step in 0..<6 {
          optimizer.learningRate = 0.1 / Double(step + 1)
          let moves = step % 2 == 1
          signatures[step % 2].append(
            try signature(optimizer, loss(model, step), moving: moves))
          for parameter in model.parameters { parameter.forgetPending() }
          try optimizer.tryStep(minimizing: loss(model, step))
        }
        for kind in signatures { #expect(kind.allSatisfy { $0 == kind[0] }, "\(rule)") }
        #expect(signatures[0][0] != signatures[1][0])
      }
    }
  }

  @Test func everyRuleHasOnePlanForAllSteps() throws {
    try Self.expectOnePlan(SGD(momentum: 0.9, dampening: 0.5, nesterov: true, weightDecay: 0.1))
    try Self.expectOnePlan(Adam(usesLargestMoment: true))
    try Self.expectOnePlan(AdamW())
    try Self.expectOnePlan(RMSProp(momentum: 0.5, centered: true))
    try Self.expectOnePlan(Adagrad(rateDecay: 0.5))
  }

  @Test func aLargeStepIsSaidInMilliseconds() throws {
    let model = ResNet(.d50)
    let optimizer = Optimizer(AdamW(), for: model, learningRate: 0.1)
    let labels = Tensor([Double](repeating: 0, count: 8), shape: [8], as: .int64)
    var fastest = Duration.seconds(100)
    for _ in 0..<5 {
      let time = try ContinuousClock().measure {
        try withMode(.training) {
          let x = Tensor(repeating: 0, shape: [8, 3, 224, 224])
          _ = try optimizer.recordChanges(minimizing: crossEntropy(model(x), labels), moving: true)
        }
      }
      fastest = min(fastest, time)
      for parameter in model.parameters { parameter.forgetPending() }
    }
    print("recording a step of ResNet-50 with AdamW: \(fastest)")
    #expect(fastest < .milliseconds(200))
  }
}
