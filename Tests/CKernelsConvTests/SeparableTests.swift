import CKernels
import Testing

@Suite(.serialized) struct SeparableTests {
  private static let activations = [
    fk_activation(kind: FK_EPILOGUE_NONE, low: 0, high: 0),
    fk_activation(kind: FK_EPILOGUE_CLAMP, low: 0, high: 6),
    fk_activation(kind: FK_EPILOGUE_SILU, low: 0, high: 0),
    fk_activation(kind: FK_EPILOGUE_HARD_SWISH, low: 0, high: 0),
  ]

  /// A case from a number; everything small, now and then a large image.
  private static func example(_ seed: Int, isExact: Bool) -> SeparableCase {
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
      expands: Int32(expands), projects: Int32(projects), expanded: activation(),
      filtered: activation(), projected: activation())
    return SeparableCase(block, hasResidual: projects == 1 && seed % 3 == 0) {
      isExact ? Float(pick(-3...3)) : Float(pick(-1000...1000)) / 1000
    }
  }

  /// What every instruction set there is gives, with one to three threads.
  private func onEveryVariant(_ example: SeparableCase, _ check: ([Float]) -> Void) {
    defer {
      _ = fk_force_isa(-1)
      fk_set_threads(0)
    }
    for variant in [FK_ISA_PORTABLE, FK_ISA_AVX2, FK_ISA_AVX512] {
      guard fk_force_isa(Int32(variant.rawValue)) != 0 else { continue }
      fk_set_threads(1)
      guard let alone = example.result() else {
        Issue.record("\(example) was refused")
        return
      }
      for threads: Int32 in [2, 3] {
        fk_set_threads(threads)
        #expect(example.result() == alone, "\(example), \(threads) threads")
      }
      check(alone)
    }
  }

  @Test func wholeNumbersAreExact() {
    for seed in 1...120 {
      let example = Self.example(seed, isExact: true)
      let expected = example.reference().map(Float.init)
      onEveryVariant(example) { #expect($0 == expected, "\(example)") }
    }
  }

  @Test func anyNumbersAreClose() {
    for seed in 200...280 {
      let example = Self.example(seed, isExact: false)
      let expected = example.reference()
      let norm = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
      onEveryVariant(example) { result in
        let error = zip(result, expected).reduce(0) { sum, pair in
          sum + (Double(pair.0) - pair.1) * (Double(pair.0) - pair.1)
        }
        #expect(error.squareRoot() <= 2e-6 * norm, "\(example)")
      }
    }
  }

  @Test func whatDoesNotFitIsRefused() {
    let good = Self.example(1, isExact: true).block
    func isValid(_ change: (inout fk_separable) -> Void) -> Bool {
      var block = good
      change(&block)
      return fk_separable_is_valid(&block) != 0
    }
    #expect(isValid { _ in })
    #expect(!isValid { $0.batch = 0 })
    #expect(!isValid { $0.hidden = -1 })
    #expect(!isValid { $0.kernel.0 = 8 })
    #expect(!isValid { $0.stride.1 = 0 })
    #expect(!isValid { $0.low.0 = $0.kernel.0 })
    #expect(!isValid { $0.size.1 = 1 << 40 })
    #expect(
      !isValid {
        $0.expands = 0
        $0.in = $0.hidden + 1
      })
    #expect(!isValid { $0.filtered = fk_activation(kind: FK_EPILOGUE_CLAMP, low: 1, high: 2) })
  }
}
