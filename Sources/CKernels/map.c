// Copies through one index map per axis, and padding as such maps.
#include "fk_copy.h"

#include "convert.h"

#include <stdlib.h>

// A piece of the last axis: contiguous in x from `from` on, or the constant when `from` is -1.
struct piece {
  int64_t begin, count, from;
};

struct map_job {
  const fk_map_shape *shape;
  char *x;
  char *y;
  const char *constant;
  int64_t size;
  const struct piece *pieces;
  int64_t piece_count;
  // Tasks are the positions of the first `leading` axes, `rows` rows of the last axis each.
  int leading;
  int64_t rows;
};

static int64_t mapped(const fk_map_shape *shape, int axis, int64_t i) {
  return shape->map[axis] == NULL ? i : shape->map[axis][i];
}

static int good(const fk_map_shape *shape) {
  if (shape == NULL || shape->rank < 0 || shape->rank > FK_COPY_AXES) return 0;
  if (fk_type_size(shape->type) == 0) return 0;
  int64_t total = 1;
  for (int axis = 0; axis < shape->rank; axis++) {
    int64_t extent = shape->y_extent[axis];
    if (extent < 0 || shape->x_extent[axis] < 0) return 0;
    if (shape->map[axis] == NULL && extent > shape->x_extent[axis]) return 0;
    for (int64_t i = 0; shape->map[axis] != NULL && i < extent; i++)
      if (shape->map[axis][i] < -1 || shape->map[axis][i] >= shape->x_extent[axis]) return 0;
  }
  for (int axis = 0; axis < shape->rank; axis++)
    if (shape->y_extent[axis] == 0) return 1;
  for (int axis = 0; axis < shape->rank; axis++)
    if (__builtin_mul_overflow(total, shape->y_extent[axis], &total)) return 0;
  return 1;
}

static int64_t elements(const fk_map_shape *shape, int from_axis, int to_axis) {
  int64_t total = 1;
  for (int axis = from_axis; axis < to_axis; axis++) total *= shape->y_extent[axis];
  return total;
}

// Cuts the last axis into pieces; at most one per element.
static int64_t cut(const fk_map_shape *shape, struct piece *pieces) {
  int last = shape->rank - 1;
  int64_t stride = shape->x_stride[last];
  int64_t count = 0;
  for (int64_t i = 0; i < shape->y_extent[last]; i++) {
    int64_t from = mapped(shape, last, i);
    struct piece *open = count > 0 ? &pieces[count - 1] : NULL;
    int follows = 0;
    if (open != NULL && from == -1) follows = open->from == -1;
    else if (open != NULL && open->from != -1)
      follows = stride == 1 && from == open->from + open->count;
    if (follows) open->count++;
    else pieces[count++] = (struct piece){i, 1, from};
  }
  return count;
}

// The offset in x of a row of y, or -1 for one that is all constant (offsets may be negative, so
// the answer says it apart).
static int row_offset(const struct map_job *job, int64_t row, int64_t *offset) {
  const fk_map_shape *shape = job->shape;
  *offset = 0;
  int outside = 0;
  for (int axis = shape->rank - 2; axis >= 0; axis--) {
    int64_t at = mapped(shape, axis, row % shape->y_extent[axis]);
    row /= shape->y_extent[axis];
    outside |= at == -1;
    *offset += at * shape->x_stride[axis];
  }
  return !outside;
}

static void splat(const struct map_job *job, char *to, int64_t n) {
  fk_move(job->size, to, 1, job->constant, 0, n);
}

static void copy_rows(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const struct map_job *job = context;
  int last = job->shape->rank - 1;
  int64_t width = job->shape->y_extent[last];
  for (int64_t row = begin; row < end; row++) {
    char *to = job->y + row * width * job->size;
    int64_t offset;
    if (!row_offset(job, row, &offset)) {
      splat(job, to, width);
      continue;
    }
    for (int64_t k = 0; k < job->piece_count; k++) {
      const struct piece *piece = &job->pieces[k];
      char *t = to + piece->begin * job->size;
      if (piece->from == -1) {
        splat(job, t, piece->count);
        continue;
      }
      const char *f = job->x + (offset + piece->from * job->shape->x_stride[last]) * job->size;
      if (piece->count >= 8) memcpy(t, f, (size_t)(piece->count * job->size));
      else fk_move(job->size, t, 1, f, 1, piece->count);
    }
  }
}

static void accumulate_tasks(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const struct map_job *job = context;
  int last = job->shape->rank - 1;
  int64_t width = job->shape->y_extent[last];
  for (int64_t row = begin * job->rows; row < end * job->rows; row++) {
    const float *from = (const float *)job->y + row * width;
    int64_t offset;
    if (!row_offset(job, row, &offset)) continue;
    for (int64_t k = 0; k < job->piece_count; k++) {
      const struct piece *piece = &job->pieces[k];
      if (piece->from == -1) continue;
      float *t = (float *)job->x + offset + piece->from * job->shape->x_stride[last];
      for (int64_t i = 0; i < piece->count; i++) t[i] += from[piece->begin + i];
    }
  }
}

static fk_status run(const fk_map_shape *shape, char *x, char *y, const void *constant, int add) {
  if (!good(shape) || (add && shape->type != FK_F32)) return FK_BAD_ARGUMENT;
  fk_map_shape scalar;
  if (shape->rank == 0) {
    scalar = *shape;
    scalar.rank = 1;
    scalar.y_extent[0] = scalar.x_extent[0] = scalar.x_stride[0] = 1;
    scalar.map[0] = NULL;
    shape = &scalar;
  }
  int last = shape->rank - 1;
  for (int axis = 0; axis < shape->rank; axis++)
    if (shape->y_extent[axis] == 0) return FK_OK;
  if (y == NULL) return FK_BAD_ARGUMENT;
  int64_t width = shape->y_extent[last];
  struct piece *pieces = malloc((size_t)width * sizeof *pieces);
  if (pieces == NULL) return FK_OUT_OF_MEMORY;
  struct map_job job = {shape, x, y, constant, fk_type_size(shape->type), pieces, 0, 0, 1};
  job.piece_count = cut(shape, pieces);
  // x may be absent when nothing is read from it.
  int reads = 1;
  for (int axis = 0; axis < shape->rank; axis++) reads &= shape->x_extent[axis] > 0;
  double row_time = (double)job.piece_count * 4 + (double)(width * job.size) / 8 + 8;
  fk_status status = FK_OK;
  if ((reads && x == NULL) || (!add && constant == NULL)) {
    status = FK_BAD_ARGUMENT;
  } else if (!add) {
    fk_parallel_grain(elements(shape, 0, last), fk_grain(row_time), copy_rows, &job);
  } else if (reads) {
    // Leading axes without a map send different positions to different parts of x.
    while (job.leading < last && shape->map[job.leading] == NULL) job.leading++;
    job.rows = elements(shape, job.leading, last);
    fk_parallel_grain(elements(shape, 0, job.leading), fk_grain(row_time * (double)job.rows),
                      accumulate_tasks, &job);
  }
  free(pieces);
  return status;
}

fk_status fk_map_copy(const fk_map_shape *shape, void *y, const void *x, const void *constant) {
  return run(shape, (char *)(uintptr_t)x, y, constant, 0);
}

fk_status fk_map_accumulate(const fk_map_shape *shape, float *x, const float *y) {
  return run(shape, (char *)x, (char *)(uintptr_t)y, NULL, 1);
}

static int64_t modulo(int64_t x, int64_t n) {
  int64_t r = x % n;
  return r < 0 ? r + n : r;
}

fk_status fk_pad_map(
  int64_t *map, int64_t extent, int64_t before, int64_t after, fk_pad_mode mode) {
  int64_t length;
  if (map == NULL || extent < 0 || (unsigned)mode > FK_PAD_CIRCULAR) return FK_BAD_ARGUMENT;
  if (__builtin_add_overflow(extent, before, &length)
      || __builtin_add_overflow(length, after, &length) || length < 0 || before < -extent
      || after < -extent)
    return FK_BAD_ARGUMENT;
  if (extent == 0 && length > 0 && mode != FK_PAD_CONSTANT) return FK_BAD_ARGUMENT;
  for (int64_t k = 0; k < length; k++) {
    int64_t i = k - before;
    if (i < 0 || i >= extent) {
      int64_t period = mode == FK_PAD_REFLECT ? 2 * (extent - 1) : 2 * extent;
      switch (mode) {
      case FK_PAD_CONSTANT:
        i = -1;
        break;
      case FK_PAD_REPLICATE:
        i = i < 0 ? 0 : extent - 1;
        break;
      case FK_PAD_REFLECT:
        i = period == 0 ? 0 : modulo(i, period);
        if (i >= extent) i = period - i;
        break;
      case FK_PAD_SYMMETRIC:
        i = modulo(i, period);
        if (i >= extent) i = period - 1 - i;
        break;
      case FK_PAD_CIRCULAR:
        i = modulo(i, extent);
        break;
      }
    }
    map[k] = i;
  }
  return FK_OK;
}
