import FoveaNN
import FoveaRuntime
import FoveaTensor
import Testing

@testable import FoveaTraining

@Suite struct TrainingTests {
  static let corners = Tensor([0, 0, 0, 1, 1, 0, 1, 1], shape: [4, 2])
  static let exclusive = Tensor([0, 1, 1, 0], shape: [4], as: .int64)

  static func perceptron() -> Sequential {
    Sequential {
      Linear(in: 2, out: 16)
      Tanh()
      Linear(in: 16, out: 2)
    }
  }

  @Test func learnsExclusiveOr() {
    let model = withSeed(1) { Self.perceptron() }
    let optimizer = Optimizer(Adam(), for: model, learningRate: 0.05)
    var losses: [Float] = []
    for _ in 0..<300 {
      losses.append(optimizer.step(minimizing: crossEntropy(model(Self.corners), Self.exclusive)))
    }
    #expect(losses[0] > 0.5)
    #expect(losses.last! < 0.02)
    #expect(accuracy(model(Self.corners), Self.exclusive).scalar() == 1)
  }

  /// A small convolutional network with everything that has a state: statistics, masks, moments.
  static func network() -> Sequential {
    Sequential {
      Conv2D(in: 1, out: 4, kernel: 3, padding: 1, bias: false)
      BatchNorm(4)
      ReLU()
      MaxPool(2)
      Dropout(0.25)
      Flatten()
      Linear(in: 16, out: 2)
    }
  }

  /// Bright above or bright below.
  static func batch(_ step: Int) -> (images: Tensor, labels: Tensor) {
    var random = PhiloxGenerator(seed: 9, stream: UInt64(step))
    var (pixels, labels): ([Float], [Double]) = ([], [])
    for _ in 0..<8 {
      let label = Int.random(in: 0...1, using: &random)
      labels.append(Double(label))
      for row in 0..<4 {
        for _ in 0..<4 {
          pixels.append(Float.random(in: 0...1, using: &random) + (row / 2 == label ? 1 : 0))
        }
      }
    }
    return (Tensor(pixels, shape: [8, 1, 4, 4]), Tensor(labels, shape: [8], as: .int64))
  }

  static func train(seed: UInt64, steps: Int = 20) -> (losses: [Float], weights: [String: [Float]])
  {
    withSeed(seed) {
      withMode(.training) {
        let model = network()
        let optimizer = Optimizer(AdamW(), for: model, learningRate: 0.02)
        let losses = (0..<steps).map { step in
          let batch = batch(step)
          return optimizer.step(minimizing: crossEntropy(model(batch.images), batch.labels))
        }
        return (losses, model.weights.mapValues { $0.scalars() })
      }
    }
  }

  @Test func theSameSeedGivesTheSameRun() {
    let (a, b, c) = (Self.train(seed: 5), Self.train(seed: 5), Self.train(seed: 6))
    #expect(a.losses == b.losses)
    #expect(a.weights == b.weights)
    #expect(a.losses != c.losses)
    #expect(a.losses.last! < a.losses[0])
  }

  @Test func statisticsAreKeptByTheStep() {
    let run = Self.train(seed: 5, steps: 3)
    #expect(run.weights["1.num_batches_tracked"] == [3])
    #expect(run.weights["1.running_mean"] != [0, 0, 0, 0])
  }

  @Test func twoTrainingsAtOnceAreAsOneAfterTheOther() async {
    let alone = (Self.train(seed: 1), Self.train(seed: 2))
    async let first = Task.detached { Self.train(seed: 1) }.value
    async let second = Task.detached { Self.train(seed: 2) }.value
    let together = await (first, second)
    #expect(together.0.losses == alone.0.losses)
    #expect(together.1.losses == alone.1.losses)
    #expect(together.0.weights == alone.0.weights)
    #expect(together.1.weights == alone.1.weights)
  }

  @Test func aStepComputesTheStateOfItsOwnModelOnly() {
    let (a, b) = withSeed(1) { (Self.network(), Self.network()) }
    withMode(.training) {
      let optimizer = Optimizer(SGD(), for: a, learningRate: 0.1)
      let batch = Self.batch(0)
      let forgotten = b(batch.images)
      optimizer.step(minimizing: crossEntropy(a(batch.images), batch.labels))
      #expect(a.state.allSatisfy { $0.parameter.pending == nil })
      #expect(b.state.allSatisfy { $0.parameter.pending != nil })
      _ = forgotten
      b.computeState()
      #expect(b.state.allSatisfy { $0.parameter.pending == nil })
    }
    #expect(a.weights["1.running_mean"]!.scalars() != [0, 0, 0, 0])
    #expect(b.weights["1.running_mean"]!.scalars() != [0, 0, 0, 0])
  }

  @Test func aRefusedStepLeavesTheStateAsItWas() {
    let model = withSeed(1) { Self.network() }
    let before = model.weights.mapValues { $0.scalars() }
    let optimizer = Optimizer(SGD(), for: model, learningRate: 0.1)
    withMode(.training) {
      let logits = model(Self.batch(0).images)
      #expect(throws: ShapeError.self) { try optimizer.tryStep(minimizing: logits) }
    }
    #expect(model.weights.mapValues { $0.scalars() } == before)
  }

  @Test func inferenceReadsTheStatisticsAndKeepsThem() {
    let model = withSeed(1) { Self.network() }
    let images = Self.batch(0).images
    #expect(model(images).scalars() == model(images).scalars())
    #expect(model.state.allSatisfy { $0.parameter.pending == nil })
    let trained = withSeed(2) { withMode(.training) { model(images) } }
    #expect(trained.scalars() != model(images).scalars())
  }
}
