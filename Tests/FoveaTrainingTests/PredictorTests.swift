import FoveaNN
import FoveaRuntime
import FoveaTensor
import FoveaTraining
import Testing

@Suite struct PredictorTests {
  private let model = withSeed(3) { TrainingTests.network() }

  private func images(_ batch: Int, _ value: Double = 0.5) -> Tensor {
    Tensor(repeating: value, shape: [batch, 1, 4, 4])
  }

  @Test func answersAreThoseOfTheModel() throws {
    let predictor = Predictor(model)
    for batch in [2, 3, 2] {
      for value in [0.5, -1] {
        let x = images(batch, value)
        #expect(try predictor(x).scalars() == model(x).scalars())
        #expect(try predictor(x * 2).scalars() == model(x * 2).scalars())
      }
    }
  }

  @Test func newWeightsGiveNewAnswers() throws {
    let predictor = Predictor(model)
    let before = try predictor(images(2)).scalars()
    let optimizer = Optimizer(SGD(), for: model, learningRate: 0.1)
    let labels = Tensor([0, 1], shape: [2], as: .int64)
    withMode(.training) { _ = optimizer.step(minimizing: crossEntropy(model(images(2)), labels)) }
    let after = try predictor(images(2)).scalars()
    #expect(after == model(images(2)).scalars())
    #expect(after != before)
  }

  @Test func itAnswersAsInInferenceWhateverTheMode() throws {
    let predictor = Predictor(model)
    let expected = model(images(2)).scalars()
    #expect(try withMode(.training) { try predictor(images(2)).scalars() } == expected)
  }

  @Test func whatIsRandomIsDrawnAnew() throws {
    let noisy = Lambda("noise") { x in
      withMode(.training) { Dropout(0.5)(x) }
    }
    let predictor = Predictor(Sequential { noisy })
    let answers = try withSeed(5) {
      try (0..<3).map { _ in try predictor(images(2)).scalars() }
    }
    #expect(Set(answers).count == 3)
  }

  @Test func weightsThatWaitToBeComputedAreComputed() throws {
    let layer = Linear(in: 2, out: 2)
    let predictor = Predictor(layer)
    let x = Tensor([1, 2], shape: [1, 2])
    let first = try predictor(x).scalars()
    layer.weight.tensor = layer.weight.tensor * 2
    #expect(try predictor(x).scalars() == layer(x).scalars())
    #expect(try predictor(x).scalars() != first)
  }
}
