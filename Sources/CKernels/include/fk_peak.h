// What the processor could do at most.
#ifndef FK_PEAK_H
#define FK_PEAK_H

#include "fk_base.h"

// Runs about `rounds` times 1,000 multiply-add instructions on every thread, in registers alone;
// answers how many floating-point operations that were, a multiply-add counting as two.
double fk_fma_run(int64_t rounds);

#endif
