#include <string.h>

#include "contexts.h"
#include "kernels.h"
#include "norm_contexts.h"

static fk_columns columns_of(fk_image image) {
  fk_columns v = {
    .batch = image.batch, .channels = image.channels, .block = image.block,
    .positions = fk_plane(image), .groups = fk_groups(image), .strips = 1,
  };
  if (v.positions == 1 && v.block == 1) {
    // Rows of channels: the same memory, channels last.
    v.block = v.channels;
    v.groups = 1;
  }
  if (v.groups == 1) {
    v.positions *= v.batch;
    v.batch = 1;
  }
  v.flat = v.block <= 16 && 16 % v.block == 0;
  if (v.flat) {
    v.rows = v.positions * v.block / 16;
    v.rest = v.positions * v.block % 16;
    v.stride = 16;
    v.chunk = FK_CHUNK_ROWS;
    v.lanes = v.block;
  } else {
    v.strips = (v.block + 15) / 16;
    v.rows = v.positions;
    v.stride = v.block;
    // Short where there are few rows, so that many threads find work.
    v.chunk = fk_most(32, fk_least(FK_CHUNK_ROWS, v.rows / 64));
    v.lanes = 16;
  }
  v.columns = v.groups * v.strips;
  v.chunks = fk_most(1, (v.rows + v.chunk - 1) / v.chunk);
  return v;
}

static int64_t factor_floats(const fk_columns *v) {
  return v->columns * FK_COLUMN_FACTORS * 16;
}

int64_t fk_batch_norm_scratch(fk_image image) {
  if (image.batch <= 0 || image.channels <= 0 || fk_plane(image) <= 0) return 0;
  fk_columns v = columns_of(image);
  int64_t sums = v.columns * v.batch * v.chunks * FK_CHUNK_SUMS * v.lanes;
  return (sums + factor_floats(&v)) * (int64_t)sizeof(float);
}

static int is_empty(fk_image image) {
  return image.batch <= 0 || image.channels <= 0 || fk_plane(image) <= 0;
}

// Whether results that large, none of which a cache would keep for the next operator, can go past it: then their
// old contents need not be read first.
static int may_stream(const fk_columns *v, const float *first, const float *second) {
  const int64_t large = 16 << 20;
  const int64_t picture = v->groups * v->positions * v->block;
  // Every vector must be whole and aligned, with every column and picture beginning on one.
  const int64_t step = v->flat ? v->positions * v->block : v->block;
  const uintptr_t unaligned = ((uintptr_t)first | (uintptr_t)second) % 64;
  return v->batch * picture * (int64_t)sizeof(float) >= large && step % 16 == 0 && unaligned == 0;
}

static fk_column_context context_of(const fk_batch_norm *norm, void *scratch) {
  fk_column_context c = {.view = columns_of(norm->image), .norm = *norm};
  c.factors = scratch;
  c.sums = c.factors + factor_floats(&c.view);
  return c;
}

static void run_rounds(fk_column_context *c, int64_t first, int64_t count, int statistics) {
  const fk_columns *v = &c->view;
  const fk_nn_kernels *kernels = fk_nn_active();
  if (count <= 0) return;
  c->first = first;
  const int64_t tasks = count / v->strips * v->batch * v->chunks;
  const int64_t grain = fk_grain(
    (double)(fk_least(v->chunk, v->rows + 1) * v->strips) * (c->backward ? 4 : 2));
  const double each = 20 * (double)(v->batch * v->chunks) + 200;
  if (c->backward) {
    fk_parallel_grain(count, fk_grain(each), kernels->batch_norm_prepare, c);
  }
  if (statistics) fk_parallel_grain(tasks, grain, kernels->batch_norm_sums, c);
  fk_parallel_grain(
    count, fk_grain(each),
    c->backward ? kernels->batch_norm_prepare_gradient : kernels->batch_norm_prepare, c);
  fk_parallel_grain(tasks, grain, kernels->batch_norm_write, c);
}

// Whole columns for as long as every thread gets as many, rounds over chunks for those left over.
static void run_columns(fk_column_context *c) {
  const fk_columns *v = &c->view;
  const int64_t threads = fk_threads();
  int64_t whole = v->flat ? v->columns / threads * threads : 0;
  if (v->columns >= 8 * threads && v->flat) whole = v->columns;
  if (whole > 0) {
    c->first = 0;
    const double each = (double)(v->batch * (v->rows + 1)) * (c->backward ? 8 : 4);
    fk_parallel_grain(whole, fk_grain(each), fk_nn_active()->batch_norm_columns, c);
  }
  run_rounds(c, whole, v->columns - whole, 1);
}

void fk_batch_norm_train(
  fk_batch_norm norm, const float *x, const float *scale, const float *shift, const float *residual,
  float *y, float *mean, float *variance, void *scratch
) {
  if (is_empty(norm.image)) return;
  fk_column_context c = context_of(&norm, scratch);
  c.x = x;
  c.scale = scale;
  c.shift = shift;
  c.residual = residual;
  c.y = y;
  c.mean = mean;
  c.variance = variance;
  c.stream = may_stream(&c.view, c.y, NULL);
  run_columns(&c);
}

void fk_batch_norm_apply(
  fk_batch_norm norm, const float *x, const float *mean, const float *variance, const float *scale,
  const float *shift, const float *residual, float *y, void *scratch
) {
  if (is_empty(norm.image)) return;
  fk_column_context c = context_of(&norm, scratch);
  c.x = x;
  c.scale = scale;
  c.shift = shift;
  c.residual = residual;
  c.y = y;
  c.given_mean = mean;
  c.given_variance = variance;
  c.stream = may_stream(&c.view, c.y, NULL);
  run_rounds(&c, 0, c.view.columns, 0);
}

void fk_batch_norm_backward(
  fk_batch_norm norm, const fk_batch_norm_gradient *gradient, void *scratch
) {
  if (is_empty(norm.image)) return;
  fk_column_context c = context_of(&norm, scratch);
  c.backward = 1;
  c.gradient = *gradient;
  c.x = gradient->x;
  c.scale = gradient->scale;
  c.shift = gradient->shift;
  c.given_mean = gradient->mean;
  c.given_variance = gradient->variance;
  c.stream = may_stream(&c.view, gradient->dx, gradient->dresidual);
  run_columns(&c);
}
