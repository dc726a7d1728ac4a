import CKernels
import Testing

extension KernelTests {
  @Suite struct PeakTests {
    @Test func operationsAreCounted() {
      defer { fk_set_threads(0) }
      fk_set_threads(1)
      forEachVariant { variant in
        let lanes = [FK_ISA_PORTABLE: 4.0, FK_ISA_AVX2: 8, FK_ISA_AVX512: 16][variant]!
        #expect(fk_fma_run(3) == 3 * 2 * 1000 * lanes)
      }
      let hasBFloat16 = fk_cpu_has_bf16() != 0 && fk_active_isa() == FK_ISA_AVX512
      #expect(fk_bf16_run(3) == (hasBFloat16 ? 3 * 4 * 1000 * 16 : 0))
    }

    @Test(arguments: [1, 15, 64, 1000, 4099] as [Int64])
    func everyNumberIsReadAndWritten(count: Int64) {
      let from = (0..<count).map { Float($0) }
      forEachVariant { _ in
        for to in onSeveralThreads({ () -> [Float] in
          var to = [Float](repeating: -1, count: Int(count) + 1)
          #expect(fk_stream_run(&to, from, count, 2) == Double(count) * 16)
          return to
        }) {
          #expect(to.dropLast().elementsEqual(from.map { $0 + 1 }))
          #expect(to.last == -1)
        }
      }
      #expect(fk_stream_run(nil, nil, 0, 1) == 0)
    }
  }
}
