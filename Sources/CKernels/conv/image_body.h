typedef struct image_block {
  const fk_conv_context *c;
  const float *tile, *w;
  float *out;
  int64_t channel;
  int64_t row, rows;      // of the image
  int64_t first;          // row of the output that the tile begins with
} image_block;

// The sum for one pixel of the image. Padding would make up half of the products, so only windows
// that exist are walked along; with few channels, `sets` of sums hide the latency of one.
INLINE void image_pixel(const image_block *b, int channels, int sets, int64_t y, int64_t x) {
  const fk_conv_context *c = b->c;
  const fk_conv *v = &c->conv;
  vec sum[REGISTERS];
  UNROLL for (int i = 0; i < channels * sets; i++) sum[i] = (vec)(0.0f);
  int64_t across = (x + v->low[1]) / v->stride[1];
  int64_t phase = (x + v->low[1]) % v->stride[1];
  int64_t taps = c->taps[phase];
  // Tap q of the phase belongs to the window at across - q.
  int64_t last = across < taps - 1 ? across : taps - 1;
  int64_t least = across - v->out_size[1] + 1 > 0 ? across - v->out_size[1] + 1 : 0;
  int64_t n = (last - least + 1) * v->out;
  int64_t begin = (c->first_tap[phase] + taps - 1 - last) * v->out * channels;
  int64_t row_weights = v->kernel[1] * v->out * channels;
  for (int64_t k = (y + v->low[0]) % v->stride[0]; k < v->kernel[0]; k += v->stride[0]) {
    int64_t down = y + v->low[0] - k;
    if (down < 0) break;
    down /= v->stride[0];
    if (down >= v->out_size[0]) continue;
    const float *from =
      b->tile + ((down - b->first) * v->out_size[1] + across - last) * v->out * LANES;
    const float *w = b->w + k * row_weights + begin;
    int64_t i = 0;
    for (; i + sets <= n; i += sets)
      UNROLL for (int s = 0; s < sets; s++)
        accumulate(channels, 1, sum + s * channels, from + (i + s) * LANES, 0,
                   w + (i + s) * channels, 1);
    for (; i < n; i++)
      accumulate(channels, 1, sum, from + i * LANES, 0, w + i * channels, 1);
  }
  float *out = b->out + (((y - b->row) * v->size[1] + x) * v->in + b->channel) * LANES;
  UNROLL for (int o = 0; o < channels; o++) {
    vec total = sum[o];
    UNROLL for (int s = 1; s < sets; s++) total += sum[s * channels + o];
    put(out + o * LANES, total);
  }
}

INLINE void image_rows(const image_block *b, int channels, int sets) {
  for (int64_t y = b->row; y < b->row + b->rows; y++)
    for (int64_t x = 0; x < b->c->conv.size[1]; x++) image_pixel(b, channels, sets, y, x);
}

#define SETS(channels) ((channels) >= 6 ? 1 : (channels) >= 3 ? 2 : 4)
#define IMAGE(channels)                                                   \
  static __attribute__((noinline)) void image_##channels(const image_block *b) { \
    image_rows(b, channels, SETS(channels));                              \
  }
IMAGE(1)
IMAGE(2)
IMAGE(3)
IMAGE(4)
IMAGE(5)
IMAGE(6)
IMAGE(7)
IMAGE(8)

static void image_tasks(void *context, int64_t begin, int64_t end, int thread) {
  static void (*const bodies[])(const image_block *) = {
    image_1, image_2, image_3, image_4, image_5, image_6, image_7, image_8,
  };
  const fk_conv_context *c = context;
  const fk_conv *v = &c->conv;
  float *buffer = c->buffers + thread * (c->cut.image + c->cut.output);
  for (int64_t index = begin; index < end; index++) {
    task t = task_at(c, index, v->size[0]);
    // The windows that meet the rows of this band.
    int64_t top = t.row + v->low[0] - v->kernel[0] + 1;
    int64_t first = top > 0 ? (top + v->stride[0] - 1) / v->stride[0] : 0;
    int64_t last = (t.row + t.rows - 1 + v->low[0]) / v->stride[0];
    if (last >= v->out_size[0]) last = v->out_size[0] - 1;
    const float *tile = buffer + c->cut.image;
    if (first <= last) tile = gather_outputs(c, t, first, last - first + 1, buffer + c->cut.image);
    float *out = buffer;
    if (v->image_in_lanes) out = c->result + lane_offset(t, t.row, v->size, v->in);
    int64_t pieces = fk_conv_pieces(v->in, FK_CONV_BLOCK);
    for (int64_t piece = 0; piece < pieces; piece++) {
      image_block b = {.c = c, .tile = tile, .out = out, .row = t.row, .rows = t.rows,
                       .first = first};
      int64_t channels = fk_conv_piece(v->in, FK_CONV_BLOCK, piece, &b.channel);
      b.w = c->weights + b.channel * v->kernel[0] * v->kernel[1] * v->out;
      bodies[channels - 1](&b);
    }
    if (!v->image_in_lanes) scatter_rows(c, t, v->size, v->in, out);
  }
}
