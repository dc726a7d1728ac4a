#include <string.h>

#include "contexts.h"
#include "kernels.h"
#include "softmax_contexts.h"

static fk_resample_context context_of(fk_image image, const int64_t *out, const fk_taps *taps) {
  fk_resample_context c = {.image = image};
  memcpy(c.out, out, sizeof c.out);
  memcpy(c.taps, taps, sizeof c.taps);
  return c;
}

// About a nanosecond for every element of up to 16 lanes that is touched.
static double row_nanoseconds(const fk_resample_context *c) {
  double rows = (double)(c->taps[0].taps * c->taps[1].taps * c->image.spatial[2]);
  double positions = (double)(c->taps[2].taps * c->out[2]);
  double strips = (double)fk_strips(c->image);
  return 20 + strips * (c->image.block == 1 ? rows / 8 + positions : rows + positions);
}

void fk_resample(
  fk_image image, const int64_t *out, const fk_taps *taps, const float *x, float *y
) {
  fk_resample_context c = context_of(image, out, taps);
  const int64_t blocks = image.batch * fk_groups(image);
  if (blocks <= 0 || out[0] * out[1] * out[2] <= 0 || fk_plane(image) <= 0) return;
  c.source = x;
  c.target = y;
  fk_parallel_grain(
    blocks * out[0] * out[1], fk_grain(row_nanoseconds(&c)), fk_nn_active()->resample_rows, &c);
}

void fk_resample_backward(
  fk_image image, const int64_t *out, const fk_taps *taps, const float *dy, float *dx
) {
  fk_resample_context c = context_of(image, out, taps);
  const int64_t blocks = image.batch * fk_groups(image);
  if (blocks <= 0 || fk_plane(image) <= 0) return;
  c.source = dy;
  c.target = dx;
  double each = (double)(out[0] * out[1]) * row_nanoseconds(&c) / (double)fk_strips(image);
  fk_parallel_grain(
    blocks * fk_strips(image), fk_grain(each), fk_nn_active()->resample_backward_planes, &c);
}
