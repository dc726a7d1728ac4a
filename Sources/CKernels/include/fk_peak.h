// What the machine could do at most.
#ifndef FK_PEAK_H
#define FK_PEAK_H

#include "fk_base.h"

// Runs about `rounds` times 1,000 multiply-add instructions on every thread, in registers alone;
// answers how many floating-point operations that were, a multiply-add counting as two.
double fk_fma_run(int64_t rounds);

// The same with the instructions that multiply bfloat16 and add in float32; 0, and nothing is run,
// where the processor has none.
double fk_bf16_run(int64_t rounds);

// Reads `count` numbers and writes as many, `rounds` times over, each thread a stretch of its own;
// answers how many bytes were read and written.
double fk_stream_run(float *to, const float *from, int64_t count, int64_t rounds);

#endif
