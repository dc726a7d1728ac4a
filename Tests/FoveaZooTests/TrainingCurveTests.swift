import FoveaNN
import FoveaRuntime
import FoveaTensor
import FoveaTraining
import FoveaZoo
import Testing

/// Fifty steps from the same weights with the same pictures lose as much as PyTorch's.
@Suite struct TrainingCurveTests {
  private struct Curve: Decodable {
    let name: String
    let batch: Int
    let classes: Int
    let side: Int
    let gain: Double
    let threshold: Float
    let learningRate: Double
    let momentum: Double
    let weightDecay: Double
    let losses: [Double]

    /// Noise, and under it a pattern that tells the class.
    func images(_ step: Int) -> (images: Tensor, labels: Tensor) {
      let count = 3 * side * side
      let hash = Formula.hash("labels/\(step)")
      let labels = (0..<batch).map { Int(Formula.word(hash, $0)) % classes }
      let patterns = labels.flatMap { Formula.even("pattern/\($0)", count) }
      let noise = Formula.even("noise/\(step)", batch * count)
      return (
        Tensor(zip(patterns, noise).map { $0 * 0.5 + $1 }, shape: [batch, 3, side, side]),
        Tensor(labels.map(Double.init), shape: [batch], as: .int32)
      )
    }
  }

  @Test func fiftyStepsLoseWhatPyTorchLoses() throws {
    let curve = try #require(try Goldens.read("training_curve", as: [Curve].self).first)
    let entry = try #require(Zoo.entry(named: curve.name))
    let model = entry.make(classes: curve.classes)
    model.fillByFormula(gain: curve.gain, threshold: curve.threshold)
    let optimizer = Optimizer(
      SGD(momentum: curve.momentum, weightDecay: curve.weightDecay), for: model,
      learningRate: curve.learningRate)
    var worst = 0.0
    // What is measured may differ from run to run; the fixed table does not.
    try KernelPolicy.with(KernelPolicy(tuning: .off)) {
      try withMode(.training) {
        for (step, expected) in curve.losses.enumerated() {
          let (images, labels) = curve.images(step)
          let loss = try optimizer.tryStep(minimizing: crossEntropy(model(images), labels))
          worst = max(worst, abs(Double(loss) - expected) / expected)
        }
      }
    }
    #expect(curve.losses.count == 50)
    #expect(worst <= 1e-3)
  }
}
