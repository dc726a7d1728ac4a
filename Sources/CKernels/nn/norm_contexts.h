// What the public functions hand to the loop bodies of normalisation.
#ifndef FK_NN_NORM_CONTEXTS_H
#define FK_NN_NORM_CONTEXTS_H

#include "fk_norm.h"

// Batch normalisation sees an image as columns: sets of up to 16 lanes, each lane one channel. Where the block
// divides 16 a column's memory is one run per picture, and lane l of a vector belongs to channel l % block; other
// blocks are cut into strips, and a vector is one position. Columns are cut into chunks that stay in level 1, each
// with sums of its own that are combined in double: how many threads there are changes no bit.
typedef struct fk_columns {
  int64_t batch, channels, block, positions;
  int64_t groups, strips, columns;
  // Vectors, and elements beyond the last whole one, of one picture's column.
  int64_t rows, rest, stride;
  // Rows of a chunk, chunks of a picture's column, distinct lanes.
  int64_t chunk, chunks, lanes;
  int flat;
} fk_columns;

enum {
  FK_CHUNK_ROWS = 256,
  // Per column and lane: what the second pass multiplies and adds.
  FK_COLUMN_FACTORS = 5,
  // Per chunk and lane.
  FK_CHUNK_SUMS = 3,
};

typedef struct fk_column_context {
  fk_columns view;
  fk_batch_norm norm;
  fk_batch_norm_gradient gradient;
  const float *x, *residual, *scale, *shift;
  const float *given_mean, *given_variance;
  float *y, *mean, *variance;
  float *sums, *factors;
  int backward;
  // Whether results go past the caches: all of them are aligned, and larger than what a cache would keep.
  int stream;
  // The columns at hand, and how their sums are laid out.
  int64_t first, count;
} fk_column_context;

typedef struct fk_row_context {
  int64_t rows, inner, blocks;
  // Layer norm: 1. Group norm: positions of a channel, channels of a group, groups.
  int64_t positions, group_channels, groups, batch, channels;
  float epsilon;
  const float *x, *dy, *scale, *shift, *given_mean, *given_rstd;
  float *y, *mean, *rstd, *dx, *dscale, *dshift, *sums;
} fk_row_context;

typedef struct fk_response_context {
  fk_local_response norm;
  const float *x, *dy;
  float *y;
} fk_response_context;

#endif
