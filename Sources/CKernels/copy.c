// Copies with any strides.
#include "fk_copy.h"

#include "convert.h"
#include "tables.h"

#include <stdlib.h>

void fk_convert_piece(
  void *to, fk_type to_type, const void *from, fk_type from_type, int64_t n);

struct nest {
  int rank;
  int64_t extent[FK_COPY_AXES];
  int64_t to_stride[FK_COPY_AXES];
  int64_t from_stride[FK_COPY_AXES];
};

// A copy of `outer` pieces, each of one or two innermost axes.
struct copy {
  const struct fk_copy_table *table;
  char *to;
  const char *from;
  fk_type to_type, from_type;
  int64_t to_size, from_size;
  struct nest nest;
  // The axis the source is contiguous along, when that is not the innermost; else -1.
  int crossed;
  // How the innermost (crossed: the crossed) axis is cut into tasks.
  int64_t chunk, chunks;
};

static int64_t magnitude(int64_t x) { return x < 0 ? -x : x; }

// Axes in the order of the destination's memory, merged where both sides allow.
static struct nest simplified(const fk_copy_shape *shape) {
  struct nest sorted = {0};
  for (int axis = 0; axis < shape->rank; axis++) {
    if (shape->extent[axis] == 1) continue;
    int at = sorted.rank++;
    while (at > 0 && magnitude(sorted.to_stride[at - 1]) < magnitude(shape->to_stride[axis])) {
      sorted.extent[at] = sorted.extent[at - 1];
      sorted.to_stride[at] = sorted.to_stride[at - 1];
      sorted.from_stride[at] = sorted.from_stride[at - 1];
      at--;
    }
    sorted.extent[at] = shape->extent[axis];
    sorted.to_stride[at] = shape->to_stride[axis];
    sorted.from_stride[at] = shape->from_stride[axis];
  }
  struct nest nest = {0};
  for (int axis = 0; axis < sorted.rank; axis++) {
    int last = nest.rank - 1;
    int64_t extent = sorted.extent[axis];
    if (nest.rank > 0 && nest.to_stride[last] == sorted.to_stride[axis] * extent
        && nest.from_stride[last] == sorted.from_stride[axis] * extent) {
      nest.extent[last] *= extent;
    } else {
      last = nest.rank++;
      nest.extent[last] = extent;
    }
    nest.to_stride[last] = sorted.to_stride[axis];
    nest.from_stride[last] = sorted.from_stride[axis];
  }
  if (nest.rank == 0) {
    nest.rank = 1;
    nest.extent[0] = 1;
    nest.to_stride[0] = nest.from_stride[0] = 1;
  }
  return nest;
}

#define FK_SPLAT(TYPE)                          \
  do {                                          \
    TYPE *t = (TYPE *)to;                       \
    TYPE x = *(const TYPE *)from;               \
    for (int64_t i = 0; i < n; i++) t[i] = x;   \
  } while (0)

static void splat(int64_t size, char *to, const char *from, int64_t n) {
  switch (size) {
  case 1:
    memset(to, *from, (size_t)n);
    break;
  case 2:
    FK_SPLAT(uint16_t);
    break;
  case 4:
    FK_SPLAT(uint32_t);
    break;
  default:
    FK_SPLAT(uint64_t);
    break;
  }
}

static void copy_row(const struct copy *c, char *to, const char *from, int64_t n) {
  int last = c->nest.rank - 1;
  int64_t to_stride = c->nest.to_stride[last];
  int64_t from_stride = c->nest.from_stride[last];
  if (c->to_type == c->from_type) {
    if (to_stride == 1 && from_stride == 1) memcpy(to, from, (size_t)(n * c->to_size));
    else if (to_stride == 1 && from_stride == 0) splat(c->to_size, to, from, n);
    else fk_move(c->to_size, to, to_stride, from, from_stride, n);
    return;
  }
  if (to_stride == 1 && from_stride == 1) {
    fk_convert_piece(to, c->to_type, from, c->from_type, n);
    return;
  }
  enum { PIECE = 256 };
  uint64_t packed[PIECE], converted[PIECE];
  while (n > 0) {
    int64_t piece = n < PIECE ? n : PIECE;
    fk_move(c->from_size, packed, 1, from, from_stride, piece);
    fk_convert_piece(converted, c->to_type, packed, c->from_type, piece);
    fk_move(c->to_size, to, to_stride, converted, 1, piece);
    to += piece * to_stride * c->to_size;
    from += piece * from_stride * c->from_size;
    n -= piece;
  }
}

static void copy_crossed(const struct copy *c, char *to, const char *from, int64_t rows) {
  // Tiles small enough for the first cache on both sides.
  enum { TILE = 64 };
  int last = c->nest.rank - 1;
  int64_t columns = c->nest.extent[last];
  int64_t to_stride = c->nest.to_stride[c->crossed];
  int64_t from_stride = c->nest.from_stride[last];
  int kind = __builtin_ctzll((unsigned long long)c->to_size);
  for (int64_t j = 0; j < columns; j += TILE) {
    int64_t n = columns - j < TILE ? columns - j : TILE;
    c->table->transpose[kind](to + j * c->to_size, to_stride,
                              from + j * from_stride * c->from_size, from_stride, rows, n);
  }
}

static void copy_tasks(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const struct copy *c = context;
  const struct nest *nest = &c->nest;
  int last = nest->rank - 1;
  int cut = c->crossed >= 0 ? c->crossed : last;
  // An odometer over all axes but the innermost and the cut one.
  int64_t at[FK_COPY_AXES] = {0};
  int64_t rest = begin / c->chunks;
  int64_t chunk = begin % c->chunks;
  int64_t to = 0, from = 0;
  for (int axis = last - 1; axis >= 0; axis--) {
    if (axis == cut) continue;
    at[axis] = rest % nest->extent[axis];
    rest /= nest->extent[axis];
    to += at[axis] * nest->to_stride[axis];
    from += at[axis] * nest->from_stride[axis];
  }
  for (int64_t task = begin; task < end; task++) {
    int64_t first = chunk * c->chunk;
    int64_t n = nest->extent[cut] - first < c->chunk ? nest->extent[cut] - first : c->chunk;
    char *t = c->to + (to + first * nest->to_stride[cut]) * c->to_size;
    const char *f = c->from + (from + first * nest->from_stride[cut]) * c->from_size;
    if (c->crossed >= 0) copy_crossed(c, t, f, n);
    else copy_row(c, t, f, n);
    if (++chunk < c->chunks) continue;
    chunk = 0;
    for (int axis = last - 1; axis >= 0; axis--) {
      if (axis == cut) continue;
      to += nest->to_stride[axis];
      from += nest->from_stride[axis];
      if (++at[axis] < nest->extent[axis]) break;
      to -= nest->extent[axis] * nest->to_stride[axis];
      from -= nest->extent[axis] * nest->from_stride[axis];
      at[axis] = 0;
    }
  }
}

static void choose_crossing(struct copy *c) {
  const struct nest *nest = &c->nest;
  int last = nest->rank - 1;
  c->crossed = -1;
  if (c->to_type != c->from_type || nest->to_stride[last] != 1) return;
  if (nest->from_stride[last] == 1 || nest->from_stride[last] == 0) return;
  for (int axis = 0; axis < last; axis++)
    if (nest->from_stride[axis] == 1) c->crossed = axis;
}

// 0 when the shape cannot be; *empty when there is nothing to do.
static int good_shape(const fk_copy_shape *shape, int *empty) {
  *empty = 0;
  if (shape == NULL || shape->rank < 0 || shape->rank > FK_COPY_AXES) return 0;
  for (int axis = 0; axis < shape->rank; axis++) {
    if (shape->extent[axis] < 0) return 0;
    *empty |= shape->extent[axis] == 0;
  }
  int64_t total = 1;
  for (int axis = 0; axis < shape->rank && !*empty; axis++) {
    if (shape->extent[axis] > 1 && shape->to_stride[axis] == 0) return 0;
    if (__builtin_mul_overflow(total, shape->extent[axis], &total)) return 0;
  }
  return 1;
}

fk_status fk_copy(
  const fk_copy_shape *shape, void *to, fk_type to_type, const void *from, fk_type from_type) {
  int empty;
  if (!good_shape(shape, &empty)) return FK_BAD_ARGUMENT;
  struct copy c = {.table = FK_SELECT(fk_copy_table), .to = to, .from = from, .to_type = to_type,
                   .from_type = from_type, .to_size = fk_type_size(to_type),
                   .from_size = fk_type_size(from_type)};
  if (c.to_size == 0 || c.from_size == 0) return FK_BAD_ARGUMENT;
  if (empty) return FK_OK;
  if (to == NULL || from == NULL) return FK_BAD_ARGUMENT;
  c.nest = simplified(shape);
  choose_crossing(&c);
  int cut = c.crossed >= 0 ? c.crossed : c.nest.rank - 1;
  c.chunk = c.crossed >= 0 ? 64 : 16384;
  c.chunks = (c.nest.extent[cut] + c.chunk - 1) / c.chunk;
  int64_t outer = 1;
  double elements = 1;
  for (int axis = 0; axis < c.nest.rank; axis++) {
    elements *= (double)c.nest.extent[axis];
    if (axis != cut && axis != c.nest.rank - 1) outer *= c.nest.extent[axis];
  }
  double tasks = (double)outer * (double)c.chunks;
  double bytes = elements * (double)(c.to_size + c.from_size);
  fk_parallel_grain(outer * c.chunks, fk_grain(bytes / tasks / 15), copy_tasks, &c);
  return FK_OK;
}

fk_status fk_fill(const fk_copy_shape *shape, void *to, fk_type type, const void *element) {
  if (shape == NULL || shape->rank < 0 || shape->rank > FK_COPY_AXES) return FK_BAD_ARGUMENT;
  fk_copy_shape repeated = *shape;
  for (int axis = 0; axis < FK_COPY_AXES; axis++) repeated.from_stride[axis] = 0;
  return fk_copy(&repeated, to, type, element, type);
}
