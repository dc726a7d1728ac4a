import FoveaNN
import FoveaRuntime
import FoveaTensor
import FoveaTraining
import FoveaZoo
import Testing

/// What 8 bits cost a network on pictures of the kind it learned.
@Suite(.enabled(if: Precision.multipliesBytes, "the processor does not multiply bytes"))
struct EightBitAccuracyTests {
  /// With a sum, normalisation to fold, strides and a depthwise layer, on digits.
  private struct Network: Layer {
    let stem = Conv2D(in: 1, out: 40, kernel: 3, padding: 1, bias: false)
    let stemNorm = BatchNorm(40)
    let first = Conv2D(in: 40, out: 40, kernel: 3, stride: 2, padding: 1, bias: false)
    let firstNorm = BatchNorm(40)
    let second = Conv2D(in: 40, out: 40, kernel: 3, padding: 1, groups: 40, bias: false)
    let secondNorm = BatchNorm(40)
    let third = Conv2D(in: 40, out: 40, kernel: 1, bias: false)
    let thirdNorm = BatchNorm(40)
    let answer = Linear(in: 40, out: 10)

    func forward(_ x: Tensor) -> Tensor {
      let a = firstNorm(first(stemNorm(stem(x)).relu())).relu()
      let b = thirdNorm(third(secondNorm(second(a)).relu()))
      return answer((a + b).relu().mean(axes: [2, 3]))
    }
  }

  @Test func digitsAreStillRecognised() throws {
    let digits = Digits(seed: 1)
    let model = withSeed(2) { Network() }
    let optimizer = Optimizer(Adam(), for: model, learningRate: 2e-3)
    for step in 0..<400 {
      let (images, labels) = digits.batch(
        split: .training, indices: step * 64..<(step + 1) * 64)
      _ = withMode(.training) {
        optimizer.step(minimizing: crossEntropy(model(images), labels))
      }
    }
    let seen = digits.batch(split: .training, indices: 30_000..<30_048).0
    let calibration = try Calibration([seen]) { model($0) }
    let (images, labels) = digits.batch(split: .test, indices: 0..<2000)
    let wide = model(images).scalars()
    let narrow = try withPrecision(.int8(calibration)) { try model(images).tryScalars() }
    let truth = labels.scalars().map { Int($0) }
    func answers(_ scores: [Float]) -> [Int] {
      (0..<2000).map { index in
        (0..<10).max { scores[index * 10 + $0] < scores[index * 10 + $1] }!
      }
    }
    func right(_ answers: [Int]) -> Int { zip(answers, truth).filter { $0 == $1 }.count }
    let (own, other) = (answers(narrow), answers(wide))
    let agreeing = zip(own, other).filter { $0 == $1 }.count
    #expect(right(other) > 1600, "the network has learned something")
    #expect(agreeing >= 1940)
    #expect(right(other) - right(own) <= 40)
    // Were they the same, nothing would have been rounded.
    #expect(wide != narrow)
  }
}
