// The two passes of a resize with weights of 22 binary places, in exact integers.
#ifndef CP_RESAMPLE_H
#define CP_RESAMPLE_H

#include <stdint.h>

// Output position i is the sum of source positions first[i] ..< first[i] + count[i], weighted by
// weights[i * stride], ... Weights lie between 0 and 1 << 22, and those of one position sum to about
// that.
typedef struct cp_taps {
  const int32_t *first;
  const int32_t *count;
  const int32_t *weights;
  int64_t stride;
  int64_t outputs;
} cp_taps;

// Rows of `source_width` pixels become rows of `taps->outputs` pixels.
void cp_resample_rows(const uint8_t *source, int64_t source_width, int64_t rows, int channels,
                      const cp_taps *taps, uint8_t *target);

// Columns of pixels become columns of `taps->outputs` pixels; a row has `row_bytes` bytes. Positions
// count from row `origin`, which is the first there is.
void cp_resample_columns(const uint8_t *source, int64_t row_bytes, int64_t origin,
                         const cp_taps *taps, uint8_t *target);

#endif
