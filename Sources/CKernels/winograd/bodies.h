// The loops of Winograd's algorithm for one instruction set: LANES channels in a vector, MOST_TILES
// tiles multiplied with two vectors of output channels at a time.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline, unused))
#define UNROLL _Pragma("clang loop unroll(full)")

typedef float vec __attribute__((ext_vector_type(LANES), aligned(LANES * 4)));
typedef int32_t vec_bits __attribute__((ext_vector_type(LANES), aligned(LANES * 4)));

INLINE vec at(const float *p) {
  return *(const vec *)(const void *)p;
}

INLINE void put(float *p, vec x) {
  *(vec *)(void *)p = x;
}

#include "../half_body.h"

// Vector `index` of memory that holds f32 or bf16.
INLINE vec pixel_at(const char *p, int64_t index, int half) {
  return half ? widen(*(const vec_half *)(const void *)(p + index * LANES * 2))
              : *(const vec *)(const void *)(p + index * LANES * 4);
}

INLINE void put_pixel(char *p, int64_t index, vec x, int half) {
  if (half) *(vec_half *)(void *)(p + index * LANES * 2) = narrow(x);
  else *(vec *)(void *)(p + index * LANES * 4) = x;
}

#include "points_body.h"
#include "tile_body.h"

#include "patch_body.h"
#include "product_body.h"
#include "result_body.h"
#include "filter_body.h"
#include "run_body.h"

#define FK_WINOGRAD_TABLE \
  {.lanes = LANES, .most_tiles = MOST_TILES, .run = run_tasks, .transform = transform_tasks}
