// All vectorised kernels, compiled for AVX2.
#include "variant.h"

#if FK_X86
#pragma clang attribute push(FK_TARGET_AVX2, apply_to = function)
#define FK_VARIANT(name) name##_avx2
#define FK_LANES 8
#define FK_HAS_FMA 1
#include "variant.inc"
#pragma clang attribute pop
#endif
