// What the loop bodies of separable blocks are given.
#ifndef FK_SEPARABLE_CONTEXTS_H
#define FK_SEPARABLE_CONTEXTS_H

#include "../isa.h"
#include "fk_separable.h"

// How a block is cut. Expanding takes two vectors of channels at a time: a chunk.
typedef struct fk_separable_cut {
  int64_t lanes;
  int64_t words;                          // of 32 bits for a vector of channels of the image
  int64_t in_blocks, blocks, out_blocks;  // vectors of channels
  int64_t chunks, out_chunks;             // pairs of them
  int64_t columns;                        // of a row with its padding
  int64_t bands, rows;  // pieces of an image that threads share; rows of the result made at a time
  int64_t ring;         // rows of the expanded image that are held
  int shares_images;    // threads share each image's chunks of channels, and meet before projecting
  // Floats: of a thread's rows, of the depthwise results (a thread's, or the batch's if shared).
  int64_t window, middle;
  // Where each filter starts in the packed ones; its bias comes first.
  int64_t depthwise, project, packed;
} fk_separable_cut;

typedef struct fk_separable_context {
  fk_separable block;
  fk_separable_cut cut;
  const float *x, *packed, *residual;
  float *y;
  float *windows, *middle;
} fk_separable_context;

typedef struct fk_separable_kernels {
  int64_t lanes;
  fk_body whole;              // over images and their bands: everything
  fk_body filter, project;    // over images and chunks of channels; over images, chunks and pixels
  int64_t pixels;             // in a tile of a projection
} fk_separable_kernels;

static inline int64_t fk_separable_pieces(int64_t total, int64_t most) {
  return (total + most - 1) / most;
}

// Piece `index` of `total` things cut into pieces of at most `most`, as equal as can be.
static inline int64_t fk_separable_piece(
  int64_t total, int64_t pieces, int64_t index, int64_t *begin) {
  int64_t size = total / pieces, longer = total % pieces;
  *begin = index * size + (index < longer ? index : longer);
  return size + (index < longer);
}

extern const fk_separable_kernels fk_separable_portable;
#if FK_X86
extern const fk_separable_kernels fk_separable_avx2, fk_separable_avx512, fk_separable_bfloat16;
#endif

#endif
