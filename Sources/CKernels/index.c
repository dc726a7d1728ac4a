// Gathering and scattering along one axis.
#include "fk_copy.h"

#include "convert.h"

static int64_t index_at(const fk_index_shape *shape, const void *index, int64_t position) {
  return shape->index_type == FK_S32 ? ((const int32_t *)index)[position]
                                     : ((const int64_t *)index)[position];
}

// -1 when all of `total` indices lie on the axis, else the first that does not.
static int64_t first_bad(const fk_index_shape *shape, const void *index, int64_t total) {
  for (int64_t k = 0; k < total; k++) {
    int64_t at = index_at(shape, index, k);
    if (at < 0 || at >= shape->axis) return k;
  }
  return -1;
}

static int product(int64_t *result, int64_t a, int64_t b, int64_t c) {
  return !__builtin_mul_overflow(a, b, result) && !__builtin_mul_overflow(*result, c, result);
}

// Checks the shape and the indices; *empty when nothing is to be done.
static int64_t refusal(const fk_index_shape *shape, const void *index, int each, int *empty) {
  *empty = 1;
  if (shape == NULL || fk_type_size(shape->type) == 0) return FK_INDEX_BAD_ARGUMENT;
  if (shape->index_type != FK_S32 && shape->index_type != FK_S64) return FK_INDEX_BAD_ARGUMENT;
  if (shape->outer < 0 || shape->axis < 0 || shape->inner < 0 || shape->count < 0)
    return FK_INDEX_BAD_ARGUMENT;
  int64_t x_total, y_total;
  if (!product(&x_total, shape->outer, shape->axis, shape->inner)
      || !product(&y_total, shape->outer, shape->count, shape->inner))
    return FK_INDEX_BAD_ARGUMENT;
  int64_t indices = each ? y_total : shape->count;
  if (indices > 0 && index == NULL) return FK_INDEX_BAD_ARGUMENT;
  *empty = y_total == 0;
  return first_bad(shape, index, indices);
}

struct job {
  const fk_index_shape *shape;
  char *x;
  char *y;
  const void *index;
  int64_t size;
};

static void gather_tasks(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const struct job *job = context;
  const fk_index_shape *shape = job->shape;
  int64_t bytes = shape->inner * job->size;
  for (int64_t task = begin; task < end; task++) {
    int64_t outer = task / shape->count;
    int64_t at = index_at(shape, job->index, task - outer * shape->count);
    memcpy(job->y + task * bytes, job->x + (outer * shape->axis + at) * bytes, (size_t)bytes);
  }
}

static void gather_element_tasks(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const struct job *job = context;
  const fk_index_shape *shape = job->shape;
  for (int64_t task = begin; task < end; task++) {
    int64_t outer = task / shape->count;
    for (int64_t i = 0; i < shape->inner; i++) {
      int64_t at = index_at(shape, job->index, task * shape->inner + i);
      int64_t source = (outer * shape->axis + at) * shape->inner + i;
      fk_move(job->size, job->y + (task * shape->inner + i) * job->size, 1,
              job->x + source * job->size, 1, 1);
    }
  }
}

int64_t fk_gather(const fk_index_shape *shape, void *y, const void *x, const void *index) {
  int empty;
  int64_t bad = refusal(shape, index, 0, &empty);
  if (bad != -1 || empty) return bad;
  if (x == NULL || y == NULL) return FK_INDEX_BAD_ARGUMENT;
  struct job job = {shape, (char *)(uintptr_t)x, y, index, fk_type_size(shape->type)};
  double bytes = (double)(shape->inner * job.size);
  fk_parallel_grain(shape->outer * shape->count, fk_grain(5 + bytes / 8), gather_tasks, &job);
  return -1;
}

int64_t fk_gather_elements(const fk_index_shape *shape, void *y, const void *x, const void *index) {
  int empty;
  int64_t bad = refusal(shape, index, 1, &empty);
  if (bad != -1 || empty) return bad;
  if (x == NULL || y == NULL) return FK_INDEX_BAD_ARGUMENT;
  struct job job = {shape, (char *)(uintptr_t)x, y, index, fk_type_size(shape->type)};
  fk_parallel_grain(
    shape->outer * shape->count, fk_grain(4 * (double)shape->inner), gather_element_tasks, &job);
  return -1;
}

// Threads own disjoint parts of x, so every sum is made in the order of the indices: a task is one
// piece of the inner extent of one outer position.
enum { PIECE = 64 };

static int64_t pieces_of(const fk_index_shape *shape) { return (shape->inner + PIECE - 1) / PIECE; }

static void scatter_tasks(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const struct job *job = context;
  const fk_index_shape *shape = job->shape;
  int64_t pieces = pieces_of(shape);
  for (int64_t task = begin; task < end; task++) {
    int64_t outer = task / pieces;
    int64_t first = (task - outer * pieces) * PIECE;
    int64_t n = shape->inner - first < PIECE ? shape->inner - first : PIECE;
    for (int64_t k = 0; k < shape->count; k++) {
      int64_t at = index_at(shape, job->index, k);
      float *to = (float *)job->x + (outer * shape->axis + at) * shape->inner + first;
      const float *from = (const float *)job->y + (outer * shape->count + k) * shape->inner + first;
      for (int64_t i = 0; i < n; i++) to[i] += from[i];
    }
  }
}

static void scatter_element_tasks(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const struct job *job = context;
  const fk_index_shape *shape = job->shape;
  int64_t pieces = pieces_of(shape);
  for (int64_t task = begin; task < end; task++) {
    int64_t outer = task / pieces;
    int64_t first = (task - outer * pieces) * PIECE;
    int64_t last = shape->inner - first < PIECE ? shape->inner : first + PIECE;
    for (int64_t k = 0; k < shape->count; k++) {
      int64_t row = (outer * shape->count + k) * shape->inner;
      for (int64_t i = first; i < last; i++) {
        int64_t at = index_at(shape, job->index, row + i);
        float *to = (float *)job->x + (outer * shape->axis + at) * shape->inner + i;
        *to += ((const float *)job->y)[row + i];
      }
    }
  }
}

static int64_t scatter(const fk_index_shape *shape, float *x, const float *y, const void *index,
                       int each, fk_body body) {
  int empty;
  int64_t bad = refusal(shape, index, each, &empty);
  if (shape != NULL && shape->type != FK_F32) return FK_INDEX_BAD_ARGUMENT;
  if (bad != -1 || empty) return bad;
  if (x == NULL || y == NULL) return FK_INDEX_BAD_ARGUMENT;
  struct job job = {shape, (char *)x, (char *)(uintptr_t)y, index, sizeof(float)};
  int64_t width = shape->inner < PIECE ? shape->inner : PIECE;
  double nanoseconds = (double)shape->count * (4 + (double)width);
  fk_parallel_grain(shape->outer * pieces_of(shape), fk_grain(nanoseconds), body, &job);
  return -1;
}

int64_t fk_scatter_add(const fk_index_shape *shape, float *x, const float *y, const void *index) {
  return scatter(shape, x, y, index, 0, scatter_tasks);
}

int64_t fk_scatter_add_elements(
  const fk_index_shape *shape, float *x, const float *y, const void *index) {
  return scatter(shape, x, y, index, 1, scatter_element_tasks);
}
