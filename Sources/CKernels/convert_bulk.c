// Contiguous conversions between any two types.
#include "convert.h"
#include "fk_copy.h"
#include "tables.h"

enum { PIECE = 1024 };

static int is_integer(fk_type type) { return type >= FK_S8 && type <= FK_S64; }

// Every value of these is a float.
static int fits_float(fk_type type) { return type != FK_F64 && type != FK_S32 && type != FK_S64; }

static int64_t integer_element(fk_type type, const char *from) {
  switch (type) {
  case FK_S8:
    return *(const int8_t *)from;
  case FK_U8:
    return *(const uint8_t *)from;
  case FK_S32:
    return *(const int32_t *)from;
  default:
    return *(const int64_t *)from;
  }
}

static void set_integer_element(fk_type type, char *to, int64_t x) {
  switch (type) {
  case FK_S8:
    *(int8_t *)to = (int8_t)(x < INT8_MIN ? INT8_MIN : x > INT8_MAX ? INT8_MAX : x);
    break;
  case FK_U8:
    *(uint8_t *)to = (uint8_t)(x < 0 ? 0 : x > UINT8_MAX ? UINT8_MAX : x);
    break;
  case FK_S32:
    *(int32_t *)to = (int32_t)(x < INT32_MIN ? INT32_MIN : x > INT32_MAX ? INT32_MAX : x);
    break;
  default:
    *(int64_t *)to = x;
    break;
  }
}

void fk_convert_piece(
  void *to, fk_type to_type, const void *from, fk_type from_type, int64_t n) {
  char *t = to;
  const char *f = from;
  int64_t to_size = fk_type_size(to_type);
  int64_t from_size = fk_type_size(from_type);
  const struct fk_convert_table *table = FK_SELECT(fk_convert_table);
  if (to_type == from_type) {
    memcpy(to, from, (size_t)(n * to_size));
  } else if (to_type == FK_F32) {
    table->load[from_type](to, from, n);
  } else if (from_type == FK_F32) {
    table->store[to_type](to, from, n);
  } else if (fits_float(from_type)) {
    float buffer[PIECE];
    for (; n > 0; n -= PIECE, t += PIECE * to_size, f += PIECE * from_size) {
      int64_t piece = n < PIECE ? n : PIECE;
      table->load[from_type](buffer, f, piece);
      table->store[to_type](t, buffer, piece);
    }
  } else if (is_integer(from_type) && is_integer(to_type)) {
    for (int64_t i = 0; i < n; i++)
      set_integer_element(to_type, t + i * to_size, integer_element(from_type, f + i * from_size));
  } else {
    for (int64_t i = 0; i < n; i++)
      fk_element_from_double(
        to_type, t + i * to_size, fk_element_to_double(from_type, f + i * from_size));
  }
}

struct conversion {
  char *to;
  const char *from;
  fk_type to_type;
  fk_type from_type;
  int64_t n;
};

static void convert_pieces(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const struct conversion *c = context;
  int64_t first = begin * PIECE;
  int64_t last = end * PIECE < c->n ? end * PIECE : c->n;
  fk_convert_piece(c->to + first * fk_type_size(c->to_type), c->to_type,
                   c->from + first * fk_type_size(c->from_type), c->from_type, last - first);
}

fk_status fk_convert(void *to, fk_type to_type, const void *from, fk_type from_type, int64_t n) {
  int64_t bytes = fk_type_size(to_type) + fk_type_size(from_type);
  if (fk_type_size(to_type) == 0 || fk_type_size(from_type) == 0 || n < 0) return FK_BAD_ARGUMENT;
  if (n == 0) return FK_OK;
  if (to == NULL || from == NULL) return FK_BAD_ARGUMENT;
  struct conversion c = {to, from, to_type, from_type, n};
  int64_t pieces = n / PIECE + (n % PIECE != 0);
  fk_parallel_grain(pieces, fk_grain(PIECE * (double)bytes / 20), convert_pieces, &c);
  return FK_OK;
}
