#include "contexts.h"
#include "kernels.h"
#include "norm_contexts.h"

enum { LAYER_NORM_BLOCKS = 64 };

static double row_nanoseconds(int64_t elements) {
  return 20 + 0.25 * (double)elements;
}

void fk_layer_norm(
  int64_t rows, int64_t inner, float epsilon, const float *x, const float *scale, const float *shift,
  float *y, float *mean, float *rstd
) {
  if (rows <= 0 || inner <= 0) return;
  fk_row_context c = {
    .rows = rows, .inner = inner, .epsilon = epsilon, .x = x, .scale = scale, .shift = shift, .y = y,
    .mean = mean, .rstd = rstd,
  };
  fk_parallel_grain(rows, fk_grain(row_nanoseconds(inner)), fk_nn_active()->layer_norm_rows, &c);
}

int64_t fk_layer_norm_scratch(int64_t rows, int64_t inner) {
  return fk_least(rows, LAYER_NORM_BLOCKS) * 2 * inner * (int64_t)sizeof(float);
}

void fk_layer_norm_backward(
  int64_t rows, int64_t inner, const float *x, const float *dy, const float *mean, const float *rstd,
  const float *scale, float *dx, float *dscale, float *dshift, void *scratch
) {
  if (rows <= 0 || inner <= 0) return;
  fk_row_context c = {
    .rows = rows, .inner = inner, .blocks = fk_least(rows, LAYER_NORM_BLOCKS), .x = x, .dy = dy,
    .given_mean = mean, .given_rstd = rstd, .scale = scale, .dx = dx, .dscale = dscale,
    .dshift = dshift, .sums = scratch,
  };
  double each = 2 * row_nanoseconds(inner) * (double)rows / (double)c.blocks;
  fk_parallel_grain(c.blocks, fk_grain(each), fk_nn_active()->layer_norm_backward_blocks, &c);
  if (!dscale && !dshift) return;
  fk_parallel_grain(
    (inner + 15) / 16, fk_grain(5 * (double)c.blocks), fk_nn_active()->layer_norm_combine, &c);
}

static fk_row_context group_context(fk_image image, int64_t groups) {
  fk_row_context c = {
    .positions = fk_plane(image), .group_channels = groups > 0 ? image.channels / groups : 0,
    .groups = groups, .batch = image.batch, .channels = image.channels,
  };
  return c;
}

void fk_group_norm(
  fk_image image, int64_t groups, float epsilon, const float *x, const float *scale,
  const float *shift, float *y, float *mean, float *rstd
) {
  fk_row_context c = group_context(image, groups);
  if (image.batch * groups <= 0 || c.positions * c.group_channels <= 0) return;
  c.epsilon = epsilon;
  c.x = x;
  c.scale = scale;
  c.shift = shift;
  c.y = y;
  c.mean = mean;
  c.rstd = rstd;
  double each = row_nanoseconds(c.positions * c.group_channels);
  fk_parallel_grain(image.batch * groups, fk_grain(each), fk_nn_active()->group_norm_groups, &c);
}

int64_t fk_group_norm_scratch(fk_image image) {
  return image.batch * image.channels * 2 * (int64_t)sizeof(float);
}

void fk_group_norm_backward(
  fk_image image, int64_t groups, const float *x, const float *dy, const float *mean,
  const float *rstd, const float *scale, float *dx, float *dscale, float *dshift, void *scratch
) {
  fk_row_context c = group_context(image, groups);
  if (image.batch * groups <= 0 || c.positions * c.group_channels <= 0) return;
  c.x = x;
  c.dy = dy;
  c.given_mean = mean;
  c.given_rstd = rstd;
  c.scale = scale;
  c.dx = dx;
  c.dscale = dscale;
  c.dshift = dshift;
  c.sums = scratch;
  double each = 2 * row_nanoseconds(c.positions * c.group_channels);
  fk_parallel_grain(
    image.batch * groups, fk_grain(each), fk_nn_active()->group_norm_backward_groups, &c);
  if (!dscale && !dshift) return;
  fk_parallel_grain(
    image.channels, fk_grain(2 * (double)image.batch), fk_nn_active()->group_norm_combine, &c);
}
