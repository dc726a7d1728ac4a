// The loops of separable blocks for one instruction set: LANES channels in a vector, PIXELS of two
// vectors each to sum in.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline, unused))
#define UNROLL _Pragma("clang loop unroll(full)")

typedef float vec __attribute__((ext_vector_type(LANES)));
typedef int32_t ivec __attribute__((ext_vector_type(LANES)));

INLINE vec at(const float *p) {
  return *(const vec *)(const void *)p;
}

INLINE void put(float *p, vec x) {
  *(vec *)(void *)p = x;
}

#include "activation_body.h"
#include "pointwise_body.h"
#include "depthwise_body.h"
#include "tasks_body.h"

#define FK_SEPARABLE_TABLE                                                     \
  {.lanes = LANES, .whole = whole_tasks, .filter = filter_tasks, .project = project_tasks, \
   .pixels = PIXELS}
