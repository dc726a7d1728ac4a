import FoveaTensor
import Testing

@testable import FoveaRuntime

@Suite struct ReductionLoweringTests {
  static let functions = Reduction.Function.allCases

  static func axisSets(_ rank: Int) -> [[Int]] {
    (0..<(1 << rank)).map { bits in (0..<rank).filter { bits >> $0 & 1 == 1 } }
  }

  static func reduced(_ x: Tensor, _ function: Reduction.Function, _ axes: [Int]) -> Tensor {
    .record(Reduction(function, axes: axes, keepsAxes: axes.count % 2 == 0), x)
  }

  @Test func plain() throws {
    var cases: [LoweringCase] = []
    for shape in [[7], [3, 5], [2, 3, 4], [2, 1, 3, 5]] as [Shape] {
      let x = LoweringCase.integers(shape)
      for axes in Self.axisSets(shape.rank) {
        for function in Self.functions where function != .product || axes.count < 3 {
          cases.append(
            LoweringCase("\(function) \(shape) \(axes)", Self.reduced(x, function, axes)))
        }
      }
    }
    try LoweringCase.check(cases, count: 144)
  }

  @Test func blocked() throws {
    var cases: [LoweringCase] = []
    for channels in [16, 20, 5, 32, 35] {
      let x = LoweringCase.blocked([2, channels, 3, 2])
      for axes in Self.axisSets(4) {
        for function in [.sum, .mean, .maximum, .minimum] as [Reduction.Function] {
          cases.append(
            LoweringCase("\(function) of \(channels) \(axes)", Self.reduced(x, function, axes)))
        }
      }
    }
    // Means of planes are sums times a reciprocal.
    try LoweringCase.check(cases, count: 320, within: 1e-7)
  }

  @Test func manySpatialAxes() throws {
    var cases: [LoweringCase] = []
    for shape in [[2, 20, 5], [2, 20, 3, 2, 2]] as [Shape] {
      let x = LoweringCase.blocked(shape)
      for axes in Self.axisSets(shape.rank) {
        cases.append(LoweringCase("\(shape) \(axes)", Self.reduced(x, .sum, axes)))
      }
    }
    try LoweringCase.check(cases, count: 40)
  }

  @Test func otherNumbers() throws {
    var cases: [LoweringCase] = []
    for type in [.float64, .int32, .int64, .bfloat16, .int8] as [ElementType] {
      let x = LoweringCase.integers([2, 3, 4], as: type)
      for axes in Self.axisSets(3) {
        for function in Self.functions where function != .mean || type == .float64 {
          guard function != .product || axes.count < 2 else { continue }
          cases.append(
            LoweringCase("\(function) \(type) \(axes)", Self.reduced(x, function, axes)))
        }
      }
    }
    let truths = LoweringCase.integers([3, 4]) .> 0.0
    for axes in Self.axisSets(2) {
      cases.append(LoweringCase("any \(axes)", truths.any(axes: axes)))
      cases.append(LoweringCase("all \(axes)", truths.all(axes: axes)))
    }
    try LoweringCase.check(cases, count: 156)
  }

  @Test func biasGradientIsReadWhereItLies() throws {
    let x = LoweringCase.integers([2, 8, 5, 5])
    let w = LoweringCase.integers([32, 8, 3, 3])
    let b = LoweringCase.integers([1, 32, 1, 1])
    let y = (x.convolved(with: w) + b).relu()
    let gradient = gradients(of: y.sum(), withRespectTo: [b])
    #expect(try FastPath.error(gradient) == 0)
    #expect(try FastPath.fallbacks(gradient) == [])
    // The image on its way in, perhaps, but nothing on its way out.
    #expect(try FastPath.kernels(gradient).contains("reduce"))
    #expect(try FastPath.reorders([y.sum(axes: [0, 2, 3])]) <= 2)
  }

  @Test func largeWholeNumbersKeepTheirDigits() throws {
    let odd = Double(1 << 52) + 1
    let x = Tensor([odd, 2, -1], shape: [3], as: .int64)
    #expect(try Engine.run(results: [x.sum()]).results[0].scalars == [odd + 1])
  }
}
