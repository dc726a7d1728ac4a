#include <string.h>

#include "contexts.h"

#if FK_X86
#pragma clang attribute push(FK_TARGET_AVX2, apply_to = function)
#define LANES 8
#define REGISTERS 12
#include "bodies.h"
#pragma clang attribute pop

const fk_conv_kernels fk_conv_avx2 = FK_CONV_TABLE;
#endif
