// What the public functions hand to the loop bodies of pooling and resampling.
#ifndef FK_NN_CONTEXTS_H
#define FK_NN_CONTEXTS_H

#include "fk_pool.h"

static inline int64_t fk_least(int64_t a, int64_t b) {
  return a < b ? a : b;
}

static inline int64_t fk_most(int64_t a, int64_t b) {
  return a > b ? a : b;
}

static inline int64_t fk_groups(fk_image image) {
  return (image.channels + image.block - 1) / image.block;
}

static inline int64_t fk_plane(fk_image image) {
  return image.spatial[0] * image.spatial[1] * image.spatial[2];
}

// Pieces of at most 16 lanes that a block is cut into.
static inline int64_t fk_strips(fk_image image) {
  return (image.block + 15) / 16;
}

// One such piece: its first lane, its lanes in memory and how many of them are channels.
typedef struct fk_strip {
  int64_t first, lanes, channels;
} fk_strip;

static inline fk_strip fk_strip_of(fk_image image, int64_t group, int64_t strip) {
  fk_strip s;
  s.first = strip * 16;
  s.lanes = fk_least(16, image.block - s.first);
  int64_t left = image.channels - group * image.block - s.first;
  s.channels = fk_most(0, fk_least(s.lanes, left));
  return s;
}

// The members of an arithmetic progression: the elements of a window, or the windows over an element.
typedef struct fk_range {
  int64_t first, count, step;
} fk_range;

// Elements that window o of an axis holds.
static inline fk_range fk_window(const fk_pool *p, int axis, int64_t o) {
  int64_t start = o * p->stride[axis] - p->low[axis];
  int64_t step = p->dilation[axis], taps = p->kernel[axis], size = p->image.spatial[axis];
  if (start >= 0 && start + (taps - 1) * step < size) {
    return (fk_range){start, taps, step};
  }
  int64_t skipped = start < 0 ? (-start + step - 1) / step : 0;
  int64_t end = start < size ? (size - 1 - start) / step + 1 : 0;
  return (fk_range){start + skipped * step, fk_most(0, fk_least(taps, end) - skipped), step};
}

// Windows that hold element i of an axis.
static inline fk_range fk_windows_over(const fk_pool *p, int axis, int64_t i) {
  int64_t at = i + p->low[axis];
  if (at < 0) return (fk_range){0, 0, 1};
  int64_t stride = p->stride[axis], dilation = p->dilation[axis];
  int64_t reach = (p->kernel[axis] - 1) * dilation;
  int64_t first = at > reach ? (at - reach + stride - 1) / stride : 0;
  int64_t last = fk_least(at / stride, p->out[axis] - 1);
  int64_t step = 1;
  if (dilation > 1) {
    // at - o * stride must be a multiple of the dilation: true for every step-th window or for none.
    int64_t a = stride, b = dilation;
    while (b) {
      int64_t rest = a % b;
      a = b;
      b = rest;
    }
    step = dilation / a;
    int64_t tries = 0;
    while (tries < step && (at - first * stride) % dilation != 0) {
      first++;
      tries++;
    }
    if (tries == step) return (fk_range){0, 0, 1};
  }
  return (fk_range){first, last < first ? 0 : (last - first) / step + 1, step};
}

// Positions of window o of an axis that count for its mean.
static inline int64_t fk_divisor_along(const fk_pool *p, fk_divisor rule, int axis, int64_t o) {
  if (rule == FK_DIVISOR_VALID) {
    return fk_window(p, axis, o).count;
  }
  int64_t start = o * p->stride[axis] - p->low[axis];
  int64_t bound = p->image.spatial[axis] + p->high[axis];
  int64_t step = p->dilation[axis], taps = p->kernel[axis];
  if (start + (taps - 1) * step < bound) return taps;
  return start < bound ? (bound - 1 - start) / step + 1 : 0;
}

typedef struct fk_pool_context {
  fk_pool pool;
  int half, average;
  fk_divisor divisor;
  float fixed;
  const void *source;
  void *target;
  const int32_t *index;
  int32_t *index_out;
} fk_pool_context;

#endif
