// The most output channels and (tap, input channel) pairs of a register block.
#if REGISTERS == 24
enum { SIDE_OUT = 4, SIDE_IN = 6 };
#else
enum { SIDE_OUT = 2, SIDE_IN = 5 };
#endif

// The sums of the lanes of up to LANES vectors, one to a lane. One round adds neighbouring lanes of two
// vectors into one.
INLINE vec sums_of_lanes(vec *v) {
  UNROLL for (int n = LANES; n > 1; n /= 2)
    UNROLL for (int i = 0; i < n / 2; i++)
      v[i] = __builtin_shufflevector(v[2 * i], v[2 * i + 1], EVEN_LANES)
        + __builtin_shufflevector(v[2 * i], v[2 * i + 1], ODD_LANES);
  return v[0];
}

// to[i] += the sum of the lanes of v[i], for n of them.
INLINE void add_sums(float *to, const vec *v, int n) {
  UNROLL for (int first = 0; first < n; first += LANES) {
    vec some[LANES];
    UNROLL for (int i = 0; i < LANES; i++) some[i] = first + i < n ? v[first + i] : (vec)(0.0f);
    vec sums = sums_of_lanes(some);
    UNROLL for (int i = 0; i < LANES; i++) if (first + i < n) to[first + i] += sums[i];
  }
}

typedef struct filter_block {
  const fk_conv_context *c;
  const float *tile, *dy;  // at the block's first pair and first channel
  float *to;
  int64_t rows;
} filter_block;

// Sums over the pixels of a band and adds them to the part's.
INLINE void filter_pairs(const filter_block *b, int channels, int pairs) {
  const fk_conv *v = &b->c->conv;
  int64_t width = b->c->cut.width;
  int64_t step = v->stride[1] * v->in * LANES, out_step = v->out * LANES;
  vec sum[SIDE_OUT * SIDE_IN];
  UNROLL for (int i = 0; i < channels * pairs; i++) sum[i] = (vec)(0.0f);
  for (int64_t y = 0; y < b->rows; y++) {
    const float *x = b->tile + y * v->stride[0] * width * v->in * LANES;
    const float *dy = b->dy + y * v->out_size[1] * out_step;
    for (int64_t i = 0; i < v->out_size[1]; i++, x += step, dy += out_step) {
      vec g[SIDE_OUT];
      UNROLL for (int o = 0; o < channels; o++) g[o] = at(dy + o * LANES);
      UNROLL for (int j = 0; j < pairs; j++) {
        vec in = at(x + j * LANES);
        UNROLL for (int o = 0; o < channels; o++) sum[o * pairs + j] += g[o] * in;
      }
    }
  }
  int64_t filter = v->kernel[0] * v->kernel[1] * v->in;
  UNROLL for (int o = 0; o < channels; o++) add_sums(b->to + o * filter, sum + o * pairs, pairs);
}

#define FILTER(channels, pairs)                                                             \
  static __attribute__((noinline)) void filter_##channels##_##pairs(const filter_block *b) { \
    filter_pairs(b, channels, pairs);                                                       \
  }
#define FILTERS(channels) \
  FILTER(channels, 1)     \
  FILTER(channels, 2)     \
  FILTER(channels, 3)     \
  FILTER(channels, 4)     \
  FILTER(channels, 5)
FILTERS(1)
FILTERS(2)
#if REGISTERS == 24
FILTERS(3)
FILTERS(4)
FILTER(1, 6)
FILTER(2, 6)
FILTER(3, 6)
FILTER(4, 6)
#endif

static void (*const filter_bodies[SIDE_OUT][SIDE_IN])(const filter_block *) = {
#if REGISTERS == 24
  {filter_1_1, filter_1_2, filter_1_3, filter_1_4, filter_1_5, filter_1_6},
  {filter_2_1, filter_2_2, filter_2_3, filter_2_4, filter_2_5, filter_2_6},
  {filter_3_1, filter_3_2, filter_3_3, filter_3_4, filter_3_5, filter_3_6},
  {filter_4_1, filter_4_2, filter_4_3, filter_4_4, filter_4_5, filter_4_6},
#else
  {filter_1_1, filter_1_2, filter_1_3, filter_1_4, filter_1_5},
  {filter_2_1, filter_2_2, filter_2_3, filter_2_4, filter_2_5},
#endif
};

static void filter_task(const fk_conv_context *c, task t, float *buffer, float *part) {
  const fk_conv *v = &c->conv;
  int64_t run = v->kernel[1] * v->in;
  const float *tile = gather_windows(c, t, buffer);
  const float *dy = gather_outputs(c, t, t.row, t.rows, buffer + c->cut.image);
  for (int64_t piece = 0; piece < fk_conv_pieces(v->out, SIDE_OUT); piece++) {
    int64_t o;
    int64_t channels = fk_conv_piece(v->out, SIDE_OUT, piece, &o);
    for (int64_t k = 0; k < v->kernel[0]; k++) {
      for (int64_t group = 0; group < fk_conv_pieces(run, SIDE_IN); group++) {
        int64_t j;
        int64_t pairs = fk_conv_piece(run, SIDE_IN, group, &j);
        filter_block b = {
          .c = c, .tile = tile + (k * c->cut.width * v->in + j) * LANES, .dy = dy + o * LANES,
          .to = part + (o * v->kernel[0] + k) * run + j, .rows = t.rows,
        };
        filter_bodies[channels - 1][pairs - 1](&b);
      }
    }
  }
  if (c->bias_result == NULL) return;
  float *bias = part + v->out * v->kernel[0] * run;
  int64_t pixels = t.rows * v->out_size[1], step = v->out * LANES;
  for (int64_t o = 0; o < v->out; o++) {
    vec sums[4] = {(vec)(0.0f), (vec)(0.0f), (vec)(0.0f), (vec)(0.0f)};
    const float *from = dy + o * LANES;
    int64_t p = 0;
    for (; p + 4 <= pixels; p += 4)
      UNROLL for (int i = 0; i < 4; i++) sums[i] += at(from + (p + i) * step);
    for (; p < pixels; p++) sums[0] += at(from + p * step);
    sums[0] = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    add_sums(bias + o, sums, 1);
  }
}

static void filter_parts(void *context, int64_t begin, int64_t end, int thread) {
  const fk_conv_context *c = context;
  float *buffer = c->buffers + thread * (c->cut.image + c->cut.output);
  int64_t tasks = c->cut.blocks * c->cut.bands;
  for (int64_t index = begin; index < end; index++) {
    float *part = c->parts + index * c->cut.part;
    memset(part, 0, (size_t)c->cut.part * sizeof(float));
    for (int64_t i = tasks * index / c->cut.parts; i < tasks * (index + 1) / c->cut.parts; i++)
      filter_task(c, task_at(c, i, c->conv.out_size[0]), buffer, part);
  }
}

// The sum of entry `index` over all parts.
INLINE float total_of(const fk_conv_context *c, int64_t index) {
  double sum = 0;
  for (int64_t part = 0; part < c->cut.parts; part++)
    sum += (double)c->parts[part * c->cut.part + index];
  return (float)sum;
}

// Output channels [begin, end): from parts and lanes to the filter as everyone knows it.
static void combine_filters(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_conv_context *c = context;
  const fk_conv *v = &c->conv;
  int64_t taps = v->kernel[0] * v->kernel[1];
  for (int64_t o = begin; o < end; o++) {
    for (int64_t tap = 0; tap < taps; tap++)
      for (int64_t k = 0; k < v->in; k++)
        c->result[(o * v->in + k) * taps + tap] = total_of(c, (o * taps + tap) * v->in + k);
    if (c->bias_result != NULL) c->bias_result[o] = total_of(c, v->out * taps * v->in + o);
  }
}
