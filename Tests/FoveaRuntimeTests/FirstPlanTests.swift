import FoveaTensor
import FoveaTestSupport
import Testing

@testable import FoveaRuntime

@Suite struct FirstPlanTests {
  static func integers(_ shape: Shape, _ seed: String) -> Tensor {
    var random = TestRandom(seed: seed)
    return Tensor((0..<shape.count).map { _ in Float(Int(random.next() % 9)) - 4 }, shape: shape)
  }

  @Test func convolutionAndItsGradientsAreExact() throws {
    let x = Self.integers([2, 3, 9, 7], "x")
    let w = Self.integers([10, 3, 3, 3], "w")
    let y = x.convolved(with: w, stride: [2, 1], padding: 1)
    let objective = (y.relu() * Self.integers(y.shape, "c")).sum()
    let all = [y] + gradients(of: objective, withRespectTo: [x, w])
    #expect(try FastPath.error(all) == 0)
  }

  @Test func chainsKeepBlockedLayouts() throws {
    let x = Self.integers([2, 20, 5, 5], "x")
    let w = Self.integers([20, 20, 1, 1], "w")
    let b = Self.integers([1, 20, 1, 1], "b")
    let y = (x.convolved(with: w) + b).relu().convolved(with: w).squared() - 0.5
    #expect(try FastPath.error([y]) < 1e-6)
  }
}
