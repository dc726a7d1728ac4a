import FoveaNN
import FoveaRuntime
import FoveaTensor
import FoveaTraining
import FoveaZoo
import Testing

/// Training that multiplies bfloat16 numbers.
@Suite(.enabled(if: Precision.bfloat16.isAvailable)) struct PrecisionTests {
  /// The losses of LeNet-5's first steps on the digits.
  private static func losses(_ precision: Precision, steps: Int) throws -> [Float] {
    let digits = Digits(seed: 3)
    let model = withSeed(3) { LeNet5() }
    let optimizer = Optimizer(Adam(), for: model, learningRate: 1e-3)
    return try withPrecision(precision) {
      try (0..<steps).map { step in
        let batch = digits.batch(split: .training, indices: step * 64..<(step + 1) * 64)
        return try withMode(.training) {
          try optimizer.tryStep(minimizing: crossEntropy(model(batch.images), batch.labels))
        }
      }
    }
  }

  @Test func digitsAreLearnedAsWell() throws {
    let wide = try Self.losses(.float32, steps: 50)
    let narrow = try Self.losses(.bfloat16, steps: 50)
    #expect(wide != narrow)
    // Single batches differ more from one another than the two precisions do.
    func end(_ losses: [Float]) -> Float { losses.suffix(10).reduce(0, +) / 10 }
    #expect(end(wide) < wide[0] * 0.6)
    #expect(abs(end(narrow) - end(wide)) < 0.04 * end(wide))
  }

  @Test func parametersStayFloat32() throws {
    let model = withSeed(4) { LeNet5() }
    let optimizer = Optimizer(SGD(), for: model, learningRate: 1e-6)
    let before = model.fc1.weight.tensor.scalars()
    let x = Tensor(repeating: 0.3, shape: [8, 1, 28, 28])
    let labels = Tensor([Double](repeating: 2, count: 8), shape: [8], as: .int32)
    try withPrecision(.bfloat16) {
      _ = try withMode(.training) {
        try optimizer.tryStep(minimizing: crossEntropy(model(x), labels))
      }
    }
    let after = model.fc1.weight.tensor.scalars()
    // A step far below what 8 bits tell apart is not lost.
    let moved = zip(before, after).filter { $0 != $1 }
    #expect(moved.count > 100)
    #expect(moved.allSatisfy { abs($0 - $1) < 1e-5 })
  }
}
