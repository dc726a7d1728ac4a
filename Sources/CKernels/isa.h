// How kernels are compiled once per instruction set without compiler flags: a source file per
// variant defines FK_VARIANT and FK_LANES (through one of the three headers' macros below), pushes
// the target attribute, and includes the body.
//
//   #include "isa.h"
//   #if FK_X86
//   #pragma clang attribute push(FK_TARGET_AVX512, apply_to = function)
//   #define FK_VARIANT(name) name##_avx512
//   #define FK_LANES 16
//   #define FK_HAS_FMA 1
//   #include "body.inc"
//   #pragma clang attribute pop
//   #endif
#ifndef FK_ISA_H
#define FK_ISA_H

#include "fk_base.h"

#if defined(__x86_64__)
#define FK_X86 1
#include <immintrin.h>
#define FK_TARGET_AVX512 \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,f16c")))
#define FK_TARGET_BF16 \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma,f16c")))
#define FK_TARGET_AVX2 __attribute__((target("avx2,fma,f16c")))
#else
#define FK_X86 0
#endif

// The table of kernels of the active variant, given one table per variant.
#if FK_X86
#define FK_SELECT(table)                                     \
  (fk_active_isa() == FK_ISA_AVX512 ? &table##_avx512        \
   : fk_active_isa() == FK_ISA_AVX2 ? &table##_avx2          \
                                    : &table##_portable)
#else
#define FK_SELECT(table) (&table##_portable)
#endif

#endif
