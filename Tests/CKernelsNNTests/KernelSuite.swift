import CKernels
import Testing

/// All tests of these kernels, one after the other, since the forced instruction set and the
/// number of threads belong to the process.
@Suite(.serialized) struct KernelSuite {}

/// Runs `kernel` with every instruction set this machine has and one to three threads; the results
/// of one instruction set must agree bit for bit, and `check` looks at them once for each.
func onEveryVariant(
  _ kernel: () -> [[Float]], check: (_ results: [[Float]], _ variant: String) -> Void
) {
  defer {
    _ = fk_force_isa(-1)
    fk_set_threads(0)
  }
  for variant in [FK_ISA_PORTABLE, FK_ISA_AVX2, FK_ISA_AVX512] {
    guard fk_force_isa(Int32(variant.rawValue)) != 0 else { continue }
    fk_set_threads(1)
    let alone = kernel()
    for threads: Int32 in [2, 3] {
      fk_set_threads(threads)
      let shared = kernel()
      for (one, other) in zip(alone, shared) {
        let same = zip(one, other).allSatisfy { $0.bitPattern == $1.bitPattern }
        #expect(same, "variant \(variant.rawValue) with \(threads) threads")
      }
    }
    check(alone, "variant \(variant.rawValue)")
  }
}

/// The largest difference in units of `1 + |expected|`; infinity where only one side is finite or
/// NaN.
func distance(_ found: [Float], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  var largest = 0.0
  for (f, e) in zip(found, expected) {
    if f.isNaN && e.isNaN { continue }
    if !e.isFinite && Double(f) == e { continue }
    guard f.isFinite && e.isFinite else { return .infinity }
    largest = max(largest, abs(Double(f) - e) / (1 + abs(e)))
  }
  return largest
}
