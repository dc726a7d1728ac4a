// Depthwise convolution of one vector of channels, from rows that have their padding.

enum { MOST_ROWS = 7 };

typedef struct depthwise {
  const float *rows[MOST_ROWS];  // one per row of the kernel
  int64_t height, across, stride;
  const float *w, *bias;  // [height][across]
  fk_activation activation;
  int narrows;  // the result is bf16
} depthwise;

INLINE void depthwise_pixels(
  const depthwise *t, int pixels, int64_t across, int64_t stride, int64_t x, float *y) {
  vec sum[8];
  UNROLL for (int p = 0; p < pixels; p++) sum[p] = at(t->bias);
  for (int64_t i = 0; i < t->height; i++) {
    const float *row = t->rows[i] + x * stride * LANES;
    for (int64_t j = 0; j < across; j++) {
      vec weight = at(t->w + (i * across + j) * LANES);
      UNROLL for (int p = 0; p < pixels; p++)
        sum[p] += at(row + (p * stride + j) * LANES) * weight;
    }
  }
  bounds limits = bounds_of(t->activation);
  UNROLL for (int p = 0; p < pixels; p++) sum[p] = within(sum[p], limits);
  if (!HALF || !t->narrows) {
    UNROLL for (int p = 0; p < pixels; p++) put(y + (x + p) * LANES, sum[p]);
    return;
  }
  if (is_curved(t->activation)) bend_registers(sum, pixels, t->activation.kind);
  UNROLL for (int p = 0; p < pixels; p++) write(y + (x + p) * WORDS, sum[p], 1);
}

// Sides of images are often multiples of 7.
INLINE void depthwise_across(
  const depthwise *t, int64_t across, int64_t stride, float *y, int64_t width) {
  int64_t x = 0;
  for (; x + 7 <= width; x += 7) depthwise_pixels(t, 7, across, stride, x, y);
  for (; x + 2 <= width; x += 2) depthwise_pixels(t, 2, across, stride, x, y);
  for (; x < width; x++) depthwise_pixels(t, 1, across, stride, x, y);
}

static __attribute__((noinline)) void depthwise_row(const depthwise *t, float *y, int64_t width) {
  if (t->across == 3 && t->stride == 1) {
    depthwise_across(t, 3, 1, y, width);
  } else if (t->across == 3 && t->stride == 2) {
    depthwise_across(t, 3, 2, y, width);
  } else if (t->across == 5 && t->stride == 1) {
    depthwise_across(t, 5, 1, y, width);
  } else if (t->across == 5 && t->stride == 2) {
    depthwise_across(t, 5, 2, y, width);
  } else {
    depthwise_across(t, t->across, t->stride, y, width);
  }
  if (is_curved(t->activation) && !(HALF && t->narrows)) bend(y, width, t->activation.kind);
}
