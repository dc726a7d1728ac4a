// What the loop bodies of small convolutions are given.
#ifndef FK_CONV_CONTEXTS_H
#define FK_CONV_CONTEXTS_H

#include "../isa.h"
#include "fk_conv.h"

// The most output channels of a register block.
enum { FK_CONV_BLOCK = 8 };

// How a pass is cut: into blocks of images, one per lane, and bands of rows. By shape and variant
// alone.
typedef struct fk_conv_cut {
  int64_t lanes, blocks;
  int64_t bands, rows;  // rows of the result for every band but the last
  int64_t parts;        // groups of tasks with a filter gradient of their own
  // Floats of the buffers, each a multiple of 16: of one thread's image and output, and of one part.
  // What lies in lanes needs none, unless windows reach beyond it.
  int64_t image, output, part;
  int64_t width;        // columns of the image that windows are taken from, with their padding
  int64_t weights;      // floats of the reordered filter
} fk_conv_cut;

typedef struct fk_conv_context {
  fk_conv conv;
  fk_conv_cut cut;
  const float *x, *w, *bias, *dy;
  float *result, *bias_result;
  int relu;
  // The filter by blocks of channels of the result: rows of the kernel, then what meets in one row in
  // the order the body walks along it, then the channels of the block.
  float *weights;
  // For the image gradient: how many taps of a row belong to each remainder by the stride, and where
  // they start.
  int64_t taps[FK_CONV_MOST_STRIDE], first_tap[FK_CONV_MOST_STRIDE];
  float *buffers;  // by thread: image, output
  float *parts;    // by part: [out][kernel row][tap, in], then [out]
} fk_conv_context;

// Piece `index` of `total` things cut into pieces of at most `most`, as equal as can be.
static inline int64_t fk_conv_piece(int64_t total, int64_t most, int64_t index, int64_t *begin) {
  int64_t pieces = (total + most - 1) / most;
  int64_t size = total / pieces, longer = total % pieces;
  *begin = index * size + (index < longer ? index : longer);
  return size + (index < longer);
}

static inline int64_t fk_conv_pieces(int64_t total, int64_t most) {
  return (total + most - 1) / most;
}

typedef struct fk_conv_kernels {
  int64_t lanes;
  fk_body forward, image, filter, combine;
} fk_conv_kernels;

extern const fk_conv_kernels fk_conv_portable;
#if FK_X86
extern const fk_conv_kernels fk_conv_avx2, fk_conv_avx512;
#endif

#endif
