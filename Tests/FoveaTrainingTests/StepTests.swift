import FoveaNN
import FoveaRuntime
import FoveaTensor
import Testing

@testable import FoveaTraining

@Suite struct StepTests {
  struct Line: Layer {
    let weight = Parameter(Tensor([1], shape: [1]))
    let bias = Parameter(Tensor([0], shape: [1]))

    func forward(_ x: Tensor) -> Tensor { x * weight.tensor + bias.tensor }
  }

  static let x = Tensor([1, 2, 3], shape: [3])
  static let y = Tensor([3, 5, 7], shape: [3])

  @Test func movesAgainstTheGradientAndGivesTheLossBefore() {
    let model = Line()
    let optimizer = Optimizer(SGD(), for: model, learningRate: 0.125)
    let loss = optimizer.step(minimizing: meanSquaredError(model(Self.x), Self.y))
    // Differences −2, −3, −4: loss 29/3, gradients 2·(−2 − 6 − 12)/3 and 2·(−9)/3.
    #expect(abs(loss - 29.0 / 3) < 1e-5)
    #expect(abs(model.weight.tensor.scalars()[0] - (1 + 0.125 * 40 / 3)) < 1e-5)
    #expect(abs(model.bias.tensor.scalars()[0] - 0.75) < 1e-5)
    #expect(optimizer.stepCount == 1)
  }

  @Test func whatWasReadBeforeStays() {
    let model = Line()
    let optimizer = Optimizer(Adam(), for: model, learningRate: 0.5)
    let before = model.weight.tensor
    let derived = model.weight.tensor * 2
    let snapshot = model.weights
    for _ in 0..<3 { optimizer.step(minimizing: meanSquaredError(model(Self.x), Self.y)) }
    #expect(before.scalars() == [1])
    #expect(derived.scalars() == [2])
    #expect(snapshot["weight"]!.scalars() == [1])
    #expect(model.weight.tensor.scalars() != [1])
  }

  /// Moves by one random number of its own per step.
  struct Wandering: UpdateRule {
    let memory: [OptimizerMemory] = []

    func update(_ g: Tensor, memory: inout [Tensor], step t: Tensor) -> Tensor {
      let key = Tensor([Double.random(in: 0..<1e9).rounded(), 7], shape: [2], as: .int32)
      let counter = Tensor([0, 0, 0, 0], shape: [4], as: .int32)
      return .randomUniform(g.shape, key: key, counter: counter)
    }
  }

  @Test func aRuleWithNumbersOfItsOwnIsRecordedAnew() {
    let model = Line()
    let optimizer = Optimizer(Wandering(), for: model, learningRate: 1)
    var moved: Set<Float> = []
    for _ in 0..<3 {
      let before = model.bias.tensor.scalars()[0]
      optimizer.step(minimizing: meanSquaredError(model(Self.x), Self.y))
      moved.insert(before - model.bias.tensor.scalars()[0])
    }
    #expect(moved.count == 3)
  }

  @Test func learns() {
    let model = Line()
    let optimizer = Optimizer(SGD(momentum: 0.9), for: model, learningRate: 0.02)
    var last: Float = .infinity
    for _ in 0..<500 { last = optimizer.step(minimizing: meanSquaredError(model(Self.x), Self.y)) }
    #expect(last < 1e-6)
    #expect(abs(model.weight.tensor.scalars()[0] - 2) < 1e-2)
    #expect(abs(model.bias.tensor.scalars()[0] - 1) < 1e-2)
  }

  @Test func movesOnlyWhatItIsGiven() {
    let model = Line()
    let optimizer = Optimizer(SGD(), for: model, updating: [model.bias], learningRate: 0.1)
    optimizer.step(minimizing: meanSquaredError(model(Self.x), Self.y))
    #expect(model.weight.tensor.scalars() == [1])
    #expect(model.bias.tensor.scalars() != [0])
  }

  @Test func theLearningRateMayChange() {
    let model = Line()
    let optimizer = Optimizer(SGD(), for: model, learningRate: 0)
    optimizer.step(minimizing: meanSquaredError(model(Self.x), Self.y))
    #expect(model.weight.tensor.scalars() == [1])
    optimizer.learningRate = 0.1
    optimizer.step(minimizing: meanSquaredError(model(Self.x), Self.y))
    #expect(model.weight.tensor.scalars() != [1])
  }

  @Test func groupsMoveInTheirOwnManner() {
    let model = Line()
    let optimizer = Optimizer(
      SGD(weightDecay: 0.5), for: model,
      groups: [
        ParameterGroup([model.weight], rateFactor: 0.5),
        ParameterGroup([model.bias], weightDecay: 0),
      ], learningRate: 0.125)
    model.bias.tensor = Tensor([2], shape: [1])
    // The gradient of the plain sum is 6 for the weight and 3 for the bias.
    optimizer.step(minimizing: model(Self.x).sum())
    #expect(abs(model.weight.tensor.scalars()[0] - (1 - 0.0625 * 6.5)) < 1e-6)
    #expect(abs(model.bias.tensor.scalars()[0] - (2 - 0.125 * 3)) < 1e-6)
  }

  @Test func weightsDecayAndBiasesDoNot() {
    let model = Sequential {
      Conv2D(in: 1, out: 2, kernel: 3)
      BatchNorm(2)
      Linear(in: 2, out: 2)
    }
    let groups = ParameterGroup.decayingOnlyWeights(of: model)
    #expect(groups.map(\.parameters.count) == [2, 4])
    #expect(groups.map(\.weightDecay) == [nil, 0])
  }

  @Test func gradientsOfSeveralStepsMoveOnce() {
    let (a, b) = (Line(), Line())
    let together = Optimizer(SGD(momentum: 0.5), for: a, learningRate: 0.125)
    let apart = Optimizer(SGD(momentum: 0.5), for: b, learningRate: 0.125, accumulating: 3)
    for _ in 0..<2 {
      together.step(minimizing: a(Self.x).squared().mean())
      for value: Float in [1, 2, 3] {
        #expect(apart.accumulatedCount == Int(value) - 1)
        apart.step(minimizing: b(Tensor([value], shape: [1])).squared().mean())
      }
    }
    #expect(apart.stepCount == 2)
    #expect(abs(a.weight.tensor.scalars()[0] - b.weight.tensor.scalars()[0]) < 1e-5)
    #expect(abs(a.bias.tensor.scalars()[0] - b.bias.tensor.scalars()[0]) < 1e-5)
  }

  @Test func clippingBoundsTheMove() {
    let model = Line()
    let optimizer = Optimizer(SGD(), for: model, learningRate: 1, clipping: .norm(0.5))
    optimizer.step(minimizing: meanSquaredError(model(Self.x), Self.y))
    let move = [model.weight.tensor.scalars()[0] - 1, model.bias.tensor.scalars()[0]]
    #expect(abs((move[0] * move[0] + move[1] * move[1]).squareRoot() - 0.5) < 1e-4)
  }

  @Test func namesParametersTheLossForgets() {
    let model = Line()
    let optimizer = Optimizer(SGD(), for: model, learningRate: 1)
    #expect(
      throws: ShapeError(
        "step",
        "the loss does not depend on 1 of 2 parameters: bias; was it recorded before they moved? "
          + "Otherwise train the others with `updating:`")
    ) { try optimizer.tryStep(minimizing: model.weight.tensor.sum()) }
    let stale = model(Self.x).sum()
    optimizer.step(minimizing: model(Self.x).sum())
    #expect(throws: ShapeError.self) { try optimizer.tryStep(minimizing: stale) }
    #expect(optimizer.stepCount == 1)
  }

  @Test func refusesALossOfManyNumbers() {
    let model = Line()
    let optimizer = Optimizer(SGD(), for: model, learningRate: 1)
    #expect(
      throws: ShapeError(
        "step",
        "takes a loss of one floating-point number, got float32[3]; reduce it first, for "
          + "example with mean()")
    ) { try optimizer.tryStep(minimizing: model(Self.x)) }
  }

  @Test func refusesTheSameParameterTwice() async {
    await #expect(processExitsWith: .failure) {
      let model = Line()
      _ = Optimizer(
        SGD(), for: model, updating: [model.bias, model.bias], learningRate: 1)
    }
  }

  @Test func resumesExactly() throws {
    func run(_ optimizer: Optimizer<Adam>, _ model: Line, steps: Int) {
      for _ in 0..<steps {
        optimizer.step(minimizing: meanSquaredError(model(Self.x), Self.y))
      }
    }
    let (whole, first, second) = (Line(), Line(), Line())
    let never = Optimizer(Adam(), for: whole, learningRate: 0.1, accumulating: 2)
    run(never, whole, steps: 9)
    let before = Optimizer(Adam(), for: first, learningRate: 0.1, accumulating: 2)
    run(before, first, steps: 5)
    let (weights, state) = (first.weights, before.state)
    run(before, first, steps: 1)
    let after = Optimizer(Adam(), for: second, learningRate: 0.1, accumulating: 2)
    try second.load(weights)
    try after.load(state)
    #expect(after.stepCount == 2)
    #expect(after.accumulatedCount == 1)
    run(after, second, steps: 4)
    #expect(whole.weights.mapValues { $0.scalars() } == second.weights.mapValues { $0.scalars() })
  }

  @Test func aStateIsNamedAndLoadedStrictly() throws {
    let model = Line()
    let optimizer = Optimizer(Adam(), for: model, learningRate: 0.1)
    var state = optimizer.state
    #expect(
      state.keys.sorted() == [
        "bias.exp_avg", "bias.exp_avg_sq", "step", "weight.exp_avg", "weight.exp_avg_sq",
      ])
    state["bias.exp_avg"] = nil
    let error = #expect(throws: WeightMismatch.self) { try optimizer.load(state) }
    #expect(error?.missing == ["bias.exp_avg"])
  }
}
