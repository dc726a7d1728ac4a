import FoveaCompiler
import FoveaTensor
import Testing

@testable import FoveaRuntime

/// A residual is summed into memory that something else may still read.
@Suite struct ResidualPlanTests {
  private let geometry = ConvolutionGeometry(
    stride: [1, 1], dilation: [1, 1], low: [0, 0], high: [0, 0], groups: 1)

  private func fused(
    _ x: Tensor, _ w: Tensor, _ residual: Tensor, activation: Activation = .relu
  ) throws -> Tensor {
    let bias = Images.integers([w.shape[0]], "bias")
    return try .recording(
      FusedConvolution(geometry, hasBias: true, hasResidual: true, activation: activation),
      [x, w, bias, residual])
  }

  /// Runs twice: what the first run leaves behind must not show in the second.
  private func check(_ tensors: [Tensor], _ words: String) throws {
    for run in 1...2 {
      #expect(try FastPath.error(tensors) == 0, "\(words), run \(run)")
    }
  }

  private let x = Images.form(Images.integers([2, 16, 5, 5], "x"), .blocked)
  private let w = Images.integers([16, 16, 1, 1], "w")

  @Test func residualThatNobodyElseReads() throws {
    let r = Images.form(Images.integers([2, 16, 5, 5], "r"), .blocked)
    try check([try fused(x, w, r)], "own residual")
    try KernelPolicy.with(.deterministic) { () throws in
      #expect(try !FastPath.kernels([try fused(x, w, r)]).contains("memory"), "it is written over")
    }
  }

  @Test func residualThatIsTheImage() throws {
    try check([try fused(x, w, x)], "the image itself")
  }

  @Test func residualThatIsReadLater() throws {
    let r = Images.form(Images.integers([2, 16, 5, 5], "r"), .blocked)
    let y = try fused(x, w, r)
    try check([try fused(y, w, r) * 0.5 + r], "read later")
    try check([y, r], "a result of its own")
  }

  @Test func residualThatIsALeaf() throws {
    try check([try fused(x, w, Images.integers([2, 16, 5, 5], "r"))], "data")
    let state = Images.integers([2, 16, 5, 5], "r").value!
    try check([try fused(x, w, Tensor(state, role: .state))], "state")
    let still = Tensor(Images.integers([2, 16, 5, 5], "x").value!, role: .state)
    let filter = Tensor(w.value!, role: .state)
    let changing = Images.integers([2, 16, 5, 5], "r") * 2
    try check([try fused(still, filter, changing)], "all but the residual is constant")
    try check([try fused(still, filter, Tensor(state, role: .state))], "everything is constant")
  }

  @Test func residualUnderAView() throws {
    let r = Images.form(Images.integers([2, 16, 5, 5], "r"), .blocked).relu()
    let view = r.reshaped(to: [2, 400])
    try check([try fused(x, w, r), view * 2], "a view is read later")
  }
}
