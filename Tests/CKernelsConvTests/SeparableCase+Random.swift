import CKernels

extension SeparableCase {
  private static let activations = [
    fk_activation(kind: FK_EPILOGUE_NONE, low: 0, high: 0),
    fk_activation(kind: FK_EPILOGUE_CLAMP, low: 0, high: 6),
    fk_activation(kind: FK_EPILOGUE_SILU, low: 0, high: 0),
    fk_activation(kind: FK_EPILOGUE_HARD_SWISH, low: 0, high: 0),
  ]

  /// A case from a number; everything small, now and then a large image.
  static func random(_ seed: Int, isExact: Bool, isHalf: Bool = false) -> SeparableCase {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    func pick(_ range: ClosedRange<Int64>) -> Int64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return range.lowerBound + Int64(state >> 33) % (range.upperBound - range.lowerBound + 1)
    }
    func axis() -> (size: Int64, out: Int64, kernel: Int64, stride: Int64, low: Int64) {
      let (kernel, stride) = (pick(1...7), pick(1...3))
      let (low, high) = (pick(0...kernel - 1), pick(0...3))
      let size = max(pick(1...(seed % 10 == 0 ? 33 : 12)), kernel - low - high, 1)
      return (size, (size + low + high - kernel) / stride + 1, kernel, stride, low)
    }
    let (rows, columns) = (axis(), axis())
    let (expands, projects) = (pick(0...1), pick(0...1))
    let hidden = pick(1...70)
    func activation() -> fk_activation { activations[Int(pick(0...(isExact ? 1 : 3)))] }
    let block = fk_separable(
      batch: pick(1...5), in: expands == 1 ? pick(1...40) : hidden, hidden: hidden,
      out: projects == 1 ? pick(1...70) : hidden, size: (rows.size, columns.size),
      out_size: (rows.out, columns.out), kernel: (rows.kernel, columns.kernel),
      stride: (rows.stride, columns.stride), low: (rows.low, columns.low),
      expands: Int32(expands), projects: Int32(projects), half: isHalf ? 1 : 0,
      wide: isHalf && seed % 4 == 0 ? 1 : 0, expanded: activation(), filtered: activation(),
      projected: activation())
    return SeparableCase(block, hasResidual: projects == 1 && seed % 3 == 0) {
      isExact ? Float(pick(-3...3)) : Float(pick(-1000...1000)) / 1000
    }
  }
}
