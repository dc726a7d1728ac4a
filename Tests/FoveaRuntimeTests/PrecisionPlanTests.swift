import FoveaNN
import FoveaTensor
import FoveaZoo
import Testing

@testable import FoveaRuntime

/// Plans that multiply bfloat16 numbers, against plans that do not.
@Suite(.enabled(if: Precision.bfloat16.isAvailable)) struct PrecisionPlanTests {
  /// The largest relative difference of the results in two precisions.
  private static func difference(_ tensors: [Tensor]) throws -> Double {
    let wide = try Engine.run(results: tensors).results
    let narrow = try withPrecision(.bfloat16) { try Engine.run(results: tensors).results }
    var worst = 0.0
    for (a, b) in zip(wide, narrow) {
      let error = zip(a.scalars, b.scalars).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let norm = a.scalars.reduce(0) { $0 + $1 * $1 }
      worst = max(worst, (error / max(norm, 1e-300)).squareRoot())
    }
    return worst
  }

  /// Numbers around 0, always the same.
  private static func noise(_ shape: Shape, seed: UInt64) -> Tensor {
    withSeed(seed) { Parameter(.normal(deviation: 1), shape: shape).tensor.detached() }
  }

  private static func plain() -> Sequential {
    Sequential {
      Conv2D(in: 3, out: 24, kernel: 3, padding: 1)
      ReLU()
      MaxPool(2)
      Conv2D(in: 24, out: 20, kernel: 3)
      Tanh()
      Flatten()
      Linear(in: 20 * 6 * 6, out: 30)
      ReLU()
      Linear(in: 30, out: 5)
    }
  }

  private static func normalized() -> Sequential {
    Sequential {
      Conv2D(in: 3, out: 32, kernel: 3, padding: 1, bias: false)
      BatchNorm(32)
      ReLU()
      Conv2D(in: 32, out: 32, kernel: 3, padding: 1, groups: 32, bias: false)
      BatchNorm(32)
      ReLU()
      Conv2D(in: 32, out: 17, kernel: 1, bias: false)
      BatchNorm(17)
      ReLU()
      Flatten()
      Linear(in: 17 * 16 * 16, out: 5)
    }
  }

  @Test(arguments: [0, 1]) func inferenceIsNearFloat32(_ which: Int) throws {
    let model = withSeed(3) { which == 0 ? Self.plain() : Self.normalized() }
    let x = Self.noise([4, 3, 16, 16], seed: 4)
    let difference = try Self.difference([model(x)])
    #expect(difference < 2e-2)
    // Were it 0, nothing would have been lowered.
    #expect(difference > 1e-5)
  }

  @Test(arguments: [0, 1]) func gradientsAreNearFloat32(_ which: Int) throws {
    let model = withSeed(5) { which == 0 ? Self.plain() : Self.normalized() }
    let x = Self.noise([4, 3, 16, 16], seed: 6)
    let y = withMode(.training) { model(x) }
    let found = gradients(
      of: (y * Self.noise(y.shape, seed: 7)).sum(),
      withRespectTo: model.parameters.filter(\.isTrainable).map(\.tensor))
    let difference = try Self.difference([y] + found)
    #expect(difference < 2e-2)
    #expect(difference > 1e-5)
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
    let refusal = PrecisionRefusal(precision: .bfloat16)
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
