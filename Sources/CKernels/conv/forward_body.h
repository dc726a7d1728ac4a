// sum[p][o] += x[p][i] * w[i][o] for n vectors in a row.
INLINE void accumulate(
  int channels, int pixels, vec *sum, const float *x, int64_t step, const float *w, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    vec in[8];
    UNROLL for (int p = 0; p < pixels; p++) in[p] = at(x + p * step + i * LANES);
    UNROLL for (int o = 0; o < channels; o++) {
      vec weight = (vec)(w[i * channels + o]);
      UNROLL for (int p = 0; p < pixels; p++) sum[p * channels + o] += in[p] * weight;
    }
  }
}

typedef struct forward_block {
  const fk_conv_context *c;
  const float *tile, *w;
  float *out;
  int64_t channel, rows;
} forward_block;

// A few pixels next to each other in a row.
INLINE void forward_pixels(
  const forward_block *b, int channels, int pixels, int64_t y, int64_t x) {
  const fk_conv *v = &b->c->conv;
  int64_t width = b->c->cut.width;
  int64_t run = v->kernel[1] * v->in, step = v->stride[1] * v->in * LANES;
  vec sum[REGISTERS];
  UNROLL for (int o = 0; o < channels; o++) {
    vec start = (vec)(b->c->bias != NULL ? b->c->bias[b->channel + o] : 0.0f);
    UNROLL for (int p = 0; p < pixels; p++) sum[p * channels + o] = start;
  }
  for (int64_t k = 0; k < v->kernel[0]; k++) {
    const float *row = b->tile + ((y * v->stride[0] + k) * width) * v->in * LANES + x * step;
    accumulate(channels, pixels, sum, row, step, b->w + k * run * channels, run);
  }
  float *out = b->out + ((y * v->out_size[1] + x) * v->out + b->channel) * LANES;
  UNROLL for (int p = 0; p < pixels; p++)
    UNROLL for (int o = 0; o < channels; o++) {
      vec value = sum[p * channels + o];
      // A NaN stays one.
      if (b->c->relu) value = value < (vec)(0.0f) ? (vec)(0.0f) : value;
      put(out + (p * v->out + o) * LANES, value);
    }
}

INLINE void forward_rows(const forward_block *b, int channels, int pixels) {
  int64_t width = b->c->conv.out_size[1];
  for (int64_t y = 0; y < b->rows; y++) {
    int64_t x = 0;
    for (; x + pixels <= width; x += pixels) forward_pixels(b, channels, pixels, y, x);
    for (; x < width; x++) forward_pixels(b, channels, 1, y, x);
  }
}

#define PIXELS(channels) (REGISTERS / (channels) < 4 ? REGISTERS / (channels) : 4)
#define FORWARD(channels)                                                   \
  static __attribute__((noinline)) void forward_##channels(const forward_block *b) { \
    forward_rows(b, channels, PIXELS(channels));                            \
  }
FORWARD(1)
FORWARD(2)
FORWARD(3)
FORWARD(4)
FORWARD(5)
FORWARD(6)
FORWARD(7)
FORWARD(8)

static void forward_tasks(void *context, int64_t begin, int64_t end, int thread) {
  static void (*const bodies[])(const forward_block *) = {
    forward_1, forward_2, forward_3, forward_4, forward_5, forward_6, forward_7, forward_8,
  };
  const fk_conv_context *c = context;
  const fk_conv *v = &c->conv;
  float *buffer = c->buffers + thread * (c->cut.image + c->cut.output);
  for (int64_t index = begin; index < end; index++) {
    task t = task_at(c, index, v->out_size[0]);
    const float *tile = gather_windows(c, t, buffer);
    float *out = buffer + c->cut.image;
    if (v->output_in_lanes) out = c->result + lane_offset(t, t.row, v->out_size, v->out);
    int64_t pieces = fk_conv_pieces(v->out, FK_CONV_BLOCK);
    for (int64_t piece = 0; piece < pieces; piece++) {
      forward_block b = {.c = c, .tile = tile, .out = out, .rows = t.rows};
      int64_t channels = fk_conv_piece(v->out, FK_CONV_BLOCK, piece, &b.channel);
      b.w = c->weights + b.channel * v->kernel[0] * v->kernel[1] * v->in;
      bodies[channels - 1](&b);
    }
    if (!v->output_in_lanes) scatter_rows(c, t, v->out_size, v->out, out);
  }
}
