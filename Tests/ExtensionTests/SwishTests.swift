import Foundation
import Fovea
import Testing

/// An operator from outside: this target sees what is public, and nothing else.
@Suite struct SwishTests {
  static let numbers = [-3, -1.25, -0.5, 0, 0.25, 1, 2.5, 4]
  static let weights = [0.5, -1, 2, 1.5, -0.25, 1, -2, 0.75]

  static func leaf(_ numbers: [Double], as elementType: ElementType = .float64) -> Tensor {
    Tensor(numbers, shape: [2, 4], as: elementType)
  }

  /// What `function` makes of the numbers, as one weighted sum.
  static func objective(of x: Tensor, _ function: (Tensor) -> Tensor) -> Tensor {
    (function(x) * leaf(weights)).sum()
  }

  /// Central differences of the weighted sum along every number.
  static func differences(_ function: (Tensor) -> Tensor) -> [Double] {
    let step = 1e-6
    return numbers.indices.map { index in
      func value(_ by: Double) -> Double {
        var moved = numbers
        moved[index] += by
        return objective(of: leaf(moved), function).doubles()[0]
      }
      return (value(step) - value(-step)) / (2 * step)
    }
  }

  static func gradient(_ function: (Tensor) -> Tensor) -> [Double] {
    let x = leaf(numbers)
    return Fovea.gradient(of: objective(of: x, function), withRespectTo: x).doubles()
  }

  static func expectEqual(_ found: [Double], _ expected: [Double]) {
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) { #expect(abs(a - b) <= 1e-5 + 1e-3 * abs(b)) }
  }

  @Test func meansWhatThePaperSays() {
    // The values of x / (1 + e⁻ˣ) at 1, −1 and 0; with a steep slope it is nearly the ramp.
    let y = Tensor([1, -1, 0], shape: [3], as: .float64).swish().doubles()
    #expect(abs(y[0] - 0.731_058_578_630_005) < 1e-14)
    #expect(abs(y[1] + 0.268_941_421_369_995) < 1e-14)
    #expect(y[2] == 0)
    let steep = Tensor([3, -3], shape: [2]).swish(slope: 100).scalars()
    #expect(steep == [3, 0])
  }

  @Test(arguments: [1, 0.5, -2, 0])
  func gradientsFollowDifferences(_ slope: Double) {
    Self.expectEqual(
      Self.gradient { $0.swish(slope: slope) }, Self.differences { $0.swish(slope: slope) })
  }

  @Test(arguments: [1, 0.5, -2])
  func gradientsOfGradientsFollowDifferences(_ slope: Double) {
    func first(_ x: Tensor) -> Tensor {
      Fovea.gradient(of: x.swish(slope: slope).squared().sum(), withRespectTo: x)
    }
    Self.expectEqual(Self.gradient(first), Self.differences(first))
  }

  @Test func itIsTheSameInSmallerNumbers() {
    let whole = Self.leaf(Self.numbers).swish(slope: 0.5).doubles()
    for (elementType, tolerance) in [(ElementType.float32, 1e-7), (.bfloat16, 4e-3)] {
      let y = Self.leaf(Self.numbers, as: elementType).swish(slope: 0.5)
      #expect(y.elementType == elementType)
      for (a, b) in zip(y.doubles(), whole) { #expect(abs(a - b) <= tolerance * max(1, abs(b))) }
    }
  }

  /// Two layers with the operator between them.
  struct Network: Layer {
    let hidden = Linear(in: 2, out: 8)
    let output = Linear(in: 8, out: 2)

    func forward(_ x: Tensor) -> Tensor { output(hidden(x).swish(slope: 1.5)) }
  }

  @Test func aModelLearnsWithIt() {
    let model = withSeed(3) { Network() }
    let optimizer = Optimizer(Adam(), for: model, learningRate: 0.05)
    let corners = Tensor([0, 0, 0, 1, 1, 0, 1, 1], shape: [4, 2])
    let exclusive = Tensor([0, 1, 1, 0], shape: [4], as: .int64)
    var loss: Float = .infinity
    for _ in 0..<200 {
      loss = optimizer.step(minimizing: crossEntropy(model(corners), exclusive))
    }
    #expect(loss < 0.05)
    #expect(accuracy(model(corners), exclusive).scalar() == 1)
  }

  @Test func itRefusesWhatItCannotTake() {
    let x = Self.leaf(Self.numbers)
    #expect(throws: ShapeError("swish", "takes 1 operand(s), got 2")) {
      try Tensor.recording(Swish(slope: 1), [x, x])
    }
    #expect(
      throws: ShapeError(
        "swish", "takes floating-point numbers, got int32[2, 4]; cast it first")
    ) { try Tensor.recording(Swish(slope: 1), [Self.leaf(Self.numbers, as: .int32)]) }
    #expect(throws: ShapeError("swish", "the slope must be a finite number, got inf")) {
      try Tensor.recording(Swish(slope: .infinity), [x])
    }
  }

  @Test func aMistakeStopsAtTheCallersLine() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Network()(Tensor([1, 2], shape: [1, 2]), file: "Model.swift", line: 17)
        .cast(to: .int32).swish(file: "Main.swift", line: 4)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      text.contains(
        "Main.swift:4: Fatal error: swish: takes floating-point numbers, got int32[1, 2]; cast it "
          + "first"))
  }

  @Test func itIsComputedByItsMeaning() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      setenv("FOVEA_SHOW", "plan", 1)
      _ = Tensor([1, 2], shape: [2]).swish().squared().scalars()
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("each run: swish [meaning]"))
  }
}
