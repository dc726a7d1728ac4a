#include "contexts.h"

#if FK_X86
#pragma clang attribute push(FK_TARGET_AVX512, apply_to = function)
#define LANES 16
#define MOST_TILES 13
#include "bodies.h"
#pragma clang attribute pop

const fk_winograd_kernels fk_winograd_avx512 = FK_WINOGRAD_TABLE;
#endif
