#include "contexts.h"

#if FK_X86
#pragma clang attribute push(FK_TARGET_AVX2, apply_to = function)
#define LANES 8
#define MOST_TILES 6
#include "bodies.h"
#pragma clang attribute pop

const fk_winograd_kernels fk_winograd_avx2 = FK_WINOGRAD_TABLE;
#endif
