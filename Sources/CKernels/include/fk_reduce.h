// Reductions, and what else goes along an axis: arg-extrema, running sums, order.
#ifndef FK_REDUCE_H
#define FK_REDUCE_H

#include "fk_base.h"

typedef enum fk_reduction {
  FK_REDUCE_SUM = 0,
  FK_REDUCE_MEAN = 1,
  FK_REDUCE_SUM_OF_SQUARES = 2,
  FK_REDUCE_PRODUCT = 3,
  FK_REDUCE_MAXIMUM = 4,  // NaN when there is one
  FK_REDUCE_MINIMUM = 5,
  FK_REDUCE_LOG_SUM_EXP = 6,
} fk_reduction;

enum { FK_REDUCE_AXES = 6 };

// A nest of up to six axes with the strides, in elements, of the input and of the output. Bit k of
// `reduced` takes axis k away; its output stride is ignored.
typedef struct fk_reduce_shape {
  int32_t rank;
  uint32_t reduced;
  int64_t extent[FK_REDUCE_AXES];
  int64_t from_stride[FK_REDUCE_AXES];
  int64_t to_stride[FK_REDUCE_AXES];
} fk_reduce_shape;

// Input of any type, output f32. Sums are made of short f32 sums added up in double; their order
// depends on the shape alone, so the result does not depend on the number of threads. Of nothing,
// a sum is 0, a product 1, a mean NaN, a maximum or a log-sum-exp -infinity, a minimum +infinity.
fk_status fk_reduce(
  const fk_reduce_shape *shape, fk_reduction reduction, float *to, const void *from,
  fk_type from_type);

// The sum of n contiguous f32, in the same order every time. 0 for n <= 0.
double fk_sum_to_scalar(const float *from, int64_t n);

// Whether none of n contiguous elements is infinite or NaN; integers never are.
int fk_all_finite(const void *from, fk_type type, int64_t n);

// Contiguous f32 seen as outer x axis x inner.
typedef struct fk_axis_shape {
  int64_t outer;
  int64_t axis;
  int64_t inner;
} fk_axis_shape;

// The position of the largest (smallest) element along the axis, the first of equals; NaN counts as
// the largest (smallest). An axis without elements is refused.
fk_status fk_argmax(const fk_axis_shape *shape, int64_t *to, const float *from);
fk_status fk_argmin(const fk_axis_shape *shape, int64_t *to, const float *from);

// Running sums along the axis, kept in double: optionally from the end, optionally without the
// element itself.
fk_status fk_cumulative_sum(
  const fk_axis_shape *shape, float *to, const float *from, int reverse, int exclusive);

// The first k elements in order along the axis and their positions; k = axis sorts. Equal elements
// keep their order; NaN counts as the largest. `values` or `positions` may be NULL.
fk_status fk_top(
  const fk_axis_shape *shape, int64_t k, int descending, float *values, int64_t *positions,
  const float *from);

#endif
