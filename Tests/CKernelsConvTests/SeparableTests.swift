import CKernels
import Testing

@Suite(.serialized) struct SeparableTests {
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
      let example = SeparableCase.random(seed, isExact: true)
      let expected = example.reference().map(Float.init)
      onEveryVariant(example) { #expect($0 == expected, "\(example)") }
    }
  }

  @Test func anyNumbersAreClose() {
    for seed in 200...280 {
      let example = SeparableCase.random(seed, isExact: false)
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
    let good = SeparableCase.random(1, isExact: true).block
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
