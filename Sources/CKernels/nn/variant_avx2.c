#include "kernels.h"

#if FK_X86
#include "variant.h"

#pragma clang attribute push(FK_TARGET_AVX2, apply_to = function)
#define FK_WITH_AVX2 1
#include "bodies.h"
#pragma clang attribute pop

const fk_nn_kernels fk_nn_avx2 = FK_NN_TABLE;
#endif
