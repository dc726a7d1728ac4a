// Longer sums are added up from shorter ones, for a sum loses more digits the longer it gets.
enum { SUMMANDS = 128 };

// products[tile][output] = sum over channels of patches[channel][tile] * filter[channel][output],
// for one point, `tiles` tiles and `width` vectors of output channels. Meanwhile what is needed
// next is fetched from farther away.
INLINE void multiply(
  int tiles, int width, const float *filter, const float *patches, float *products,
  int64_t blocks, const float *next) {
  for (int64_t done = 0; done < blocks;) {
    int64_t end = done + SUMMANDS / LANES < blocks ? done + SUMMANDS / LANES : blocks;
    int is_first = done == 0;
    vec sum[MOST_TILES * 2];
    UNROLL for (int i = 0; i < tiles * width; i++) sum[i] = (vec)(0.0f);
    for (; done < end; done++) {
      for (int64_t k = 0; k < LANES; k++) {
        vec w[2];
        UNROLL for (int o = 0; o < width; o++) w[o] = at(filter + o * LANES);
        UNROLL for (int o = 0; o < width; o++) __builtin_prefetch(next + o * LANES, 0, 2);
        UNROLL for (int t = 0; t < tiles; t++) {
          vec pixel = (vec)(patches[t * LANES + k]);
          UNROLL for (int o = 0; o < width; o++) sum[t * width + o] += pixel * w[o];
        }
        filter += width * LANES;
        next += width * LANES;
      }
      patches += tiles * LANES;
    }
    if (is_first) {
      UNROLL for (int i = 0; i < tiles * width; i++) put(products + i * LANES, sum[i]);
    } else {
      UNROLL for (int i = 0; i < tiles * width; i++)
        put(products + i * LANES, at(products + i * LANES) + sum[i]);
    }
  }
}

typedef void (*multiplier)(const float *, const float *, float *, int64_t, const float *);

#define MULTIPLY(tiles)                                                                     \
  static __attribute__((noinline)) void multiply_##tiles##_one(                             \
    const float *f, const float *p, float *m, int64_t blocks, const float *next) {          \
    multiply(tiles, 1, f, p, m, blocks, next);                                              \
  }                                                                                         \
  static __attribute__((noinline)) void multiply_##tiles##_two(                             \
    const float *f, const float *p, float *m, int64_t blocks, const float *next) {          \
    multiply(tiles, 2, f, p, m, blocks, next);                                              \
  }
#define MULTIPLIERS(tiles) {multiply_##tiles##_one, multiply_##tiles##_two}

MULTIPLY(1)
MULTIPLY(2)
MULTIPLY(3)
#if MOST_TILES > 3
MULTIPLY(4)
MULTIPLY(5)
MULTIPLY(6)
#endif
#if MOST_TILES > 6
MULTIPLY(7)
MULTIPLY(8)
MULTIPLY(9)
MULTIPLY(10)
MULTIPLY(11)
MULTIPLY(12)
MULTIPLY(13)
#endif

// By the number of tiles less one, and the number of vectors less one.
static const multiplier multipliers[MOST_TILES][2] = {
  MULTIPLIERS(1), MULTIPLIERS(2), MULTIPLIERS(3),
#if MOST_TILES > 3
  MULTIPLIERS(4), MULTIPLIERS(5), MULTIPLIERS(6),
#endif
#if MOST_TILES > 6
  MULTIPLIERS(7), MULTIPLIERS(8), MULTIPLIERS(9), MULTIPLIERS(10), MULTIPLIERS(11),
  MULTIPLIERS(12), MULTIPLIERS(13),
#endif
};
