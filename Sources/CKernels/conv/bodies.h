// The loops of small convolutions for one instruction set: LANES images in a vector, REGISTERS of
// them to sum in.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline, unused))
#define UNROLL _Pragma("clang loop unroll(full)")

typedef float vec __attribute__((ext_vector_type(LANES)));
typedef struct { vec v; } __attribute__((packed, may_alias)) vec_unaligned;

INLINE vec at(const float *p) {
  return *(const vec *)(const void *)p;
}

INLINE void put(float *p, vec x) {
  *(vec *)(void *)p = x;
}

#include "turn_body.h"

#include "forward_body.h"
#include "image_body.h"
#include "filter_body.h"

#define FK_CONV_TABLE                                                                    \
  {.lanes = LANES, .forward = forward_tasks, .image = image_tasks, .filter = filter_parts, \
   .combine = combine_filters}
