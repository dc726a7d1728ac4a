// Convolution of few channels in one or two spatial axes, in all three passes.
//
// A kernel that puts channels into vectors leaves most lanes empty when there are 1, 3 or 6 of
// them, and one that puts pixels there loses the ends of short rows. Here images lie side by side
// in a vector. Tensors with pixels are f32 and either row-major, in which case each task turns a block
// of images into a small buffer and its result back, or already in lanes:
// [batch / lanes][pixels][channels][lanes], for a batch that fills every vector.
#ifndef FK_CONV_H
#define FK_CONV_H

#include "fk_base.h"

// Two spatial axes; an image of one has a height of 1. Pixels before `low` and beyond the image are
// zero; how far windows reach there follows from out_size.
typedef struct fk_conv {
  int64_t batch, in, out;
  int64_t size[2], out_size[2], kernel[2], stride[2], low[2];
  // Whether the image, or its gradient, and the output, or its gradient, are in lanes.
  int32_t image_in_lanes, output_in_lanes;
} fk_conv;

enum { FK_CONV_MOST_STRIDE = 8 };

// Whether the sizes fit together and within what is implemented.
int fk_conv_is_valid(const fk_conv *conv);

typedef enum fk_conv_pass {
  FK_CONV_FORWARD = 0,
  FK_CONV_IMAGE = 1,
  FK_CONV_FILTER = 2,
} fk_conv_pass;

// Bytes of memory a pass needs beside its operands with fk_threads() threads; -1 if not valid.
int64_t fk_conv_scratch(const fk_conv *conv, fk_conv_pass pass);

// How many images one vector of the active variant holds; a batch is computed in such blocks.
int64_t fk_conv_lanes(void);

// The next three refuse (FK_BAD_ARGUMENT) less scratch memory than they need; it and tensors in lanes
// start at a multiple of 64 bytes. Their results do not depend on the number of threads.

// y = x * w + bias, [batch, out, ...], then nothing below 0 if asked for. bias may be NULL.
fk_status fk_conv_forward(
  const fk_conv *conv, const float *x, const float *w, const float *bias, int relu, float *y,
  void *scratch, int64_t scratch_bytes);

// dx = the gradient for the image.
fk_status fk_conv_image_gradient(
  const fk_conv *conv, const float *dy, const float *w, float *dx, void *scratch,
  int64_t scratch_bytes);

// dw = the gradient for the filter; dbias, which may be NULL, the sum of dy for each channel.
fk_status fk_conv_filter_gradient(
  const fk_conv *conv, const float *x, const float *dy, float *dw, float *dbias, void *scratch,
  int64_t scratch_bytes);

#endif
