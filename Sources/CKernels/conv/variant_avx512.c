#include <string.h>

#include "contexts.h"

#if FK_X86
#pragma clang attribute push(FK_TARGET_AVX512, apply_to = function)
#define LANES 16
#define REGISTERS 24
#include "bodies.h"
#pragma clang attribute pop

const fk_conv_kernels fk_conv_avx512 = FK_CONV_TABLE;
#endif
