// The loops of separable blocks for one instruction set: LANES channels in a vector, PIXELS of two
// vectors each to sum in; HALF where images are bf16.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline, unused))
#define UNROLL _Pragma("clang loop unroll(full)")

typedef float vec __attribute__((ext_vector_type(LANES)));
typedef int32_t ivec __attribute__((ext_vector_type(LANES)));

#include "../half_body.h"

INLINE vec at(const float *p) {
  return *(const vec *)(const void *)p;
}

INLINE void put(float *p, vec x) {
  *(vec *)(void *)p = x;
}

// A pixel of an image, and of what a projection reads, is so many words of 32 bits for each vector
// of channels: a number each, or two that are multiplied and added at a time.
enum { WORDS = HALF ? LANES / 2 : LANES };

INLINE int64_t words(int isHalf) {
  return HALF && isHalf ? WORDS : LANES;
}

// A vector of channels, wherever and as whatever it lies.
INLINE vec read(const float *p, int isHalf) {
#if HALF
  if (isHalf) return widen(*(const vec_half *)(const void *)p);
#endif
  (void)isHalf;
  return at(p);
}

// Rounds to nearest, ties to even.
INLINE void write(float *p, vec x, int isHalf) {
#if HALF
  if (isHalf) {
    *(vec_half *)(void *)p = (vec_half)_mm512_cvtneps_pbh((__m512)x);
    return;
  }
#endif
  (void)isHalf;
  put(p, x);
}

#include "activation_body.h"
#include "pointwise_body.h"
#include "depthwise_body.h"
#include "tasks_body.h"

#define FK_SEPARABLE_TABLE                                                     \
  {.lanes = LANES, .whole = whole_tasks, .filter = filter_tasks, .project = project_tasks, \
   .pixels = PIXELS}
