import FoveaNN
import FoveaRuntime
import FoveaTensor
import FoveaZoo
import Testing

@testable import FoveaTraining

/// A step that is recorded once against `optimizer.tryStep`, to the bit.
@Suite struct TrainingStepTests {
  /// Two equal models with an optimizer each: one is recorded anew in every step, one is replayed.
  private struct Pair<Rule: UpdateRule, Model: Layer> {
    let (plainModel, replayedModel): (Model, Model)
    let (plain, replayed): (Optimizer<Rule>, Optimizer<Rule>)
    let step: TrainingStep<Rule>
    let calls = Calls()

    init(
      _ rule: Rule, clipping: GradientClipping? = nil, accumulating accumulation: Int = 1,
      _ make: () -> Model
    ) {
      (plainModel, replayedModel) = (withSeed(4, make), withSeed(4, make))
      plain = Optimizer(
        rule, for: plainModel, learningRate: 0.05, clipping: clipping, accumulating: accumulation)
      replayed = Optimizer(
        rule, for: replayedModel, learningRate: 0.05, clipping: clipping,
        accumulating: accumulation)
      step = TrainingStep(replayed) { [calls, replayedModel] images, labels in
        calls.count += 1
        return crossEntropy(replayedModel(images), labels)
      }
    }

    /// The same step by both; the losses are compared at once.
    func advance(_ batch: (images: Tensor, labels: Tensor)) throws {
      let expected = try withMode(.training) {
        try plain.tryStep(minimizing: crossEntropy(plainModel(batch.images), batch.labels))
      }
      #expect(try step(batch.images, batch.labels) == expected)
    }

    func change(_ body: (Optimizer<Rule>, Model) throws -> Void) rethrows {
      try body(plain, plainModel)
      try body(replayed, replayedModel)
    }

    func expectEqual(_ location: SourceLocation = #_sourceLocation) {
      func numbers(_ weights: [String: Tensor]) -> [String: [Float]] {
        weights.mapValues { $0.scalars() }
      }
      #expect(
        numbers(plainModel.weights) == numbers(replayedModel.weights), sourceLocation: location)
      #expect(numbers(plain.state) == numbers(replayed.state), sourceLocation: location)
      #expect(plain.stepCount == replayed.stepCount, sourceLocation: location)
      #expect(plain.accumulatedCount == replayed.accumulatedCount, sourceLocation: location)
    }
  }

  /// How often a loss was said.
  private final class Calls {
    var count = 0
  }

  private static func digits(_ batch: Int, _ seed: UInt64) -> (images: Tensor, labels: Tensor) {
    let images = withSeed(seed) {
      Tensor(drawing: .normal(deviation: 1), shape: [batch, 1, 28, 28])
    }
    let labels = (0..<batch).map { Double(($0 * 7 + Int(seed)) % 10) }
    return (images.detached(), Tensor(labels, shape: [batch], as: .int32))
  }

  private static func corners(_ seed: Int) -> (images: Tensor, labels: Tensor) {
    TrainingTests.batch(seed)
  }

  private static func normalized() -> Sequential {
    Sequential {
      Conv2D(in: 1, out: 4, kernel: 3, padding: 1, bias: false)
      BatchNorm(4)
      ReLU()
      MaxPool(2)
      Flatten()
      Linear(in: 16, out: 2)
    }
  }

  /// Steps of several batch sizes with a learning rate that changes.
  private func follow<Rule: UpdateRule>(_ rule: Rule) throws {
    let lenet = Pair(rule) { LeNet5() }
    for (index, size) in [16, 16, 7, 16, 7, 16].enumerated() {
      lenet.change { optimizer, _ in optimizer.learningRate = 0.01 / Double(index + 1) }
      try lenet.advance(Self.digits(size, UInt64(index)))
    }
    lenet.expectEqual()
    #expect(lenet.calls.count == 2)
    let normalized = Pair(rule, Self.normalized)
    for index in 0..<5 {
      normalized.change { optimizer, _ in optimizer.learningRate = 0.1 / Double(index + 1) }
      try normalized.advance(Self.corners(index))
    }
    normalized.expectEqual()
    #expect(normalized.calls.count == 1)
    #expect(normalized.replayedModel.weights["1.num_batches_tracked"]!.scalars() == [5])
  }

  @Test func momentumIsFollowed() throws { try follow(SGD(momentum: 0.9)) }

  @Test func adamIsFollowed() throws { try follow(Adam()) }

  @Test func aRateThatIsAlsoACountIsFollowed() throws {
    let pair = Pair(Adam(), Self.normalized)
    for (index, rate) in [1.0, 2, 0.5].enumerated() {
      pair.change { optimizer, _ in optimizer.learningRate = rate }
      try pair.advance(Self.corners(index))
    }
    pair.expectEqual()
    #expect(pair.calls.count == 1)
  }

  @Test func gradientsAreAccumulated() throws {
    let pair = Pair(SGD(momentum: 0.9), accumulating: 3, Self.normalized)
    for index in 0..<8 { try pair.advance(Self.corners(index)) }
    pair.expectEqual()
    #expect(pair.replayed.stepCount == 2)
    #expect(pair.replayed.accumulatedCount == 2)
    // One that waits and one that moves.
    #expect(pair.calls.count == 2)
  }

  @Test func clippingMayChange() throws {
    let pair = Pair(SGD(), clipping: .norm(0.1), Self.normalized)
    for index in 0..<6 {
      if index == 2 { pair.change { optimizer, _ in optimizer.clipping = .value(0.01) } }
      if index == 4 { pair.change { optimizer, _ in optimizer.clipping = .norm(0.1) } }
      try pair.advance(Self.corners(index))
    }
    pair.expectEqual()
    #expect(pair.calls.count == 2)
  }

  @Test func newWeightsAndAnOldStateAreTakenOver() throws {
    let pair = Pair(Adam(), Self.normalized)
    for index in 0..<2 { try pair.advance(Self.corners(index)) }
    let (weights, state) = (pair.plainModel.weights, pair.plain.state)
    for index in 2..<4 { try pair.advance(Self.corners(index)) }
    try pair.change { optimizer, model in
      try model.load(weights)
      try optimizer.load(state)
    }
    for index in 4..<6 { try pair.advance(Self.corners(index)) }
    pair.expectEqual()
    #expect(pair.replayed.stepCount == 4)
    #expect(pair.calls.count == 1)
  }

  @Test func whatWaitsToBeComputedIsComputed() throws {
    let pair = Pair(SGD(momentum: 0.9), Self.normalized)
    for index in 0..<4 {
      if index == 2 {
        pair.change { _, model in
          let weight = model.parameters[0]
          weight.tensor = weight.tensor * 0.5
          let scale = model.parameters[1]
          scale.tensor = scale.tensor + 1
        }
      }
      try pair.advance(Self.corners(index))
    }
    pair.expectEqual()
    #expect(pair.calls.count == 2)
  }

  /// Where the numbers of a model and its optimizer are.
  private static func places(_ pair: Pair<SGD, Sequential>) -> [ObjectIdentifier] {
    pair.replayed.allCells.map { ObjectIdentifier($0.tensor.value!) }
  }

  @Test func newWeightsTakeThePlaceOfTheOld() throws {
    let pair = Pair(SGD(momentum: 0.9), Self.normalized)
    try pair.advance(Self.corners(0))
    // Even the first step: it gives them a place of the engine's, and stays there.
    let before = Self.places(pair)
    for index in 1..<4 { try pair.advance(Self.corners(index)) }
    // All but the count of batches, which is a whole number and no element-wise chain.
    let moved = zip(before, Self.places(pair)).count { $0 != $1 }
    #expect(moved <= 1)
    pair.expectEqual()
  }

  @Test func theyDoSoInStepsThatAreRecorded() throws {
    let pair = Pair(SGD(momentum: 0.9), Self.normalized)
    func places() -> [ObjectIdentifier] {
      pair.plain.allCells.map { ObjectIdentifier($0.tensor.value!) }
    }
    try pair.advance(Self.corners(0))
    let before = places()
    for index in 1..<4 { try pair.advance(Self.corners(index)) }
    #expect(zip(before, places()).count { $0 != $1 } <= 1)
    pair.expectEqual()
  }

  @Test func weightsThatSomebodyHoldsStayWhatTheyWere() throws {
    let pair = Pair(SGD(momentum: 0.9), Self.normalized)
    for index in 0..<2 { try pair.advance(Self.corners(index)) }
    let held = pair.replayedModel.parameters.map(\.tensor)
    let values = pair.replayed.allCells.map { $0.tensor.value! }
    let (numbers, plain) = (held.map { $0.scalars() }, values.map { $0.plain().scalars })
    for index in 2..<5 { try pair.advance(Self.corners(index)) }
    #expect(held.map { $0.scalars() } == numbers)
    #expect(values.map { $0.plain().scalars } == plain)
    pair.expectEqual()
  }

  @Test func aRefusedBatchChangesNothing() throws {
    let pair = Pair(Adam(), Self.normalized)
    let bad = Tensor([0, 1, 0, 1, 0, 1, 0, 9], shape: [8], as: .int64)
    for index in 0..<3 {
      #expect(throws: LabelError.self) { try pair.step(Self.corners(index).images, bad) }
      #expect(pair.replayedModel.state.allSatisfy { $0.parameter.pending == nil })
      pair.expectEqual()
      try pair.advance(Self.corners(index))
    }
    pair.expectEqual()
    #expect(pair.calls.count == 1)
  }

  @Test func aLossThatThrowsChangesNothing() throws {
    struct Refusal: Error {}
    let model = withSeed(1, Self.normalized)
    let before = model.weights.mapValues { $0.scalars() }
    let step = TrainingStep(Optimizer(SGD(), for: model, learningRate: 0.1)) { images, labels in
      _ = model(images)
      throw Refusal()
    }
    let batch = Self.corners(0)
    #expect(throws: Refusal.self) { try step(batch.images, batch.labels) }
    let many = TrainingStep(step.optimizer) { images, labels in model(images) }
    #expect(throws: ShapeError.self) { try many(batch.images, batch.labels) }
    #expect(throws: ShapeError("step", "takes 2 tensors, got 1")) { try step(batch.images) }
    #expect(model.state.allSatisfy { $0.parameter.pending == nil })
    #expect(model.weights.mapValues { $0.scalars() } == before)
    #expect(step.optimizer.stepCount == 0)
  }

  @Test func masksAreDrawnAsInStepsThatAreRecorded() throws {
    func losses(_ run: (Sequential, Optimizer<SGD>, Tensor, Tensor) throws -> Float) throws
      -> [Float]
    {
      try withSeed(7) {
        let model = TrainingTests.network()
        let optimizer = Optimizer(SGD(), for: model, learningRate: 0)
        let batch = Self.corners(0)
        return try (0..<4).map { _ in try run(model, optimizer, batch.images, batch.labels) }
      }
    }
    let expected = try losses { model, optimizer, images, labels in
      try withMode(.training) {
        try optimizer.tryStep(minimizing: crossEntropy(model(images), labels))
      }
    }
    var step: TrainingStep<SGD>?
    let replayed = try losses { model, optimizer, images, labels in
      step = step ?? TrainingStep(optimizer) { crossEntropy(model($0), $1) }
      return try step!(images, labels)
    }
    #expect(replayed == expected)
    #expect(Set(replayed).count == 4)
  }

  @Test func aSecondNetworkIsFollowed() throws {
    let (teacher, student) = (StepTests.Line(), StepTests.Line())
    let step = TrainingStep(Optimizer(SGD(), for: student, learningRate: 0)) { batch in
      meanSquaredError(student(batch[0]), teacher(batch[0]))
    }
    for weight: Float in [2, 3, 5] {
      teacher.weight.tensor = Tensor([weight], shape: [1])
      let expected = (weight - 1) * (weight - 1) * 14 / 3
      #expect(abs(try step(StepTests.x) - expected) < 1e-3)
    }
  }

  @Test func frozenWeightsMayBeReplaced() throws {
    let model = StepTests.Line()
    let optimizer = Optimizer(SGD(), for: model, updating: [model.bias], learningRate: 0)
    var count = 0
    let step = TrainingStep(optimizer) { x, y in
      count += 1
      return meanSquaredError(model(x), y)
    }
    for weight: Float in [1, 2, 3] {
      model.weight.tensor = Tensor([weight], shape: [1])
      let expected = [1, 2, 3].map { (x: Float) in (weight * x - 2 * x - 1) }
      let loss = expected.reduce(0) { $0 + $1 * $1 } / 3
      #expect(abs(try step(StepTests.x, StepTests.y) - loss) < 1e-4)
    }
    #expect(count == 1)
  }

  @Test func oldWeightsAreNotKept() throws {
    let pair = Pair(SGD(momentum: 0.9), Self.normalized)
    try pair.advance(Self.corners(0))
    weak let first = pair.replayedModel.parameters[0].tensor.node
    #expect(first != nil)
    weak let before = pair.replayed.memories[0][0].tensor.node
    #expect(before != nil)
    try pair.advance(Self.corners(1))
    try pair.advance(Self.corners(2))
    #expect(first == nil)
    #expect(before == nil)
  }

  @Test func theWeightsOfTheRecordingAreNotKept() throws {
    let pair = Pair(SGD(momentum: 0.9), Self.normalized)
    weak let first = pair.replayedModel.parameters[0].tensor.node
    #expect(first != nil)
    try pair.advance(Self.corners(0))
    #expect(first == nil)
  }
}
