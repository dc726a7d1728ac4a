// Along one axis: where the extremum is, running sums, whether all is finite.
#include "fk_reduce.h"

#include "convert.h"
#include "tables.h"

#include <stdatomic.h>

enum { WIDTH = 64 };

struct axis_job {
  const fk_axis_shape *shape;
  const float *from;
  float *to;
  int64_t *positions;
  int minimum, reverse, exclusive;
};

static int good(const fk_axis_shape *shape) {
  int64_t total;
  return shape != NULL && shape->outer >= 0 && shape->axis >= 0 && shape->inner >= 0
         && !__builtin_mul_overflow(shape->outer, shape->axis, &total)
         && !__builtin_mul_overflow(total, shape->inner, &total);
}

// Tasks are pieces of the inner extent of one outer position.
static int64_t pieces_of(const fk_axis_shape *shape) { return (shape->inner + WIDTH - 1) / WIDTH; }

static int64_t locate(const fk_axis_shape *shape, int64_t task, int64_t *inner, int64_t *width) {
  int64_t pieces = pieces_of(shape);
  int64_t outer = task / pieces;
  *inner = (task - outer * pieces) * WIDTH;
  *width = shape->inner - *inner < WIDTH ? shape->inner - *inner : WIDTH;
  return outer;
}

static void arg_tasks(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const struct axis_job *job = context;
  const fk_axis_shape *shape = job->shape;
  for (int64_t task = begin; task < end; task++) {
    int64_t inner, width;
    int64_t outer = locate(shape, task, &inner, &width);
    const float *from = job->from + outer * shape->axis * shape->inner + inner;
    float best[WIDTH];
    int64_t at[WIDTH];
    for (int64_t w = 0; w < width; w++) {
      best[w] = job->minimum ? -from[w] : from[w];
      at[w] = 0;
    }
    for (int64_t k = 1; k < shape->axis; k++) {
      const float *row = from + k * shape->inner;
      for (int64_t w = 0; w < width; w++) {
        float x = job->minimum ? -row[w] : row[w];
        // A NaN is larger than all but another NaN.
        int better = x > best[w] || (x != x && best[w] == best[w]);
        best[w] = better ? x : best[w];
        at[w] = better ? k : at[w];
      }
    }
    memcpy(job->positions + outer * shape->inner + inner, at, (size_t)width * sizeof *at);
  }
}

static fk_status arg(const fk_axis_shape *shape, int64_t *to, const float *from, int minimum) {
  if (!good(shape)) return FK_BAD_ARGUMENT;
  if (shape->outer == 0 || shape->inner == 0) return FK_OK;
  if (shape->axis == 0 || to == NULL || from == NULL) return FK_BAD_ARGUMENT;
  struct axis_job job = {.shape = shape, .from = from, .positions = to, .minimum = minimum};
  int64_t width = shape->inner < WIDTH ? shape->inner : WIDTH;
  double nanoseconds = (double)shape->axis * (1 + (double)width / 4);
  fk_parallel_grain(shape->outer * pieces_of(shape), fk_grain(nanoseconds), arg_tasks, &job);
  return FK_OK;
}

fk_status fk_argmax(const fk_axis_shape *shape, int64_t *to, const float *from) {
  return arg(shape, to, from, 0);
}

fk_status fk_argmin(const fk_axis_shape *shape, int64_t *to, const float *from) {
  return arg(shape, to, from, 1);
}

static void cumulative_tasks(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const struct axis_job *job = context;
  const fk_axis_shape *shape = job->shape;
  for (int64_t task = begin; task < end; task++) {
    int64_t inner, width;
    int64_t outer = locate(shape, task, &inner, &width);
    int64_t base = outer * shape->axis * shape->inner + inner;
    double sums[WIDTH] = {0};
    for (int64_t k = 0; k < shape->axis; k++) {
      int64_t row = base + (job->reverse ? shape->axis - 1 - k : k) * shape->inner;
      const float *from = job->from + row;
      float *to = job->to + row;
      for (int64_t w = 0; w < width; w++) {
        double before = sums[w];
        sums[w] += (double)from[w];
        to[w] = (float)(job->exclusive ? before : sums[w]);
      }
    }
  }
}

fk_status fk_cumulative_sum(
  const fk_axis_shape *shape, float *to, const float *from, int reverse, int exclusive) {
  if (!good(shape)) return FK_BAD_ARGUMENT;
  if (shape->outer == 0 || shape->inner == 0 || shape->axis == 0) return FK_OK;
  if (to == NULL || from == NULL) return FK_BAD_ARGUMENT;
  struct axis_job job = {
    .shape = shape, .from = from, .to = to, .reverse = reverse, .exclusive = exclusive};
  int64_t width = shape->inner < WIDTH ? shape->inner : WIDTH;
  double nanoseconds = (double)shape->axis * (1 + (double)width / 4);
  fk_parallel_grain(
    shape->outer * pieces_of(shape), fk_grain(nanoseconds), cumulative_tasks, &job);
  return FK_OK;
}

enum { FINITE_PIECE = 4096 };

struct finite_job {
  const char *from;
  fk_type type;
  int64_t n;
  atomic_int found;
};

// An exponent of all ones, and so infinity or NaN.
#define FK_SCAN(TYPE, MASK)                                                   \
  do {                                                                        \
    const TYPE *x = (const TYPE *)from;                                       \
    TYPE any = 0;                                                             \
    for (int64_t i = 0; i < n; i++) any |= (TYPE)((x[i] & (MASK)) == (MASK)); \
    return any == 0;                                                          \
  } while (0)

static int piece_is_finite(fk_type type, const char *from, int64_t n) {
  switch (type) {
  case FK_F32:
    FK_SCAN(uint32_t, 0x7f800000u);
  case FK_F64:
    FK_SCAN(uint64_t, 0x7ff0000000000000ull);
  case FK_BF16:
    FK_SCAN(uint16_t, 0x7f80);
  case FK_F16:
    FK_SCAN(uint16_t, 0x7c00);
  default:
    return 1;
  }
}

static void finite_tasks(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  struct finite_job *job = context;
  for (int64_t task = begin; task < end; task++) {
    if (atomic_load_explicit(&job->found, memory_order_relaxed)) return;
    int64_t first = task * FINITE_PIECE;
    int64_t n = job->n - first < FINITE_PIECE ? job->n - first : FINITE_PIECE;
    if (!piece_is_finite(job->type, job->from + first * fk_type_size(job->type), n))
      atomic_store_explicit(&job->found, 1, memory_order_relaxed);
  }
}

int fk_all_finite(const void *from, fk_type type, int64_t n) {
  if (n <= 0 || from == NULL || (unsigned)type > FK_F16) return 1;
  struct finite_job job = {.from = from, .type = type, .n = n};
  double nanoseconds = FINITE_PIECE * (double)fk_type_size(type) / 12;
  int64_t tasks = n / FINITE_PIECE + (n % FINITE_PIECE != 0);
  fk_parallel_grain(tasks, fk_grain(nanoseconds), finite_tasks, &job);
  return !atomic_load_explicit(&job.found, memory_order_relaxed);
}
