#include <string.h>

#include "contexts.h"

#if FK_X86
#pragma clang attribute push(FK_TARGET_BF16, apply_to = function)
#define LANES 16
#define PIXELS 12
#define HALF 1
#include "bodies.h"
#pragma clang attribute pop

const fk_separable_kernels fk_separable_bfloat16 = FK_SEPARABLE_TABLE;
#endif
