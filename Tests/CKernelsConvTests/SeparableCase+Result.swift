import CKernels

extension SeparableCase {
  /// What the kernel computes, row-major; `nil` where it refuses, writes beyond its memory, or
  /// leaves lanes beyond the last channel that are not zero.
  func result() -> [Float]? {
    var block = block
    let lanes = Int(fk_separable_lanes())
    let packedCount = fk_separable_packed(&block)
    let scratchBytes = fk_separable_scratch(&block)
    guard packedCount >= 0, scratchBytes >= 0 else { return nil }
    let (pixels, outPixels) = (block.size.0 * block.size.1, block.out_size.0 * block.out_size.1)
    let x = BlockedPixels(x, channels: block.in, pixels: pixels, lanes: lanes, isHalf: isHalf)
    func output() -> BlockedPixels {
      BlockedPixels(
        residual, channels: block.out, pixels: outPixels, lanes: lanes, isHalf: isResultHalf)
    }
    let (y, r) = (output(), output())
    y.fillWithNaN()
    let packed = BlockedPixels(count: Int(packedCount))
    let scratch = BlockedPixels(count: Int(scratchBytes) / 4)
    // What a plan lends holds anything.
    packed.fillWithNaN()
    scratch.fillWithNaN()
    let factors = [expand, depthwise, project].map { BlockedPixels($0, isHalf: isHalf) }
    let added = biases.map { BlockedPixels($0) }
    var filters = fk_separable_filters(
      expand: factors[0].start, depthwise: factors[1].start, project: factors[2].start,
      expand_bias: added[0].floats, depthwise_bias: added[1].floats,
      project_bias: added[2].floats)
    let status = withExtendedLifetime((factors, added)) {
      fk_separable_pack(&block, &filters, packed.floats)
    }
    guard status == FK_OK,
      fk_separable_run(
        &block, x.start, packed.floats, hasResidual ? r.start : nil, y.start, scratch.start,
        scratchBytes) == FK_OK,
      [x, y, r, packed, scratch].allSatisfy(\.isIntact)
    else { return nil }
    return y.rowMajor()
  }
}
