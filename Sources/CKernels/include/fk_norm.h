// Normalisation, f32.
#ifndef FK_NORM_H
#define FK_NORM_H

#include "fk_image.h"

// Batch normalisation with what follows it: y = activation((x - mean) / sqrt(variance + epsilon) * scale + shift
// + residual). With relu != 0 the activation keeps y between 0 and upper (infinity for an ordinary ReLU).
typedef struct fk_batch_norm {
  fk_image image;
  float epsilon;
  int relu;
  float upper;
} fk_batch_norm;

// Bytes of scratch the forward and backward passes need, aligned like floats.
int64_t fk_batch_norm_scratch(fk_image image);

// With the statistics of x, which become mean and variance (biased). scale, shift and residual may be NULL.
void fk_batch_norm_train(
  fk_batch_norm norm, const float *x, const float *scale, const float *shift, const float *residual,
  float *y, float *mean, float *variance, void *scratch);

// With statistics that are given.
void fk_batch_norm_apply(
  fk_batch_norm norm, const float *x, const float *mean, const float *variance, const float *scale,
  const float *shift, const float *residual, float *y, void *scratch);

// What the backward pass reads and writes. Without an activation y is not read; with one and without a residual
// y may be NULL, and shift then serves to find again where the activation was open.
typedef struct fk_batch_norm_gradient {
  const float *x, *y, *dy, *mean, *variance, *scale, *shift;
  // Nonzero where mean and variance were given: dx does not pass through them.
  int fixed_statistics;
  // Any of these may be NULL. dresidual is dy where the activation was open.
  float *dx, *dscale, *dshift, *dresidual;
} fk_batch_norm_gradient;

void fk_batch_norm_backward(
  fk_batch_norm norm, const fk_batch_norm_gradient *gradient, void *scratch);

// Layer normalisation of `rows` rows of `inner` elements, scale and shift (each may be NULL) one per element of a
// row. mean and rstd = 1 / sqrt(variance + epsilon), one per row, may be NULL.
void fk_layer_norm(
  int64_t rows, int64_t inner, float epsilon, const float *x, const float *scale, const float *shift,
  float *y, float *mean, float *rstd);

int64_t fk_layer_norm_scratch(int64_t rows, int64_t inner);

// dscale and dshift may be NULL.
void fk_layer_norm_backward(
  int64_t rows, int64_t inner, const float *x, const float *dy, const float *mean, const float *rstd,
  const float *scale, float *dx, float *dscale, float *dshift, void *scratch);

// Group normalisation of an image with block 1: each of `groups` equal groups of channels of each picture has its
// own mean and rstd, [batch][groups]; scale and shift (each may be NULL) are one per channel. groups = channels is
// instance normalisation.
void fk_group_norm(
  fk_image image, int64_t groups, float epsilon, const float *x, const float *scale,
  const float *shift, float *y, float *mean, float *rstd);

int64_t fk_group_norm_scratch(fk_image image);

// dscale and dshift may be NULL.
void fk_group_norm_backward(
  fk_image image, int64_t groups, const float *x, const float *dy, const float *mean,
  const float *rstd, const float *scale, float *dx, float *dscale, float *dshift, void *scratch);

// Local response normalisation across channels, block 1: y = x * s^-beta with
// s = k + alpha / size * (sum of squares over channels c - size / 2 to c + (size - 1) / 2).
typedef struct fk_local_response {
  fk_image image;
  int64_t size;
  float alpha, beta, k;
} fk_local_response;

void fk_local_response_norm(fk_local_response norm, const float *x, float *y);
void fk_local_response_norm_backward(
  fk_local_response norm, const float *x, const float *dy, float *dx);

#endif
