#include "outside.h"

#include <stdatomic.h>

#include "fk_base.h"

enum { PIECE = 4096 };

typedef struct outside_context {
  const int32_t *values;
  int64_t count, low, high;
  int has_ignored;
  int32_t ignored;
  _Atomic int64_t first;
} outside_context;

static void search(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  outside_context *c = context;
  int64_t last = end * PIECE < c->count ? end * PIECE : c->count;
  for (int64_t i = begin * PIECE; i < last; i++) {
    int32_t value = c->values[i];
    if ((value >= c->low && value < c->high) || (c->has_ignored && value == c->ignored)) continue;
    int64_t known = atomic_load(&c->first);
    while ((known < 0 || i < known) && !atomic_compare_exchange_weak(&c->first, &known, i)) {
    }
    return;
  }
}

int64_t fk_first_outside(
  const int32_t *values, int64_t count, int64_t low, int64_t high, int has_ignored, int32_t ignored
) {
  outside_context c = {
    .values = values, .count = count, .low = low, .high = high, .has_ignored = has_ignored,
    .ignored = ignored,
  };
  atomic_init(&c.first, -1);
  fk_parallel_grain((count + PIECE - 1) / PIECE, fk_grain(PIECE), search, &c);
  return atomic_load(&c.first);
}
