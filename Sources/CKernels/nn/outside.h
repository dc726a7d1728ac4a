// Checks of indices that come from outside.
#ifndef FK_NN_OUTSIDE_H
#define FK_NN_OUTSIDE_H

#include <stdint.h>

// The place of the first value outside [low, high), values equal to `ignored` (if has_ignored) not counted, or -1.
int64_t fk_first_outside(
  const int32_t *values, int64_t count, int64_t low, int64_t high, int has_ignored, int32_t ignored);

#endif
