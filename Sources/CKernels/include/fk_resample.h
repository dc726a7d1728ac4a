// Resizing by tables: nearest, linear, cubic, with or without anti-aliasing, under any rule of coordinates. f32.
#ifndef FK_RESAMPLE_H
#define FK_RESAMPLE_H

#include "fk_image.h"

// For one axis: the elements each output position takes, and their weights, [out][taps] both. An index lies within
// the axis; weights that are not needed are zero.
typedef struct fk_taps {
  int64_t taps;
  const int32_t *index;
  const float *weight;
} fk_taps;

// y[o0, o1, o2] = sum over taps of w0 * w1 * w2 * x[i0, i1, i2]; out and taps have three members each.
void fk_resample(
  fk_image image, const int64_t *out, const fk_taps *taps, const float *x, float *y);

// dx = the gradient of fk_resample.
void fk_resample_backward(
  fk_image image, const int64_t *out, const fk_taps *taps, const float *dy, float *dx);

#endif
