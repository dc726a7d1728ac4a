// All vectorised kernels, compiled for AVX-512.
#include "variant.h"

#if FK_X86
#pragma clang attribute push(FK_TARGET_AVX512, apply_to = function)
#define FK_VARIANT(name) name##_avx512
#define FK_LANES 16
#define FK_HAS_FMA 1
#include "variant.inc"
#pragma clang attribute pop
#endif
