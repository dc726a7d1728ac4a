import FoveaNN
import FoveaRuntime
import FoveaTensor
import Testing

@Suite struct LossTests {
  static let logits = Tensor([2, 0, 0, 0, 3, 0], shape: [2, 3])

  @Test func accuracyIsTheShareOfHits() {
    let labels = Tensor([0, 2], shape: [2], as: .int64)
    #expect(accuracy(Self.logits, labels).scalar() == 0.5)
    #expect(accuracy(Self.logits, labels.cast(to: .int32)).scalar() == 0.5)
  }

  @Test func ignoredLabelsDoNotCountInTheMean() {
    let all = crossEntropy(Self.logits, Tensor([0, -100], shape: [2], as: .int64), ignoring: -100)
    let one = crossEntropy(
      Tensor([2, 0, 0], shape: [1, 3]), Tensor([0], shape: [1], as: .int64))
    #expect(abs(all.scalar() - one.scalar()) < 1e-6)
  }

  @Test func labelsThatAreNoClassAreSeen() {
    let labels = Tensor([0, 7], shape: [2], as: .int64)
    let weights = Tensor([1, 1, 1], shape: [3])
    let losses = [
      crossEntropy(Self.logits, labels), crossEntropy(Self.logits, labels, weights: weights),
    ]
    for loss in Interpreter.evaluate(losses) { #expect(loss.scalars[0].isNaN) }
  }

  @Test func hugeLogitsGiveNumbers() {
    let labels = Tensor([1], shape: [1], as: .int64)
    let loss = crossEntropy(Tensor([1e30, -1e30], shape: [1, 2]), labels).scalar()
    #expect(loss > 1e30 && loss.isFinite)
    let binary = binaryCrossEntropy(
      withLogits: Tensor([1e30, -1e30], shape: [2]), Tensor([1, 0], shape: [2]))
    #expect(binary.scalar() == 0)
  }

  @Test func hingeIsZeroBeyondTheMargin() {
    let loss = hinge(
      Tensor([2, -0.5, 0.25], shape: [3]), Tensor([1, -1, 1], shape: [3]), reduction: .none)
    #expect(loss.scalars() == [0, 0.5, 0.75])
  }

  @Test func refusesWhatBroadcastingWouldHide() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = meanSquaredError(
        Tensor(repeating: 0, shape: [4, 1]), Tensor(repeating: 0, shape: [4]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      text.contains(
        "mean squared error: takes a prediction and a target of one floating-point type, got "
          + "float32[4, 1] and float32[4]"))
  }

  @Test func refusesWeightsOfOtherClasses() async {
    await #expect(processExitsWith: .failure) {
      _ = crossEntropy(
        LossTests.logits, Tensor([0, 1], shape: [2], as: .int64),
        weights: Tensor([1, 1], shape: [2]))
    }
  }
}
