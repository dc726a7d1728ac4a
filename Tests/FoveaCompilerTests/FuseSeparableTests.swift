import FoveaCompiler
import FoveaTensor
import Testing

@Suite struct FuseSeparableTests {
  private let image = PassTests.leaf([2, 3, 6, 6], "image")

  private func pointwise(_ x: Tensor, _ outputs: Int, _ seed: String) -> Tensor {
    x.convolved(with: PassTests.leaf([outputs, x.shape[1], 1, 1], seed))
      + PassTests.leaf([outputs], seed + " bias").reshaped(to: [outputs, 1, 1])
  }

  private func depthwise(_ x: Tensor, _ seed: String, stride: Int = 1) -> Tensor {
    let channels = x.shape[1]
    return x.convolved(
      with: PassTests.leaf([channels, 1, 3, 3], seed), stride: Extents(stride), padding: 1,
      groups: channels)
  }

  /// The names of the blocks that are found, and what the graph computes differently.
  private func blocks(
    _ tensors: [Tensor], where accepts: @escaping @Sendable (SeparableBlock) -> Bool = { _ in true }
  ) -> (names: [String], left: Int) {
    let fused = Pass("both", because: "a block has what follows its convolutions") {
      Pass.dropUnused.run(
        Pass.fuseSeparable { block, _ in accepts(block) }.run(Pass.fuseEpilogue.run($0)))
    }
    let (after, problems) = PassCheck.run(fused, on: tensors)
    #expect(problems == [])
    let names = after.vertices.compactMap { ($0.operation as? SeparableBlock)?.name }
    return (names, after.count(FusedConvolution.self) + after.count(Convolution.self))
  }

  @Test func theBlockOfMobileNetV2IsOne() {
    let x = image.relu()
    let hidden = depthwise(pointwise(x, 8, "expand").clamped(to: 0...6), "filter").relu()
    let found = blocks([pointwise(hidden, 3, "project") + x])
    #expect(
      found.names == [
        "separable convolution+bias+clamp(0.0, 6.0), convolution+relu, convolution+bias+residual"
      ])
    #expect(found.left == 0)
  }

  @Test func theBlocksOfMobileNetFollowOneAnother() {
    var x = image.relu()
    for step in 0..<3 {
      x = pointwise(depthwise(x, "filter \(step)", stride: 1 + step % 2).relu(), 8, "\(step)")
        .relu()
    }
    let found = blocks([x])
    #expect(found.names.count == 3)
    #expect(found.left == 0)
  }

  @Test func whatOthersReadIsComputed() {
    let hidden = pointwise(image, 8, "expand").relu()
    let filtered = depthwise(hidden, "filter")
    // The expansion has two readers, and the depthwise result is an output.
    #expect(blocks([pointwise(filtered, 3, "project"), hidden]).names.count == 1)
    #expect(blocks([pointwise(filtered, 3, "project"), hidden]).left == 1)
    let both = blocks([pointwise(filtered, 3, "project"), filtered])
    #expect(both.names == ["separable convolution+bias+relu, convolution"])
    #expect(both.left == 1)
  }

  @Test func whatIsNotAcceptedStays() {
    let hidden = depthwise(pointwise(image, 8, "expand"), "filter")
    let y = pointwise(hidden, 3, "project")
    #expect(blocks([y]) { _ in false }.left == 3)
    // Without its expansion it may be.
    let part = blocks([y]) { $0.expand == nil }
    #expect(part.names == ["separable convolution, convolution+bias"])
    #expect(part.left == 1)
  }

  @Test func otherConvolutionsAreNoPart() {
    let grouped = pointwise(image, 4, "expand").convolved(
      with: PassTests.leaf([4, 2, 3, 3], "w"), padding: 1, groups: 2)
    #expect(blocks([pointwise(grouped, 3, "project")]).names == [])
    let dense = pointwise(image, 4, "e").convolved(with: PassTests.leaf([4, 4, 3, 3], "v"))
    #expect(blocks([pointwise(dense, 3, "project")]).names == [])
  }

  @Test func aBatchOfBlocksMayBeCut() {
    let hidden = depthwise(pointwise(image.relu(), 8, "expand").relu(), "filter")
    let y = pointwise(hidden, 3, "project")
    let pass = Pass("cut", because: "a block of images is one of its images") {
      Pass.chunkBatch(ChunkingModel(nearByteCount: 1000, farByteCount: 1000, stepCost: 0)).run(
        Pass.fuseSeparable { _, _ in true }.run(Pass.fuseEpilogue.run($0)))
    }
    let (_, problems) = PassCheck.run(pass, on: [y])
    #expect(problems == [])
  }
}
