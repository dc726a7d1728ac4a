import CKernels
import Testing

/// Separable blocks of bf16, where the processor multiplies it.
@Suite(.serialized, .enabled(if: fk_cpu_has_bf16() != 0)) struct SeparableHalfTests {
  /// What one to three threads give.
  private func onThreads(_ example: SeparableCase) -> [Float]? {
    defer { fk_set_threads(0) }
    fk_set_threads(1)
    let alone = example.result()
    for threads: Int32 in [2, 3] {
      fk_set_threads(threads)
      #expect(example.result() == alone, "\(example), \(threads) threads")
    }
    return alone
  }

  /// Sums are exact, so that nothing may differ but where the kernel is to round, and how.
  @Test func wholeNumbersAreRoundedWhereTheyMustBe() {
    for seed in 1...160 {
      let example = SeparableCase.random(seed, isExact: true, isHalf: true)
      #expect(onThreads(example) == example.reference().map(Float.init), "\(example)")
    }
  }

  @Test func anyNumbersAreAsCloseAsRoundingsAllow() throws {
    for seed in 200...300 {
      let example = SeparableCase.random(seed, isExact: false, isHalf: true)
      let (values, bounds) = example.boundedReference()
      let result = try #require(onThreads(example), "\(example) was refused")
      let worst = zip(zip(result, values), bounds).map { abs(Double($0.0) - $0.1) / $1 }.max()!
      #expect(worst <= 1, "\(example)")
    }
  }

  @Test func otherVariantsRefuse() {
    defer { _ = fk_force_isa(-1) }
    var block = SeparableCase.random(1, isExact: true, isHalf: true).block
    for variant in [FK_ISA_PORTABLE, FK_ISA_AVX2, FK_ISA_AVX512] {
      #expect(fk_force_isa(Int32(variant.rawValue)) != 0)
      #expect((fk_separable_is_valid(&block) != 0) == (variant == FK_ISA_AVX512))
      #expect((fk_separable_packed(&block) >= 0) == (variant == FK_ISA_AVX512))
    }
    block.half = 0
    block.wide = 1
    #expect(fk_separable_is_valid(&block) == 0)
  }
}
