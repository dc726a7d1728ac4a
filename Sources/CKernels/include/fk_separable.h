// A depthwise convolution together with the 1×1 convolutions around it, where there are such: the
// blocks of MobileNets, for inference.
//
// By themselves the three pass tensors through memory that hold several times the channels of the
// block's image. Here a thread takes a few rows through all three while they are in its cache.
// Tensors with pixels are f32 or bf16 in blocks of channels,
// [batch][channels / block][pixels][block]; the channels that fill the last block up are zero.
#ifndef FK_SEPARABLE_H
#define FK_SEPARABLE_H

#include "fk_base.h"

// What follows a convolution; all but a clamp whose bounds exclude it leave zero as it is.
typedef enum fk_epilogue {
  FK_EPILOGUE_NONE = 0,
  FK_EPILOGUE_CLAMP = 1,
  FK_EPILOGUE_SILU = 2,
  FK_EPILOGUE_HARD_SWISH = 3,
} fk_epilogue;

typedef struct fk_activation {
  fk_epilogue kind;
  float low, high;  // of a clamp
} fk_activation;

// One image of `in` channels becomes one of `hidden` channels, if it expands, of as many with
// fewer pixels, and one of `out` channels, if it projects. Pixels before `low` and beyond the image
// are zero; how far windows reach there follows from out_size.
typedef struct fk_separable {
  int64_t batch, in, hidden, out;
  int64_t size[2], out_size[2], kernel[2], stride[2], low[2];
  int32_t expands, projects;
  // bf16 are the image, the filters, the residual and the result, the last two unless `wide`. Sums
  // are f32, and rounded to nearest, ties to even, before the projection and at the end only.
  int32_t half, wide;
  fk_activation expanded, filtered, projected;
} fk_separable;

// Whether the sizes fit together and within what is implemented, and activations keep zero; bf16
// needs a processor that multiplies it, and the widest variant.
int fk_separable_is_valid(const fk_separable *block);

// Channels of one block of the active variant.
int64_t fk_separable_lanes(void);

// The filters, row-major, each with an f32 bias per channel or NULL; `expand` is [hidden, in],
// `depthwise` [hidden, kernel], `project` [out, hidden]. What the block has not is ignored.
typedef struct fk_separable_filters {
  const void *expand, *depthwise, *project;
  const float *expand_bias, *depthwise_bias, *project_bias;
} fk_separable_filters;

// Words of 32 bits of the filters in the order the loops read them, and that order; -1 if not valid.
// `packed` starts at a multiple of a vector.
int64_t fk_separable_packed(const fk_separable *block);
fk_status fk_separable_pack(
  const fk_separable *block, const fk_separable_filters *filters, float *packed);

// Bytes of memory it needs beside its operands with fk_threads() threads; -1 if not valid.
int64_t fk_separable_scratch(const fk_separable *block);

// y = the block of x, plus `residual` (which may be NULL, and needs a projection) before the last
// activation. Pointers are multiples of a vector, y is none of the operands, and less scratch memory
// than needed is refused. The result does not depend on the number of threads.
fk_status fk_separable_run(
  const fk_separable *block, const void *x, const float *packed, const void *residual, void *y,
  void *scratch, int64_t scratch_bytes);

#endif
