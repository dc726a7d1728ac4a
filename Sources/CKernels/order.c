// Order along an axis: the first k elements, or all.
#include "fk_reduce.h"

#include "convert.h"

#include <stdatomic.h>
#include <stdlib.h>

struct order_job {
  const fk_axis_shape *shape;
  int64_t k;
  int descending;
  float *values;
  int64_t *positions;
  const float *from;
  atomic_int out_of_memory;
};

// Elements become integers in the same order, the position below them: all are different, and
// equal elements keep their order.
static uint64_t entry_of(float x, int descending, int64_t position) {
  uint32_t bits = fk_float_bits(x == 0 ? 0 : x);
  uint32_t key = x != x ? UINT32_MAX : bits >> 31 ? ~bits : bits | 0x80000000u;
  return (uint64_t)(descending ? ~key : key) << 32 | (uint32_t)position;
}

static void insertion_sort(uint64_t *x, int64_t n) {
  for (int64_t i = 1; i < n; i++) {
    uint64_t moving = x[i];
    int64_t at = i;
    for (; at > 0 && x[at - 1] > moving; at--) x[at] = x[at - 1];
    x[at] = moving;
  }
}

// By the upper half, lowest byte first; the order below it is there from the start.
static void radix_sort(uint64_t *x, uint64_t *other, int64_t n) {
  for (int shift = 32; shift < 64; shift += 8) {
    int64_t starts[257] = {0};
    for (int64_t i = 0; i < n; i++) starts[(x[i] >> shift & 255) + 1]++;
    for (int digit = 0; digit < 256; digit++) starts[digit + 1] += starts[digit];
    for (int64_t i = 0; i < n; i++) other[starts[x[i] >> shift & 255]++] = x[i];
    uint64_t *swap = x;
    x = other;
    other = swap;
  }
}

static void sort(uint64_t *x, uint64_t *other, int64_t n) {
  if (n <= 48) insertion_sort(x, n);
  else radix_sort(x, other, n);
}

// Lets the entry at the root of a heap, the largest on top, sink to its place.
static void sink(uint64_t *heap, int64_t n, int64_t at) {
  uint64_t moving = heap[at];
  for (int64_t child; (child = 2 * at + 1) < n; at = child) {
    if (child + 1 < n && heap[child + 1] > heap[child]) child++;
    if (heap[child] <= moving) break;
    heap[at] = heap[child];
  }
  heap[at] = moving;
}

static void order_row(
  const struct order_job *job, int64_t outer, int64_t inner, uint64_t *entries) {
  const fk_axis_shape *shape = job->shape;
  const float *from = job->from + outer * shape->axis * shape->inner + inner;
  int64_t k = job->k;
  // For few of many, a heap of the best so far; else everything is sorted.
  int64_t kept = k <= shape->axis / 8 ? k : shape->axis;
  for (int64_t i = 0; i < kept; i++)
    entries[i] = entry_of(from[i * shape->inner], job->descending, i);
  if (kept < shape->axis) {
    for (int64_t i = kept / 2; i-- > 0;) sink(entries, kept, i);
    for (int64_t i = kept; i < shape->axis; i++) {
      uint64_t entry = entry_of(from[i * shape->inner], job->descending, i);
      if (entry >= entries[0]) continue;
      entries[0] = entry;
      sink(entries, kept, 0);
    }
    // A heap is not in order of position, which the radix sort relies on; so it sorts itself.
    for (int64_t end = kept - 1; end > 0; end--) {
      uint64_t last = entries[0];
      entries[0] = entries[end];
      entries[end] = last;
      sink(entries, end, 0);
    }
  } else {
    sort(entries, entries + shape->axis, kept);
  }
  for (int64_t i = 0; i < k; i++) {
    int64_t position = (int64_t)(uint32_t)entries[i];
    int64_t to = (outer * k + i) * shape->inner + inner;
    if (job->values != NULL) job->values[to] = from[position * shape->inner];
    if (job->positions != NULL) job->positions[to] = position;
  }
}

static void order_tasks(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  struct order_job *job = context;
  const fk_axis_shape *shape = job->shape;
  uint64_t *entries = malloc(2 * (size_t)shape->axis * sizeof *entries);
  if (entries == NULL) {
    atomic_store(&job->out_of_memory, 1);
    return;
  }
  for (int64_t task = begin; task < end; task++)
    order_row(job, task / shape->inner, task % shape->inner, entries);
  free(entries);
}

fk_status fk_top(
  const fk_axis_shape *shape, int64_t k, int descending, float *values, int64_t *positions,
  const float *from) {
  int64_t total;
  if (shape == NULL || shape->outer < 0 || shape->axis < 0 || shape->inner < 0)
    return FK_BAD_ARGUMENT;
  if (__builtin_mul_overflow(shape->outer, shape->axis, &total)
      || __builtin_mul_overflow(total, shape->inner, &total))
    return FK_BAD_ARGUMENT;
  if (k < 0 || k > shape->axis || shape->axis > UINT32_MAX) return FK_BAD_ARGUMENT;
  if (shape->outer == 0 || shape->inner == 0 || k == 0) return FK_OK;
  if (from == NULL) return FK_BAD_ARGUMENT;
  struct order_job job = {.shape = shape, .k = k, .descending = descending, .values = values,
                          .positions = positions, .from = from};
  double nanoseconds = (double)shape->axis * (k <= shape->axis / 8 ? 2 : 12);
  fk_parallel_grain(shape->outer * shape->inner, fk_grain(nanoseconds), order_tasks, &job);
  return atomic_load(&job.out_of_memory) ? FK_OUT_OF_MEMORY : FK_OK;
}
