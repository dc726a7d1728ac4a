import FoveaCompiler
import FoveaTensor
import Testing

@testable import FoveaRuntime

/// Separable blocks in plans: what the kernel computes is what its convolutions mean.
@Suite struct SeparablePlanTests {
  /// Expands, filters and projects, with the image added where it fits.
  private func block(
    _ x: Tensor, hidden: Int, out: Int, stride: Int = 1, kernel: Int = 3, _ seed: String,
    _ activation: (Tensor) -> Tensor = { $0.clamped(to: 0...6) }
  ) -> Tensor {
    func weights(_ shape: Shape, _ name: String) -> Tensor {
      Tensor(Images.integers(shape, seed + name).value!, role: .state)
    }
    let expanded = activation(
      x.convolved(with: weights([hidden, x.shape[1], 1, 1], "expand"))
        + weights([hidden], "expand bias").reshaped(to: [hidden, 1, 1]))
    let filtered = activation(
      expanded.convolved(
        with: weights([hidden, 1, kernel, kernel], "filter"), stride: Extents(stride),
        padding: .symmetric(Extents(kernel / 2)), groups: hidden)
        + weights([hidden], "filter bias").reshaped(to: [hidden, 1, 1]))
    let y =
      filtered.convolved(with: weights([out, hidden, 1, 1], "project"))
      + weights([out], "project bias").reshaped(to: [out, 1, 1])
    return y.shape == x.shape ? x + y : y
  }

  private func kernels(_ tensors: [Tensor]) throws -> [String] {
    try FastPath.kernels(tensors).filter { $0 == "separable" }
  }

  @Test(arguments: [1, 2, 3, 5]) func blocksInARowAreExact(_ batch: Int) throws {
    let x = Images.integers([batch, 5, 15, 9], "x")
    let first = block(x.relu(), hidden: 20, out: 24, stride: 2, "a")
    let y = block(first, hidden: 33, out: 24, "b")
    #expect(try kernels([y]) == ["separable", "separable"])
    for run in 1...2 { #expect(try FastPath.error([y]) == 0, "run \(run)") }
  }

  @Test func othersMayReadWhatComesInAndGoesOut() throws {
    let x = Images.integers([2, 16, 8, 8], "x").relu()
    let y = block(x, hidden: 32, out: 16, "a")
    #expect(
      try FastPath.error([y.maxPooled(2), x + 1, y * 2, block(y, hidden: 16, out: 8, "b")]) == 0)
  }

  @Test func curvedActivationsAreClose() throws {
    let x = Images.integers([2, 16, 8, 8], "x")
    let y = block(x * 0.125, hidden: 32, out: 16, kernel: 5, "a") {
      ($0 * 0.25) * ($0 * 0.25).sigmoid()
    }
    #expect(try FastPath.error([y]) < 1e-6)
  }

  @Test func trainingKeepsItsConvolutions() throws {
    let x = Images.integers([2, 16, 8, 8], "x")
    let y = block(x, hidden: 32, out: 16, "a")
    let slope = gradients(of: (y * y).sum(), withRespectTo: [x])[0]
    #expect(try kernels([slope]) == [])
    if Precision.bfloat16.isAvailable {
      #expect(try withPrecision(.bfloat16) { try kernels([slope]) } == [])
    }
  }

  /// Of numbers so small that none is rounded; the last block gives all bits of its sums.
  @Test(.enabled(if: Precision.bfloat16.isAvailable), arguments: [1, 2, 3, 5])
  func blocksOfFewerBitsInARowAreExact(_ batch: Int) throws {
    let x = Images.integers([batch, 5, 15, 9], "x")
    let first = block(x.relu(), hidden: 8, out: 7, stride: 2, "a")
    let second = block(first, hidden: 7, out: 7, "b")
    let y = block(second, hidden: 40, out: 24, "c")
    try withPrecision(.bfloat16) { () throws in
      #expect(try kernels([y]) == ["separable", "separable", "separable"])
      for run in 1...2 { #expect(try FastPath.error([y]) == 0, "run \(run)") }
    }
  }

  @Test(.enabled(if: Precision.bfloat16.isAvailable))
  func othersMayReadFewerBitsAsWell() throws {
    let x = Images.integers([3, 16, 5, 5], "x").relu()
    let y = block(x, hidden: 8, out: 16, "a") { $0.clamped(to: 0...1) }
    let z = block(y, hidden: 16, out: 8, "b") { $0 * $0.sigmoid() }
    try withPrecision(.bfloat16) { () throws in
      #expect(try kernels([z]) == ["separable", "separable"])
      #expect(try FastPath.error([y.maxPooled(2), x + 1, y * 2]) == 0)
      #expect(try FastPath.error([z]) < 1e-2)
    }
  }
}
