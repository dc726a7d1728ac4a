import FoveaNN
import FoveaRuntime
import FoveaTensor
import Testing

@Suite struct LayerTests {
  static func ramp(_ shape: Shape) -> Tensor {
    Tensor((0..<shape.count).map { Float($0 % 17) / 4 - 2 }, shape: shape)
  }

  /// Layers and what they make of an input, as PyTorch's layers of the same name do.
  static let shapes: [(any Layer, Shape, Shape)] = [
    (Conv1D(in: 4, out: 6, kernel: 3, stride: 2, padding: 1, groups: 2), [2, 4, 9], [2, 6, 5]),
    (Conv2D(in: 3, out: 8, kernel: [3, 5], dilation: [1, 2]), [1, 3, 9, 12], [1, 8, 7, 4]),
    (Conv3D(in: 1, out: 2, kernel: 2, padding: .same), [1, 1, 4, 5, 6], [1, 2, 4, 5, 6]),
    (
      Conv2D(in: 1, out: 1, kernel: 3, padding: 1, paddingMode: .reflect), [1, 1, 4, 4],
      [1, 1, 4, 4]
    ),
    (ConvTransposed1D(in: 4, out: 2, kernel: 3, stride: 2), [1, 4, 5], [1, 2, 11]),
    (
      ConvTransposed2D(in: 4, out: 6, kernel: 4, stride: 2, padding: 1, groups: 2), [2, 4, 5, 6],
      [2, 6, 10, 12]
    ),
    (
      ConvTransposed3D(in: 1, out: 1, kernel: 3, stride: 2, padding: 1, outputPadding: 1),
      [1, 1, 2, 3, 4], [1, 1, 4, 6, 8]
    ),
    (Linear(in: 5, out: 3), [2, 7, 5], [2, 7, 3]),
    (BatchNorm(3), [2, 3, 4], [2, 3, 4]),
    (LayerNorm([3, 4]), [2, 3, 4], [2, 3, 4]),
    (GroupNorm(groups: 2, channels: 4), [2, 4, 3, 3], [2, 4, 3, 3]),
    (InstanceNorm(4), [2, 4, 3, 3], [2, 4, 3, 3]),
    (LocalResponseNorm(3), [2, 4, 3, 3], [2, 4, 3, 3]),
    (MaxPool(3, stride: 2, padding: 1), [1, 2, 7, 7], [1, 2, 4, 4]),
    (MaxPool(2, ceil: true), [1, 2, 7], [1, 2, 4]),
    (AveragePool(2), [1, 2, 6, 6, 6], [1, 2, 3, 3, 3]),
    (AdaptiveAveragePool([2, 3]), [1, 2, 7, 7], [1, 2, 2, 3]),
    (GlobalAveragePool(), [1, 2, 7, 5], [1, 2, 1, 1]),
    (Flatten(), [2, 3, 4, 5], [2, 60]),
    (Upsample(by: 2), [1, 2, 3, 4], [1, 2, 6, 8]),
    (Upsample(to: [5, 7], .linear), [1, 2, 3, 4], [1, 2, 5, 7]),
    (Pad([1, 2]), [1, 2, 3, 4], [1, 2, 5, 8]),
    (Identity(), [2, 3], [2, 3]),
    (Lambda { $0.sum(axes: [1]) }, [2, 3], [2]),
    (PReLU(channels: 3), [2, 3, 4], [2, 3, 4]),
    (Softmax(), [2, 3], [2, 3]),
    (Dropout(), [2, 3], [2, 3]),
  ]

  @Test(arguments: shapes.indices) func givesTheRightShape(_ index: Int) {
    let (layer, input, output) = Self.shapes[index]
    let y = layer(Self.ramp(input))
    #expect(y.shape == output, "\(layer)")
    #expect(y.scalars().allSatisfy { $0.isFinite }, "\(layer)")
  }

  @Test(
    arguments: [
      ReLU(), ReLU6(), LeakyReLU(), ELU(), SELU(), GELU(), GELU(approximately: true), SiLU(),
      Mish(),
      HardSwish(), HardSigmoid(), Sigmoid(), Tanh(), Softplus(),
    ] as [any Layer])
  func activationsAreTheirFunctions(_ layer: any Layer) {
    let x = Tensor([-3, -1, 0.5, 2, 7], shape: [5])
    let function: Tensor =
      switch layer {
      case is ReLU: x.relu()
      case is ReLU6: x.relu6()
      case is LeakyReLU: x.leakyReLU(slope: 0.01)
      case is ELU: x.elu(alpha: 1)
      case is SELU: x.selu()
      case let gelu as GELU: x.gelu(approximately: gelu.approximately)
      case is SiLU: x.silu()
      case is Mish: x.mish()
      case is HardSwish: x.hardSwish()
      case is HardSigmoid: x.hardSigmoid()
      case is Sigmoid: x.sigmoid()
      case is Tanh: x.tanh()
      default: x.softplus()
      }
    #expect(layer(x).scalars() == function.scalars())
    #expect(layer(x).scalars() != x.scalars())
  }

  @Test func batchNormTakesTheBatchInTrainingAndTheHistoryInInference() {
    let norm = BatchNorm(2, momentum: 0.25)
    let x = Tensor([1, 3, 10, 20, 5, 7, 30, 40], shape: [2, 2, 2])
    // Channel 0 holds 1, 3, 5, 7: mean 4, variance 5 of the batch and 20/3 of the population.
    let trained = withMode(.training) { norm(x) }.scalars()
    #expect(abs(trained[0] - -3 / Float(5.00001).squareRoot()) < 1e-5)
    #expect(norm.runningMean!.tensor.scalars() == [1, 6.25])
    let variance = norm.runningVar!.tensor.scalars()
    #expect(abs(variance[0] - (0.75 + 0.25 * 20 / 3)) < 1e-5)
    #expect(abs(variance[1] - (0.75 + 0.25 * 500 / 3)) < 1e-3)
    #expect(norm.numBatchesTracked!.tensor.doubles() == [1])
    let inferred = norm(x).scalars()
    #expect(abs(inferred[0] - (1 - 1) / (variance[0] + 1e-5).squareRoot()) < 1e-5)
    #expect(norm.numBatchesTracked!.tensor.doubles() == [1])
  }

  @Test func withoutMomentumTheHistoryIsTheMeanOfAllBatches() {
    let norm = BatchNorm(1, momentum: nil)
    withMode(.training) {
      for mean: Float in [1, 2, 6] {
        _ = norm(Tensor([mean - 1, mean + 1], shape: [2, 1]))
      }
    }
    #expect(abs(norm.runningMean!.tensor.scalars()[0] - 3) < 1e-6)
    #expect(abs(norm.runningVar!.tensor.scalars()[0] - 2) < 1e-6)
  }

  @Test func batchNormWithoutHistoryAlwaysTakesTheBatch() {
    let norm = BatchNorm(1, affine: false, tracking: false)
    #expect(norm.namedParameters.isEmpty)
    let x = Tensor([2, 4], shape: [2, 1])
    #expect(norm(x).scalars().map { ($0 * 1000).rounded() } == [-1000, 1000])
  }

  @Test func dropoutOnlyDropsInTraining() {
    let x = Tensor(repeating: 1, shape: [100, 100])
    let layer = Dropout(0.25)
    #expect(layer(x).scalars().allSatisfy { $0 == 1 })
    let dropped = withSeed(2) { withMode(.training) { layer(x) } }.scalars()
    let zeros = dropped.filter { $0 == 0 }.count
    #expect(abs(Double(zeros) / 10_000 - 0.25) < 0.02)
    #expect(dropped.allSatisfy { $0 == 0 || abs($0 - 4 / 3) < 1e-6 })
  }

  @Test func masksFollowTheSeedAndNeverRepeat() {
    let x = Tensor(repeating: 1, shape: [64])
    func masks() -> [[Float]] {
      withSeed(3) { withMode(.training) { (0..<3).map { _ in Dropout()(x).scalars() } } }
    }
    #expect(masks() == masks())
    #expect(Set(masks()).count == 3)
  }

  @Test func wholeChannelsAreDropped() {
    let x = Tensor(repeating: 1, shape: [8, 16, 5])
    let y = withSeed(1) { withMode(.training) { Dropout(0.5, channels: true)(x) } }.scalars()
    let channels = (0..<128).map { Set(y[$0 * 5..<($0 + 1) * 5]) }
    #expect(channels.allSatisfy { $0.count == 1 })
    #expect(Set(channels.map { $0.first! }) == [0, 2])
  }

  @Test func unpoolingPutsNumbersBack() {
    let pool = MaxPool(2)
    let x = Tensor([1, 5, 2, 0, 3, 4, 8, 6, 0, 0, 1, 2, 7, 0, 0, 3], shape: [1, 1, 4, 4])
    let (values, indices) = pool.withIndices(x)
    let y = MaxUnpool(2)(values, indices: indices)
    #expect(values.scalars() == [5, 8, 7, 3])
    #expect(y.scalars() == [0, 5, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 7, 0, 0, 3])
  }

  @Test func circularPaddingGoesAround() {
    let layer = Conv1D(
      in: 1, out: 1, kernel: 3, padding: 1, bias: false, paddingMode: .circular, weights: .ones)
    #expect(layer(Tensor([1, 2, 4, 8], shape: [1, 1, 4])).scalars() == [11, 7, 14, 13])
  }
}
