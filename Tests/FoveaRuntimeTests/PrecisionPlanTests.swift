import FoveaNN
import FoveaTensor
import FoveaZoo
import Testing

@testable import FoveaRuntime

/// Plans that multiply bfloat16 numbers, against plans that do not.
@Suite(.enabled(if: Precision.bfloat16.isAvailable)) struct PrecisionPlanTests {
  /// The relative difference of each result in two precisions.
  private static func differences(_ tensors: [Tensor]) throws -> [Double] {
    let wide = try Engine.run(results: tensors).results
    let narrow = try withPrecision(.bfloat16) { try Engine.run(results: tensors).results }
    return zip(wide, narrow).map { a, b in
      let error = zip(a.scalars, b.scalars).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let norm = a.scalars.reduce(0) { $0 + $1 * $1 }
      return (error / max(norm, 1e-300)).squareRoot()
    }
  }

  /// Numbers around 0, always the same.
  private static func noise(_ shape: Shape, seed: UInt64) -> Tensor {
    withSeed(seed) { Parameter(.normal(deviation: 1), shape: shape).tensor.detached() }
  }

  private static func plain(isSmooth: Bool) -> Sequential {
    Sequential {
      Conv2D(in: 3, out: 24, kernel: 3, padding: 1)
      activation(isSmooth)
      AveragePool(2)
      Conv2D(in: 24, out: 20, kernel: 3)
      activation(isSmooth)
      Flatten()
      Linear(in: 20 * 6 * 6, out: 30)
      activation(isSmooth)
      Linear(in: 30, out: 5)
    }
  }

  private static func normalized(isSmooth: Bool) -> Sequential {
    Sequential {
      Conv2D(in: 3, out: 32, kernel: 3, padding: 1, bias: false)
      BatchNorm(32)
      // Behind a rectifier, the depthwise convolution and the normalisation after it would undo this
      // layer's scale, whose gradient would be 0 but for roundings.
      Tanh()
      Conv2D(in: 32, out: 32, kernel: 3, padding: 1, groups: 32, bias: false)
      BatchNorm(32)
      activation(isSmooth)
      Conv2D(in: 32, out: 17, kernel: 1, bias: false)
      BatchNorm(17)
      activation(isSmooth)
      Flatten()
      Linear(in: 17 * 16 * 16, out: 5)
    }
  }

  private static func activation(_ isSmooth: Bool) -> any Layer {
    isSmooth ? Tanh() : ReLU()
  }

  private static func network(_ which: Int, isSmooth: Bool) -> Sequential {
    withSeed(3) { which == 0 ? plain(isSmooth: isSmooth) : normalized(isSmooth: isSmooth) }
  }

  @Test(arguments: [0, 1], [true, false])
  func inferenceIsNearFloat32(_ which: Int, isSmooth: Bool) throws {
    let model = Self.network(which, isSmooth: isSmooth)
    let x = Self.noise([4, 3, 16, 16], seed: 4)
    let difference = try Self.differences([model(x)])[0]
    #expect(difference < 2e-2)
    // Were it 0, nothing would have been lowered.
    #expect(difference > 1e-5)
  }

  /// Answers whose separable blocks are computed in one pass each.
  @Test(arguments: [("mobilenet_v1", 13), ("mobilenet_v2", 17), ("efficientnet_b0", 15)])
  func mobileNetworksAreNearFloat32(_ name: String, _ blocks: Int) throws {
    let model = withSeed(2) { Zoo.entry(named: name)!.make(classes: 10) }
    let y = model(Self.noise([2, 3, 64, 64], seed: 5))
    let difference = try Self.differences([y])[0]
    #expect(difference < 2e-2 && difference > 1e-4, "\(difference)")
    let kernels = try withPrecision(.bfloat16) { try FastPath.kernels([y]) }
    #expect(kernels.filter { $0 == "separable" }.count == blocks)
  }

  /// A rectifier that is open in one precision may be closed in the other, which no bound on
  /// roundings covers: there only the direction must agree.
  @Test(arguments: [0, 1], [(true, 2e-2), (false, 0.15)])
  func gradientsAreNearFloat32(_ which: Int, _ bound: (isSmooth: Bool, error: Double)) throws {
    let model = Self.network(which, isSmooth: bound.isSmooth)
    let x = Self.noise([4, 3, 16, 16], seed: 6)
    let y = withMode(.training) { model(x) }
    let trainable = model.parameters.filter(\.isTrainable)
    let found = gradients(
      of: (y * Self.noise(y.shape, seed: 7)).sum(), withRespectTo: trainable.map(\.tensor))
    let differences = try Self.differences([y] + found)
    for (index, difference) in differences.enumerated() {
      #expect(difference < bound.error, "result \(index) of \(differences)")
    }
    #expect(differences.max()! > 1e-5)
  }

  @Test func gradientsOfWeightsAreNotRounded() throws {
    let (x, w) = (Self.noise([2, 16, 6, 6], seed: 1), Self.noise([16, 16, 3, 3], seed: 2))
    let y = x.convolved(with: w)
    let g = gradients(of: (y * Self.noise(y.shape, seed: 3)).sum(), withRespectTo: [w])
    let scalars = try withPrecision(.bfloat16) {
      try Engine.run(results: g).results[0].scalars
    }
    let rounded = scalars.filter { Float($0).bitPattern & 0xFFFF == 0 }
    #expect(rounded.count < scalars.count / 10)
  }

  @Test(arguments: Zoo.entries) func inferenceHasNoFallback(_ entry: ZooEntry) throws {
    let model = withSeed(1) { entry.make() }
    let x = Tensor(repeating: 0.5, shape: Shape([2] + entry.input.extents))
    let found = try withPrecision(.bfloat16) {
      try Engine.fallbacks(results: [model(x).softmax()])
    }
    #expect(found == [])
  }

  @Test(arguments: Zoo.entries) func trainingHasNoFallback(_ entry: ZooEntry) throws {
    let step = NetworkPlanTests.trainingStep(of: entry)
    let found = try withPrecision(.bfloat16) {
      try Engine.fallbacks(results: [step.loss], updates: step.updates)
    }
    #expect(found == [])
  }

  @Test func theSameGraphHasAPlanForEachPrecision() throws {
    let x = Self.noise([1, 16, 8, 8], seed: 8)
    let y = x.convolved(with: Self.noise([16, 16, 3, 3], seed: 9))
    let before = try Engine.run(results: [y]).results[0].scalars
    let narrow = try withPrecision(.bfloat16) { try Engine.run(results: [y]).results[0].scalars }
    let after = try Engine.run(results: [y]).results[0].scalars
    #expect(before == after)
    #expect(before != narrow)
  }
}

@Suite struct PrecisionRefusalTests {
  @Test func whatAProcessorLacksIsRefusedInWords() throws {
    let refusal = PrecisionRefusal.bfloat16
    #expect(
      refusal.description
        == "this processor has no instructions for bfloat16 (AVX512_BF16 or AMX); float32 works "
        + "everywhere")
    let plain = try withPrecision(.float32) { Precision.current }
    #expect(plain == .float32)
    if Precision.bfloat16.isAvailable {
      let current = try withPrecision(.bfloat16) { Precision.current }
      #expect(current == .bfloat16)
    } else {
      #expect(throws: refusal) { try withPrecision(.bfloat16) {} }
    }
  }
}
