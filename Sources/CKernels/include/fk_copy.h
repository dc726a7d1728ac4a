// Moving elements: copies with any strides, conversions, indexed copies and their adjoints.
#ifndef FK_COPY_H
#define FK_COPY_H

#include "fk_base.h"

enum { FK_COPY_AXES = 8 };

// A nest of up to eight extents over a destination and a source. Strides count elements; they may
// be negative, and 0 repeats the source.
typedef struct fk_copy_shape {
  int32_t rank;
  int64_t extent[FK_COPY_AXES];
  int64_t to_stride[FK_COPY_AXES];
  int64_t from_stride[FK_COPY_AXES];
} fk_copy_shape;

// Copies and converts: slices, transposes, expands, reverses, casts. Integers become integers
// exactly or saturate; everything else follows the rules of fk_chain. Overlapping memory is
// refused by nothing and gives unspecified elements.
fk_status fk_copy(
  const fk_copy_shape *shape, void *to, fk_type to_type, const void *from, fk_type from_type);

// Sets every element of a strided destination (from_stride is ignored) to one of its own type.
fk_status fk_fill(const fk_copy_shape *shape, void *to, fk_type type, const void *element);

// The same for n contiguous elements.
fk_status fk_convert(void *to, fk_type to_type, const void *from, fk_type from_type, int64_t n);

// Where a run of indices points: an array seen as outer x axis x inner, contiguous, of elements of
// `type`, and `count` indices of type s32 or s64 along the axis.
typedef struct fk_index_shape {
  fk_type type;
  fk_type index_type;
  int64_t outer;
  int64_t axis;
  int64_t inner;
  int64_t count;
} fk_index_shape;

// These answer -1, or the position of the first index outside [0, axis), having written nothing,
// or FK_INDEX_BAD_ARGUMENT.
enum { FK_INDEX_BAD_ARGUMENT = -2 };

// y[o, k, i] = x[o, index[k], i]
int64_t fk_gather(const fk_index_shape *shape, void *y, const void *x, const void *index);
// y[o, k, i] = x[o, index[o, k, i], i]
int64_t fk_gather_elements(const fk_index_shape *shape, void *y, const void *x, const void *index);
// x[o, index[k], i] += y[o, k, i], in the order of k whatever the number of threads; f32 only.
int64_t fk_scatter_add(const fk_index_shape *shape, float *x, const float *y, const void *index);
// x[o, index[o, k, i], i] += y[o, k, i]
int64_t fk_scatter_add_elements(
  const fk_index_shape *shape, float *x, const float *y, const void *index);

// A copy with one index map per axis, which is what padding in any mode is:
// y[i0, i1, ...] = x[map0[i0], map1[i1], ...], y contiguous. A map entry of -1 stands for the
// constant; a map that is NULL for i = i.
typedef struct fk_map_shape {
  fk_type type;
  int32_t rank;
  int64_t y_extent[FK_COPY_AXES];
  int64_t x_extent[FK_COPY_AXES];
  int64_t x_stride[FK_COPY_AXES];
  const int64_t *map[FK_COPY_AXES];
} fk_map_shape;

// FK_BAD_ARGUMENT when a map points outside x.
fk_status fk_map_copy(const fk_map_shape *shape, void *y, const void *x, const void *constant);
// x[map0[i0], ...] += y[i0, ...]; entries of -1 are dropped. f32 only. The result does not depend
// on the number of threads.
fk_status fk_map_accumulate(const fk_map_shape *shape, float *x, const float *y);

typedef enum fk_pad_mode {
  FK_PAD_CONSTANT = 0,
  FK_PAD_REPLICATE = 1,  // a a | a b c | c c
  FK_PAD_REFLECT = 2,    // c b | a b c | b a
  FK_PAD_SYMMETRIC = 3,  // b a | a b c | c b
  FK_PAD_CIRCULAR = 4,   // b c | a b c | a b
} fk_pad_mode;

// Fills the map of one axis: before + extent + after entries, which all must be 0 or more, except
// that negative paddings crop. FK_BAD_ARGUMENT when an axis without elements has none to repeat.
fk_status fk_pad_map(
  int64_t *map, int64_t extent, int64_t before, int64_t after, fk_pad_mode mode);

#endif
