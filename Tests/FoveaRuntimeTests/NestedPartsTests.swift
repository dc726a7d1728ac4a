import FoveaCompiler
import FoveaTensor
import Testing

@testable import FoveaRuntime

/// Parts are computed inside what they are concatenated to, and slices are views: nothing may be
/// written over that somebody still reads.
@Suite struct NestedPartsTests {
  private let x = Images.form(Images.integers([1, 16, 6, 6], "x"), .blocked)

  private func layer(_ x: Tensor, _ seed: String) -> Tensor {
    x.convolved(with: Images.integers([16, x.shape[1], 1, 1], seed))
  }

  /// Runs twice: what the first run leaves behind must not show in the second.
  private func check(_ tensors: [Tensor], copies: Int? = nil) throws {
    try KernelPolicy.with(.deterministic) { () throws in
      for run in 1...2 { #expect(try FastPath.error(tensors) == 0, "run \(run)") }
      guard let copies else { return }
      let found = try FastPath.kernels(tensors).filter { $0 == "copy" }.count
      #expect(found == copies)
    }
  }

  @Test func partsAreMadeInTheirPlace() throws {
    let y = Tensor.concatenated([layer(x, "a").relu(), layer(x, "b")], axis: 1)
    try check([layer(y, "c")], copies: 0)
  }

  @Test func aPartMayBeReadByOthers() throws {
    let (a, b) = (layer(x, "a").relu(), layer(x, "b"))
    let y = Tensor.concatenated([a, b], axis: 1)
    try check([layer(y, "c") + a, a * 2 - b, y])
  }

  @Test func onlyOneListHasAPart() throws {
    let (a, b) = (layer(x, "a"), layer(x, "b"))
    let (y, z) = (Tensor.concatenated([a, b], axis: 1), Tensor.concatenated([b, a], axis: 1))
    try check([layer(y, "c") + layer(z, "d"), layer(.concatenated([a, a], axis: 1), "e")])
  }

  @Test func listsGrowInOnePlace() throws {
    var found = [layer(x, "first")]
    for step in 0..<4 { found.append(layer(.concatenated(found, axis: 1), "step \(step)").relu()) }
    try check([layer(.concatenated(found, axis: 1), "last")], copies: 0)
  }

  @Test func aSumOverTheWholeLeavesThePartsAlone() throws {
    let (a, b) = (layer(x, "a"), layer(x, "b"))
    let y = Tensor.concatenated([a, b], axis: 1)
    let geometry = ConvolutionGeometry(
      stride: [1, 1], dilation: [1, 1], low: [0, 0], high: [0, 0], groups: 1)
    let wide = try Tensor.recording(
      FusedConvolution(geometry, hasBias: false, hasResidual: true),
      [layer(a, "c"), Images.integers([32, 16, 1, 1], "d"), y])
    try check([layer(wide, "e"), a * 3 + b])
    try check([layer(y.relu() * 2, "e"), a * 3 + b])
  }

  @Test func constantPartsDoNotMakeAConstant() throws {
    let still = Tensor(Images.integers([1, 16, 6, 6], "still").value!, role: .state)
    let weights = Tensor(Images.integers([16, 16, 1, 1], "w").value!, role: .state)
    let constant = still.convolved(with: weights)
    try check([layer(.concatenated([constant, layer(x, "a")], axis: 1), "b")])
  }

  @Test func batchesAreCutAndJoinedWithoutCopies() throws {
    let batch = Images.form(Images.integers([4, 16, 6, 6], "batch"), .blocked)
    let parts = (0..<4).map { layer(batch.sliced(axis: 0, from: $0, to: $0 + 1), "w").relu() }
    try check([layer(.concatenated(parts, axis: 0), "v")], copies: 0)
    try check([
      .concatenated(parts.reversed(), axis: 0), parts[2] + batch.sliced(axis: 0, from: 1, to: 2),
    ])
  }
}
