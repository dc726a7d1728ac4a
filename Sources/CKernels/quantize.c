#include <math.h>

#include "include/fk_quantize.h"

// Adding this leaves a float without fraction, rounded to even, in its last bits.
static const float shift = 12582912.0f;

typedef struct rows_context {
  int64_t count;
  const float *from;
  int8_t *to;
  float *steps;
} rows_context;

static float or_zero(float x) { return isfinite(x) ? x : 0; }

static void quantize_rows(void *opaque, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const rows_context *context = opaque;
  for (int64_t row = begin; row < end; row++) {
    const float *from = context->from + row * context->count;
    int8_t *to = context->to + row * context->count;
    float largest = 0;
    for (int64_t i = 0; i < context->count; i++) {
      float size = fabsf(or_zero(from[i]));
      largest = size > largest ? size : largest;
    }
    float step = largest / 127;
    // Numbers so small that their 127th part is none are nothing beside any other.
    if (!(step > 0)) step = 1;
    for (int64_t i = 0; i < context->count; i++) {
      float x = or_zero(from[i]) / step;
      x = x > 127 ? 127 : x < -127 ? -127 : x;
      to[i] = (int8_t)((x + shift) - shift);
    }
    context->steps[row] = step;
  }
}

fk_status fk_quantize_rows(
    int64_t rows, int64_t count, const float *from, int8_t *to, float *steps) {
  if (rows < 0 || count < 0) return FK_BAD_ARGUMENT;
  rows_context context = {count, from, to, steps};
  fk_parallel_grain(rows, fk_grain((double)count), quantize_rows, &context);
  return FK_OK;
}
