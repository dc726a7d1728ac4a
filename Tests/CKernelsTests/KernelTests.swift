import CKernels
import Testing

/// All suites of kernels, serialized: they force variants and thread counts, which are global.
@Suite(.serialized) struct KernelTests {}

/// The variants this processor runs.
let variants: [fk_isa] = [FK_ISA_PORTABLE, FK_ISA_AVX2, FK_ISA_AVX512].filter { variant in
  let runs = fk_force_isa(Int32(variant.rawValue)) != 0
  fk_force_isa(-1)
  return runs
}

let allTypes: [fk_type] = [
  FK_F32, FK_F64, FK_BF16, FK_F16, FK_S8, FK_U8, FK_S32, FK_S64, FK_BOOL,
]

/// Runs a body with each variant forced.
func forEachVariant(_ body: (fk_isa) throws -> Void) rethrows {
  defer { fk_force_isa(-1) }
  for variant in variants {
    fk_force_isa(Int32(variant.rawValue))
    try body(variant)
  }
}

/// The results of a body on one, two and three threads.
func onSeveralThreads<Result>(_ body: () throws -> Result) rethrows -> [Result] {
  defer { fk_set_threads(0) }
  return try ([1, 2, 3] as [Int32]).map { count in
    fk_set_threads(count)
    return try body()
  }
}
