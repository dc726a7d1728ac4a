// Random numbers that are a function of key and counter alone: Philox 4x32-10 of Salmon, Moraes,
// Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
#ifndef FK_RANDOM_H
#define FK_RANDOM_H

#include "fk_base.h"

// Word 0 is the least significant.
typedef struct fk_philox {
  uint32_t key[2];
  uint32_t counter[4];
} fk_philox;

// The four words of one counter.
void fk_philox_block(const fk_philox *state, uint32_t words[4]);

// The state with `blocks` added to its counter, modulo 2^128.
fk_philox fk_philox_advanced(fk_philox state, uint64_t blocks);

// Element i of every fill comes from block counter + i / 4. FK_BAD_ARGUMENT for a negative n.
//
// The word i % 4 itself.
fk_status fk_random_words(const fk_philox *state, uint32_t *to, int64_t n);
// (word >> 8) * 2^-24, in [0, 1).
fk_status fk_random_uniform(const fk_philox *state, float *to, int64_t n);
// Standard normal by Box and Muller from word pairs (u, v): with radius sqrt(-2 ln(((u >> 8) + 1)
// * 2^-24)) and angle 2 pi (v >> 8) * 2^-24, first radius * cos(angle), then radius * sin(angle).
fk_status fk_random_normal(const fk_philox *state, float *to, int64_t n);
// 1 where the uniform number is below p, else 0; as f32 or as bool.
fk_status fk_random_bernoulli(const fk_philox *state, float p, float *to, int64_t n);
fk_status fk_random_bernoulli_bool(const fk_philox *state, float p, uint8_t *to, int64_t n);

#endif
