// 1×1 convolutions: a few pixels of one or two vectors of output channels.

typedef struct pointwise {
  const float *x;         // the first pixel's channels of the first block
  int64_t plane;          // words from one block of input channels to the next
  int64_t words;          // of a pixel of the input
  const float *w, *bias;  // [words][vectors of the tile]
  const float *residual;  // as the result lies, or NULL
  float *y;               // the first pixel of the first vector
  int64_t out_plane;      // words from one vector of output channels to the next
  fk_activation activation;
  int narrows;  // the residual and the result are bf16
} pointwise;

// sum + x * w, for a pair of channels if that is what a word is.
INLINE vec multiplied(vec sum, vec x, vec w) {
#if HALF
  return (vec)_mm512_dpbf16_ps((__m512)sum, (__m512bh)w, (__m512bh)x);
#else
  return sum + x * w;
#endif
}

// sum[p][v] += x[p][i] * w[i][v] for words next to each other.
INLINE void multiply(
  int pixels, int vectors, vec *sum, const float *x, const float *w, int64_t count) {
#pragma clang loop unroll_count(4)
  for (int64_t i = 0; i < count; i++) {
    vec weight[2];
    UNROLL for (int v = 0; v < vectors; v++) weight[v] = at(w + (i * vectors + v) * LANES);
    UNROLL for (int p = 0; p < pixels; p++) {
      vec in = (vec)(x[p * WORDS + i]);
      UNROLL for (int v = 0; v < vectors; v++)
        sum[p * vectors + v] = multiplied(sum[p * vectors + v], in, weight[v]);
    }
  }
}

// What follows the sums, and where they go.
INLINE void finish(const pointwise *t, int pixels, int vectors, vec *sum, int narrows) {
  int64_t step = words(narrows);
  if (t->residual != NULL) {
    UNROLL for (int p = 0; p < pixels; p++)
      UNROLL for (int v = 0; v < vectors; v++)
        sum[p * vectors + v] += read(t->residual + v * t->out_plane + p * step, narrows);
  }
  bounds limits = bounds_of(t->activation);
  UNROLL for (int i = 0; i < pixels * vectors; i++) sum[i] = within(sum[i], limits);
  // Nothing is rounded before its activation.
  if (narrows && is_curved(t->activation))
    bend_registers(sum, pixels * vectors, t->activation.kind);
  UNROLL for (int p = 0; p < pixels; p++)
    UNROLL for (int v = 0; v < vectors; v++)
      write(t->y + v * t->out_plane + p * step, sum[p * vectors + v], narrows);
}

INLINE void pointwise_tile(const pointwise *t, int pixels, int vectors) {
  vec sum[2 * PIXELS];
  UNROLL for (int p = 0; p < pixels; p++)
    UNROLL for (int v = 0; v < vectors; v++) sum[p * vectors + v] = at(t->bias + v * LANES);
  const float *x = t->x, *w = t->w;
  int64_t left = t->words;
  for (; left >= WORDS; left -= WORDS, x += t->plane, w += WORDS * vectors * LANES)
    multiply(pixels, vectors, sum, x, w, WORDS);
  if (left > 0) multiply(pixels, vectors, sum, x, w, left);
  if (HALF && t->narrows) {
    finish(t, pixels, vectors, sum, 1);
  } else {
    finish(t, pixels, vectors, sum, 0);
  }
}

#define POINTWISE(pixels)                                                          \
  static __attribute__((noinline)) void pointwise_##pixels##_1(const pointwise *t) { \
    pointwise_tile(t, pixels, 1);                                                  \
  }                                                                                \
  static __attribute__((noinline)) void pointwise_##pixels##_2(const pointwise *t) { \
    pointwise_tile(t, pixels, 2);                                                  \
  }
#define POINTWISE_PAIR(pixels) {pointwise_##pixels##_1, pointwise_##pixels##_2}

POINTWISE(1)
POINTWISE(2)
POINTWISE(3)
#if PIXELS > 3
POINTWISE(4)
POINTWISE(5)
POINTWISE(6)
#endif
#if PIXELS > 6
POINTWISE(7)
POINTWISE(8)
POINTWISE(9)
POINTWISE(10)
POINTWISE(11)
POINTWISE(12)
#endif

static void (*const pointwise_tiles[PIXELS][2])(const pointwise *) = {
  POINTWISE_PAIR(1), POINTWISE_PAIR(2), POINTWISE_PAIR(3),
#if PIXELS > 3
  POINTWISE_PAIR(4), POINTWISE_PAIR(5), POINTWISE_PAIR(6),
#endif
#if PIXELS > 6
  POINTWISE_PAIR(7), POINTWISE_PAIR(8), POINTWISE_PAIR(9), POINTWISE_PAIR(10), POINTWISE_PAIR(11),
  POINTWISE_PAIR(12),
#endif
};

// `pixels` next to each other in memory, as equal tiles.
INLINE void pointwise_run(pointwise t, int vectors, int64_t pixels) {
  int64_t tiles = fk_separable_pieces(pixels, PIXELS), begin;
  int64_t step = words(t.narrows);
  float *y = t.y;
  for (int64_t index = 0; index < tiles; index++) {
    int64_t count = fk_separable_piece(pixels, tiles, index, &begin);
    pointwise_tiles[count - 1][vectors - 1](&t);
    t.x += count * WORDS;
    t.y += count * step;
    if (t.residual != NULL) t.residual += count * step;
  }
  if (!is_curved(t.activation) || (HALF && t.narrows)) return;
  for (int v = 0; v < vectors; v++) bend(y + v * t.out_plane, pixels, t.activation.kind);
}
