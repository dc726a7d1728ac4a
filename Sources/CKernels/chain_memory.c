// Between registers and arrays of any type and stride.
#include "chain.h"
#include "convert.h"

#include <string.h>

// Where linear index `begin` lies: fills the coordinates, answers the offset in elements.
static int64_t locate(const struct fk_chain_view *view, int64_t begin, int64_t *at) {
  int64_t offset = 0;
  for (int axis = view->rank - 1; axis > 0; axis--) {
    int64_t quotient = begin / view->extent[axis];
    at[axis] = begin - quotient * view->extent[axis];
    offset += at[axis] * view->stride[axis];
    begin = quotient;
  }
  at[0] = begin;
  return offset + begin * view->stride[0];
}

float *fk_chain_contiguous(const struct fk_chain_view *view, int64_t begin, int64_t n) {
  int last = view->rank - 1;
  if (view->type != FK_F32 || (view->stride[last] != 1 && view->extent[last] > 1)) return NULL;
  if (last == 0) return (float *)view->data + begin;
  int64_t at[FK_CHAIN_AXES];
  int64_t offset = locate(view, begin, at);
  return at[last] + n <= view->extent[last] ? (float *)view->data + offset : NULL;
}

// Elements are moved by size through a small buffer when they are not contiguous.
enum { PIECE = 128 };

static void read_strided(const struct fk_convert_table *convert, const struct fk_chain_view *view,
                         const char *from, int64_t stride, int64_t n, float *to) {
  uint64_t buffer[PIECE];
  while (n > 0) {
    int64_t piece = n < PIECE ? n : PIECE;
    fk_move(view->size, buffer, 1, from, stride, piece);
    convert->load[view->type](to, buffer, piece);
    from += piece * stride * view->size;
    to += piece;
    n -= piece;
  }
}

static void read_row(const struct fk_convert_table *convert, const struct fk_chain_view *view,
                     const char *from, int64_t stride, int64_t n, float *to) {
  if (stride == 1) {
    convert->load[view->type](to, from, n);
  } else if (stride == 0) {
    float one;
    convert->load[view->type](&one, from, 1);
    convert->repeat(to, &one, n, 1, 0);
  } else if (view->type == FK_F32) {
    const float *f = (const float *)from;
    for (int64_t i = 0; i < n; i++) to[i] = f[i * stride];
  } else {
    read_strided(convert, view, from, stride, n, to);
  }
}

// Steps past the end of a row, at coordinate 0 of the last axis from here on.
static int64_t carry(const struct fk_chain_view *view, int64_t *at, int64_t offset) {
  int last = view->rank - 1;
  offset -= view->extent[last] * view->stride[last];
  at[last] = 0;
  for (int axis = last - 1; axis >= 0; axis--) {
    offset += view->stride[axis];
    if (++at[axis] < view->extent[axis] || axis == 0) break;
    offset -= view->extent[axis] * view->stride[axis];
    at[axis] = 0;
  }
  return offset;
}

// Whole rows at once, as many as the next axis has left; answers how many, or 0 when the rows are
// not of a kind there is a kernel for.
static int64_t read_rows(const struct fk_convert_table *convert, const struct fk_chain_view *view,
                         const int64_t *at, int64_t offset, int64_t n, float *to) {
  int last = view->rank - 1;
  int64_t stride = view->stride[last];
  if (last == 0 || view->type != FK_F32 || at[last] != 0 || stride < 0 || stride > 1) return 0;
  int64_t rows = n / view->extent[last];
  int64_t left = view->extent[last - 1] - at[last - 1];
  if (rows > left) rows = left;
  if (rows < 2) return 0;
  const float *from = (const float *)view->data + offset;
  if (stride == 1) convert->load_rows(to, from, view->extent[last], rows, view->stride[last - 1]);
  else convert->repeat(to, from, view->extent[last], rows, view->stride[last - 1]);
  return rows;
}

void fk_chain_read(const struct fk_convert_table *convert, const struct fk_chain_view *view,
                   int64_t begin, int64_t n, float *to) {
  int last = view->rank - 1;
  int64_t at[FK_CHAIN_AXES];
  int64_t offset = locate(view, begin, at);
  while (n > 0) {
    int64_t rows = read_rows(convert, view, at, offset, n, to);
    int64_t done = rows * view->extent[last];
    if (rows > 0) {
      // To the last of these rows, so that one carry goes past its end.
      at[last - 1] += rows - 1;
      offset += (rows - 1) * view->stride[last - 1];
      at[last] = view->extent[last];
      offset += view->extent[last] * view->stride[last];
    } else {
      done = view->extent[last] - at[last];
      if (done > n) done = n;
      read_row(convert, view, view->data + offset * view->size, view->stride[last], done, to);
      at[last] += done;
      offset += done * view->stride[last];
    }
    to += done;
    n -= done;
    if (n > 0) offset = carry(view, at, offset);
  }
}

static void write_row(const struct fk_convert_table *convert, const struct fk_chain_view *view,
                      char *to, int64_t stride, int64_t n, const float *from) {
  if (stride == 1) {
    convert->store[view->type](to, from, n);
    return;
  }
  uint64_t buffer[PIECE];
  while (n > 0) {
    int64_t piece = n < PIECE ? n : PIECE;
    convert->store[view->type](buffer, from, piece);
    fk_move(view->size, to, stride, buffer, 1, piece);
    to += piece * stride * view->size;
    from += piece;
    n -= piece;
  }
}

void fk_chain_write(const struct fk_convert_table *convert, const struct fk_chain_view *view,
                    int64_t begin, int64_t n, const float *from) {
  int last = view->rank - 1;
  int64_t at[FK_CHAIN_AXES];
  int64_t offset = locate(view, begin, at);
  while (n > 0) {
    int64_t done = view->extent[last] - at[last];
    if (done > n) done = n;
    write_row(convert, view, view->data + offset * view->size, view->stride[last], done, from);
    at[last] += done;
    offset += done * view->stride[last];
    from += done;
    n -= done;
    if (n > 0) offset = carry(view, at, offset);
  }
}
