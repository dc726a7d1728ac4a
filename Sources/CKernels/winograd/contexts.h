// What the loop bodies of Winograd's algorithm are given.
#ifndef FK_WINOGRAD_CONTEXTS_H
#define FK_WINOGRAD_CONTEXTS_H

#include <stdatomic.h>

#include "../convert.h"
#include "../isa.h"
#include "fk_winograd.h"

// A tile of outputs, the tile of the image it depends on, and the latter's points.
enum { FK_TILE = 4, FK_PATCH = 6, FK_POINTS = 36 };

// How a convolution is cut into tasks: by groups of tiles and by groups of output channels. Where a
// sum is computed changes with it, but not how.
typedef struct fk_winograd_cut {
  int64_t lanes;
  int64_t in_blocks, out_blocks;     // of `lanes` channels
  int64_t rows, columns, tiles;      // tiles of an image down and across, and of all images
  int64_t pairs;                     // of blocks of output channels, the last one perhaps single
  int64_t tile_groups, pair_groups;
  int64_t patches, products;         // floats of the two buffers of a thread
} fk_winograd_cut;

typedef struct fk_winograd_context {
  fk_winograd conv;
  fk_winograd_cut cut;
  fk_winograd_end end;
  const char *x;
  const float *transformed;
  char *y;
  float *buffers;  // by thread: transformed patches, then products
  int64_t workers;
  atomic_llong next;
} fk_winograd_context;

typedef struct fk_winograd_filter_context {
  fk_winograd conv;
  fk_winograd_cut cut;
  fk_winograd_filter filter;
  float *transformed;
} fk_winograd_filter_context;

// Bytes of a number of the image, the filter and the result.
static inline int64_t fk_winograd_size(const fk_winograd *conv) {
  return conv->half ? 2 : 4;
}

// Piece `index` of `total` things cut into `pieces` that are as equal as can be.
static inline int64_t fk_winograd_piece(
  int64_t total, int64_t pieces, int64_t index, int64_t *begin) {
  int64_t size = total / pieces, longer = total % pieces;
  *begin = index * size + (index < longer ? index : longer);
  return size + (index < longer);
}

// Both buffers hold one part of tiles after the other, and in it a row for each point. Rows are a
// vector longer than they need be: a power of two apart they would meet in few sets of a cache.
static inline int64_t fk_winograd_patch_row(const fk_winograd_cut *cut, int64_t tiles) {
  return (cut->in_blocks * tiles + 1) * cut->lanes;
}

static inline int64_t fk_winograd_product_row(const fk_winograd_cut *cut, int64_t tiles) {
  return (2 * tiles + 1) * cut->lanes;
}

typedef struct fk_winograd_kernels {
  int64_t lanes;
  int64_t most_tiles;  // that are multiplied at a time
  fk_body run, transform;
} fk_winograd_kernels;

extern const fk_winograd_kernels fk_winograd_portable;
#if FK_X86
extern const fk_winograd_kernels fk_winograd_avx2, fk_winograd_avx512;
#endif

#endif
