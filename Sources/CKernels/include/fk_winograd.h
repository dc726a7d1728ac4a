// Convolution with 3×3 kernels by Winograd's algorithm F(4×4, 3×3), computed in float32.
//
// A tile of 4×4 outputs takes 36 multiplications per pair of channels instead of 144. Tensors with
// pixels are in blocks of as many channels as a vector holds: [batch][channels / lanes][rows]
// [columns][lanes], where the channels that fill up the last block are zero. Tiles of all images
// are computed in groups whose transformed pixels stay in a core's caches.
#ifndef FK_WINOGRAD_H
#define FK_WINOGRAD_H

#include "fk_base.h"

// Stride and dilation are 1. Pixels before `low` and beyond the image are zero; how far windows
// reach there follows from out_size, which may be up to 2 larger or smaller than size. A run is cut
// for `threads`, and uses no more of them however many there are by then. Image, filter and result
// are f32, or bf16 where `half` is set.
typedef struct fk_winograd {
  int64_t batch, in, out;
  int64_t size[2], out_size[2], low[2];
  int64_t threads;
  int32_t half;
} fk_winograd;

// Whether the sizes fit together and within what is implemented.
int fk_winograd_is_valid(const fk_winograd *conv);

// How many channels one block of the active variant holds.
int64_t fk_winograd_lanes(void);

// Bytes of a transformed filter, and of the memory a run needs beside its operands; -1 if not valid.
int64_t fk_winograd_filter_bytes(const fk_winograd *conv);
int64_t fk_winograd_scratch(const fk_winograd *conv);

// How a filter lies.
typedef struct fk_winograd_filter {
  const void *weights;
  // [out / lanes][in / lanes][3][3][in in a block][out in a block], or row-major [out][in][3][3].
  int32_t is_blocked;
  // Whether it is the filter of the convolution whose gradient for the image is computed: in and
  // out change places, and windows are turned by half a circle.
  int32_t is_adjoint;
} fk_winograd_filter;

// Transforms a filter. Like everything below it refuses (FK_BAD_ARGUMENT) what is not valid, and
// memory that does not start at a multiple of a vector; row-major filters may start anywhere.
fk_status fk_winograd_transform(
  const fk_winograd *conv, const fk_winograd_filter *filter, float *transformed);

// What follows the sums: first a bias for each channel, unless it is NULL, then what the result's
// memory held before, if asked for, and then the limits, which leave a NaN one.
typedef struct fk_winograd_end {
  const float *bias;
  int32_t is_adding;
  float least, most;
} fk_winograd_end;

// y = x * filter with what follows. Refuses less scratch memory than it needs. The result does not
// depend on the number of threads, nor on the one it was cut for.
fk_status fk_winograd_run(
  const fk_winograd *conv, const void *x, const float *transformed, const fk_winograd_end *end,
  void *y, void *scratch, int64_t scratch_bytes);

#endif
