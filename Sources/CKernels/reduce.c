// Reductions over any axes. The work is cut by shape alone: partial results of fixed pieces are
// combined in a fixed order.
#include "fk_reduce.h"

#include "convert.h"
#include "tables.h"

#include <stdlib.h>

enum { WIDTH = 64, CHUNK = 8192 };

struct nest {
  int rank;
  int64_t extent[FK_REDUCE_AXES + 1];
  int64_t from[FK_REDUCE_AXES + 1];
  int64_t to[FK_REDUCE_AXES + 1];
};

struct reduce {
  const struct fk_convert_table *convert;
  const struct fk_reduce_table *table;
  enum fk_reduce_pass pass;
  const char *from;
  fk_type type;
  int64_t size;
  // What stays and what goes, each in the order of the input's memory, innermost last. By columns:
  // the last kept axis is contiguous, and goes through the kernels WIDTH at a time.
  struct nest kept, gone;
  int columns;
  int64_t kept_total, gone_total;
  int64_t groups;  // kept positions, or by columns pieces of WIDTH of them
  int64_t units;   // reduced rows, each of at most CHUNK elements
  int64_t parts;   // pieces of the units with partial results of their own
  double *partial; // by part, then kept position
  const float *shifts;
};

static int64_t magnitude(int64_t x) { return x < 0 ? -x : x; }

// The kept or the reduced axes, ordered by stride and merged.
static struct nest nest_of(const fk_reduce_shape *shape, int reduced) {
  struct nest sorted = {0};
  for (int axis = 0; axis < shape->rank; axis++) {
    if (shape->extent[axis] == 1 || (int)(shape->reduced >> axis & 1) != reduced) continue;
    int at = sorted.rank++;
    while (at > 0 && magnitude(sorted.from[at - 1]) < magnitude(shape->from_stride[axis])) {
      sorted.extent[at] = sorted.extent[at - 1];
      sorted.from[at] = sorted.from[at - 1];
      sorted.to[at] = sorted.to[at - 1];
      at--;
    }
    sorted.extent[at] = shape->extent[axis];
    sorted.from[at] = shape->from_stride[axis];
    sorted.to[at] = reduced ? 0 : shape->to_stride[axis];
  }
  struct nest nest = {0};
  for (int axis = 0; axis < sorted.rank; axis++) {
    int last = nest.rank - 1;
    int64_t extent = sorted.extent[axis];
    if (nest.rank > 0 && nest.from[last] == sorted.from[axis] * extent
        && nest.to[last] == sorted.to[axis] * extent) {
      nest.extent[last] *= extent;
    } else {
      last = nest.rank++;
      nest.extent[last] = extent;
    }
    nest.from[last] = sorted.from[axis];
    nest.to[last] = sorted.to[axis];
  }
  if (nest.rank == 0) nest = (struct nest){.rank = 1, .extent = {1}, .from = {1}, .to = {1}};
  return nest;
}

static int64_t total_of(const struct nest *nest) {
  int64_t total = 1;
  for (int axis = 0; axis < nest->rank; axis++) total *= nest->extent[axis];
  return total;
}

static int64_t offset_of(const struct nest *nest, const int64_t *strides, int rank, int64_t index) {
  int64_t offset = 0;
  for (int axis = rank - 1; axis >= 0; axis--) {
    offset += index % nest->extent[axis] * strides[axis];
    index /= nest->extent[axis];
  }
  return offset;
}

static double neutral(enum fk_reduce_pass pass) {
  return pass == FK_PASS_PRODUCT ? 1 : pass == FK_PASS_MAXIMUM ? -INFINITY
         : pass == FK_PASS_MINIMUM ? INFINITY : 0;
}

static double combined(enum fk_reduce_pass pass, double a, double b) {
  switch (pass) {
  case FK_PASS_PRODUCT:
    return a * b;
  case FK_PASS_MAXIMUM:
    return a > b || a != a ? a : b;
  case FK_PASS_MINIMUM:
    return a < b || a != a ? a : b;
  default:
    return a + b;
  }
}

// A piece of a reduced row as contiguous f32: itself, or through the buffer.
static const float *packed(const struct reduce *r, const char *from, int64_t stride, int64_t n,
                           float *buffer) {
  if (stride == 1 && r->type == FK_F32) return (const float *)from;
  if (stride == 1) {
    r->convert->load[r->type](buffer, from, n);
    return buffer;
  }
  uint64_t moved[WIDTH];
  for (int64_t i = 0; i < n; i += WIDTH) {
    int64_t piece = n - i < WIDTH ? n - i : WIDTH;
    fk_move(r->size, moved, 1, from + i * stride * r->size, stride, piece);
    r->convert->load[r->type](buffer + i, moved, piece);
  }
  return buffer;
}

// Reduced rows [first, last) at one kept position.
static double reduce_row(const struct reduce *r, int64_t kept, int64_t first, int64_t last) {
  enum { PIECE = 1024 };
  float buffer[PIECE];
  int inner = r->gone.rank - 1;
  int64_t extent = r->gone.extent[inner];
  int64_t stride = r->gone.from[inner];
  int64_t chunks = (extent + CHUNK - 1) / CHUNK;
  int direct = stride == 1 && r->type == FK_F32;
  float shift = r->shifts != NULL ? r->shifts[kept] : 0;
  int64_t base = offset_of(&r->kept, r->kept.from, r->kept.rank, kept);
  double result = neutral(r->pass);
  for (int64_t unit = first; unit < last; unit++) {
    int64_t row = unit / chunks;
    int64_t begin = (unit - row * chunks) * CHUNK;
    int64_t end = extent - begin < CHUNK ? extent : begin + CHUNK;
    int64_t offset = base + offset_of(&r->gone, r->gone.from, inner, row);
    int64_t step = direct ? CHUNK : PIECE;
    for (int64_t i = begin; i < end; i += step) {
      int64_t n = end - i < step ? end - i : step;
      const float *x = packed(r, r->from + (offset + i * stride) * r->size, stride, n, buffer);
      result = combined(r->pass, result, r->table->row[r->pass](x, n, shift));
    }
  }
  return result;
}

// Reduced rows [first, last), rows here being runs along the innermost reduced axis, for a group of
// kept positions next to each other.
static void reduce_columns(const struct reduce *r, int64_t group, int64_t first, int64_t last,
                           double *to) {
  enum { ROWS = 16 };
  float buffer[ROWS * WIDTH];
  int kept_inner = r->kept.rank - 1;
  int64_t extent = r->kept.extent[kept_inner];
  int64_t pieces = (extent + WIDTH - 1) / WIDTH;
  int64_t outer = group / pieces;
  int64_t begin = (group - outer * pieces) * WIDTH;
  int64_t width = extent - begin < WIDTH ? extent - begin : WIDTH;
  int64_t base = begin + offset_of(&r->kept, r->kept.from, kept_inner, outer);
  int64_t position = outer * extent + begin;
  const float *shifts = r->shifts != NULL ? r->shifts + position : NULL;
  double sums[WIDTH];
  for (int64_t w = 0; w < width; w++) sums[w] = neutral(r->pass);
  int inner = r->gone.rank - 1;
  int64_t row_extent = r->gone.extent[inner];
  int64_t stride = r->gone.from[inner];
  int64_t chunks = (row_extent + CHUNK - 1) / CHUNK;
  for (int64_t unit = first; unit < last; unit++) {
    int64_t row = unit / chunks;
    int64_t i = (unit - row * chunks) * CHUNK;
    int64_t end = row_extent - i < CHUNK ? row_extent : i + CHUNK;
    int64_t offset = base + offset_of(&r->gone, r->gone.from, inner, row);
    if (r->type == FK_F32) {
      const float *x = (const float *)r->from + offset + i * stride;
      r->table->columns[r->pass](sums, x, end - i, stride, width, shifts);
      continue;
    }
    for (; i < end; i += ROWS) {
      int64_t rows = end - i < ROWS ? end - i : ROWS;
      for (int64_t k = 0; k < rows; k++)
        r->convert->load[r->type](
          buffer + k * width, r->from + (offset + (i + k) * stride) * r->size, width);
      r->table->columns[r->pass](sums, buffer, rows, width, width, shifts);
    }
  }
  memcpy(to + position, sums, (size_t)width * sizeof(double));
}

static void reduce_tasks(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const struct reduce *r = context;
  for (int64_t task = begin; task < end; task++) {
    int64_t group = task / r->parts;
    int64_t part = task - group * r->parts;
    int64_t longer = r->units % r->parts;
    int64_t first = r->units / r->parts * part + (part < longer ? part : longer);
    int64_t last = first + r->units / r->parts + (part < longer);
    double *to = r->partial + part * r->kept_total;
    if (r->columns) reduce_columns(r, group, first, last, to);
    else to[group] = reduce_row(r, group, first, last);
  }
}

// Fills the first kept_total partial results with the combined ones.
static void run_pass(struct reduce *r, enum fk_reduce_pass pass) {
  r->pass = pass;
  double elements = (double)r->kept_total * (double)r->gone_total;
  int64_t tasks = r->groups * r->parts;
  double each = pass == FK_PASS_EXPONENTIALS ? 0.6 : 0.25;
  fk_parallel_grain(tasks, fk_grain(elements / (double)tasks * each + 15), reduce_tasks, r);
  for (int64_t k = 0; k < r->kept_total; k++)
    for (int64_t part = 1; part < r->parts; part++)
      r->partial[k] = combined(pass, r->partial[k], r->partial[part * r->kept_total + k]);
}

static void finish(const struct reduce *r, fk_reduction reduction, float *to) {
  int inner = r->kept.rank - 1;
  int64_t extent = r->kept.extent[inner];
  for (int64_t begin = 0; begin < r->kept_total; begin += extent) {
    float *row = to + offset_of(&r->kept, r->kept.to, inner, begin / extent);
    for (int64_t i = 0; i < extent; i++) {
      double x = r->partial[begin + i];
      if (reduction == FK_REDUCE_MEAN) x /= (double)r->gone_total;
      if (reduction == FK_REDUCE_LOG_SUM_EXP) x = (double)r->shifts[begin + i] + log(x);
      row[i * r->kept.to[inner]] = (float)x;
    }
  }
}

static fk_status run(struct reduce *r, fk_reduction reduction, float *to) {
  static const uint8_t passes[] = {FK_PASS_SUM, FK_PASS_SUM, FK_PASS_SQUARES, FK_PASS_PRODUCT,
                                   FK_PASS_MAXIMUM, FK_PASS_MINIMUM, FK_PASS_MAXIMUM};
  r->partial = malloc((size_t)(r->kept_total * r->parts) * sizeof(double));
  if (r->partial == NULL) return FK_OUT_OF_MEMORY;
  float *shifts = NULL;
  run_pass(r, (enum fk_reduce_pass)passes[reduction]);
  if (reduction == FK_REDUCE_LOG_SUM_EXP) {
    shifts = malloc((size_t)r->kept_total * sizeof(float));
    if (shifts == NULL) {
      free(r->partial);
      return FK_OUT_OF_MEMORY;
    }
    for (int64_t k = 0; k < r->kept_total; k++)
      shifts[k] = isfinite(r->partial[k]) ? (float)r->partial[k] : 0;
    r->shifts = shifts;
    run_pass(r, FK_PASS_EXPONENTIALS);
  }
  finish(r, reduction, to);
  free(shifts);
  free(r->partial);
  return FK_OK;
}

static int good(const fk_reduce_shape *shape, fk_reduction reduction, fk_type type) {
  if (shape == NULL || shape->rank < 0 || shape->rank > FK_REDUCE_AXES) return 0;
  if ((unsigned)reduction > FK_REDUCE_LOG_SUM_EXP || fk_type_size(type) == 0) return 0;
  int64_t total = 1;
  for (int axis = 0; axis < shape->rank; axis++) {
    int64_t extent = shape->extent[axis];
    if (extent < 0 || __builtin_mul_overflow(total, extent > 0 ? extent : 1, &total)) return 0;
    int kept = !(shape->reduced >> axis & 1);
    if (kept && extent > 1 && shape->to_stride[axis] == 0) return 0;
  }
  return 1;
}

fk_status fk_reduce(
  const fk_reduce_shape *shape, fk_reduction reduction, float *to, const void *from,
  fk_type from_type) {
  if (!good(shape, reduction, from_type)) return FK_BAD_ARGUMENT;
  struct reduce r = {.convert = FK_SELECT(fk_convert_table), .table = FK_SELECT(fk_reduce_table),
                     .from = from, .type = from_type, .size = fk_type_size(from_type)};
  r.kept = nest_of(shape, 0);
  r.gone = nest_of(shape, 1);
  r.kept_total = total_of(&r.kept);
  r.gone_total = total_of(&r.gone);
  if (r.kept_total == 0) return FK_OK;
  if (to == NULL || (from == NULL && r.gone_total > 0)) return FK_BAD_ARGUMENT;
  int64_t width = r.kept.extent[r.kept.rank - 1];
  r.columns = r.kept.from[r.kept.rank - 1] == 1 && width > 1;
  r.groups = r.columns ? r.kept_total / width * ((width + WIDTH - 1) / WIDTH) : r.kept_total;
  int64_t row = r.gone.extent[r.gone.rank - 1];
  r.units = row == 0 ? 0 : r.gone_total / row * ((row + CHUNK - 1) / CHUNK);
  // Enough pieces for many threads, each worth the while, for a number of groups that alone is not.
  enum { ENOUGH = 64, WORTHWHILE = 32768 };
  int64_t share = r.gone_total / (WORTHWHILE / (r.columns ? (width < WIDTH ? width : WIDTH) : 1));
  r.parts = r.groups >= ENOUGH ? 1 : (ENOUGH + r.groups - 1) / r.groups;
  if (r.parts > share) r.parts = share;
  if (r.parts > r.units) r.parts = r.units;
  if (r.parts < 1) r.parts = 1;
  return run(&r, reduction, to);
}

double fk_sum_to_scalar(const float *from, int64_t n) {
  if (n <= 0 || from == NULL) return 0;
  struct reduce r = {.convert = FK_SELECT(fk_convert_table), .table = FK_SELECT(fk_reduce_table),
                     .from = (const char *)from, .type = FK_F32, .size = 4, .kept_total = 1,
                     .groups = 1, .gone_total = n, .units = (n + CHUNK - 1) / CHUNK};
  r.kept = (struct nest){.rank = 1, .extent = {1}, .from = {1}, .to = {1}};
  r.gone = (struct nest){.rank = 1, .extent = {n}, .from = {1}, .to = {1}};
  double partial[64];
  r.parts = r.units < 64 ? r.units : 64;
  r.partial = partial;
  run_pass(&r, FK_PASS_SUM);
  return partial[0];
}
