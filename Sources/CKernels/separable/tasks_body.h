// Rows of one image through a block's convolutions.

// Where a chunk's rows of the expanded image lie: a ring of rows per vector of channels.
typedef struct window {
  const fk_separable_context *c;
  int64_t image, chunk;
  int vectors;
  float *rows;
} window;

INLINE int vectors_of(int64_t chunk, int64_t blocks) {
  return 2 * chunk + 2 <= blocks ? 2 : 1;
}

INLINE float *row_of(const window *w, int vector, int64_t row) {
  const fk_separable_cut *cut = &w->c->cut;
  // Rows begin above the image.
  int64_t place = (row + w->c->block.low[0]) % cut->ring;
  return w->rows + (vector * cut->ring + place) * cut->columns * LANES;
}

INLINE void clear(float *p, int64_t pixels) {
  for (int64_t i = 0; i < pixels; i++) put(p + i * LANES, (vec)(0.0f));
}

// Pixels of an image into a row.
INLINE void copy(float *to, const float *from, int64_t pixels) {
#if HALF
  for (int64_t i = 0; i < pixels; i++) put(to + i * LANES, read(from + i * WORDS, 1));
#else
  memcpy(to, from, (size_t)(pixels * LANES) * sizeof(float));
#endif
}

INLINE int64_t words_for(int64_t channels) {
  return HALF ? (channels + 1) / 2 : channels;
}

// Rows begin..<end of the expanded image, or of the image itself, into the ring.
INLINE void fill(const window *w, int64_t begin, int64_t end) {
  const fk_separable *v = &w->c->block;
  const fk_separable_cut *cut = &w->c->cut;
  int64_t plane = v->size[0] * v->size[1] * WORDS, count = words_for(v->in);
  int64_t left = v->low[1], width = v->size[1];
  if (width > cut->columns - left) width = cut->columns - left;
  const float *image = w->c->x + w->image * cut->in_blocks * plane;
  const float *packed = w->c->packed + 2 * w->chunk * (count + 1) * LANES;
  for (int64_t row = begin; row < end; row++) {
    int isInside = row >= 0 && row < v->size[0] && width > 0;
    for (int i = 0; i < w->vectors; i++) {
      float *to = row_of(w, i, row);
      if (!isInside) {
        clear(to, cut->columns);
        continue;
      }
      clear(to, left);
      clear(to + (left + width) * LANES, cut->columns - left - width);
      if (!v->expands)
        copy(
          to + left * LANES, image + (2 * w->chunk + i) * plane + row * v->size[1] * WORDS, width);
    }
    if (!isInside || !v->expands) continue;
    pointwise t = {
      .x = image + row * v->size[1] * WORDS, .plane = plane, .words = count,
      .w = packed + w->vectors * LANES, .bias = packed, .y = row_of(w, 0, row) + left * LANES,
      .out_plane = cut->ring * cut->columns * LANES, .activation = v->expanded};
    pointwise_run(t, w->vectors, width);
  }
}

// Rows begin..<end of the depthwise result; `y` is where they start for the chunk's first vector.
INLINE void filter(const window *w, int64_t begin, int64_t end, float *y, int64_t plane) {
  const fk_separable *v = &w->c->block;
  int64_t taps = v->kernel[0] * v->kernel[1];
  for (int i = 0; i < w->vectors; i++) {
    const float *packed =
      w->c->packed + w->c->cut.depthwise + (2 * w->chunk + i) * (taps + 1) * LANES;
    depthwise t = {
      .height = v->kernel[0], .across = v->kernel[1], .stride = v->stride[1], .w = packed + LANES,
      .bias = packed, .activation = v->filtered, .narrows = v->projects || !v->wide};
    int64_t step = words(t.narrows);
    for (int64_t row = begin; row < end; row++) {
      for (int64_t k = 0; k < v->kernel[0]; k++)
        t.rows[k] = row_of(w, i, row * v->stride[0] - v->low[0] + k);
      depthwise_row(&t, y + i * plane + (row - begin) * v->out_size[1] * step, v->out_size[1]);
    }
  }
}

// A tile of the result: `pixels` from `first` on of one image and a chunk of its channels.
INLINE void project(
  const fk_separable_context *c, int64_t image, int64_t chunk, int64_t first, int64_t pixels,
  const float *middle, int64_t plane) {
  const fk_separable *v = &c->block;
  int64_t out_plane = v->out_size[0] * v->out_size[1] * words(!v->wide);
  int64_t place = (image * c->cut.out_blocks + 2 * chunk) * out_plane + first * words(!v->wide);
  int64_t count = c->cut.blocks * WORDS;
  const float *packed = c->packed + c->cut.project + 2 * chunk * (count + 1) * LANES;
  int vectors = vectors_of(chunk, c->cut.out_blocks);
  pointwise t = {
    .x = middle, .plane = plane, .words = count, .w = packed + vectors * LANES,
    .bias = packed, .residual = c->residual == NULL ? NULL : c->residual + place,
    .y = c->y + place, .out_plane = out_plane, .activation = v->projected, .narrows = !v->wide};
  pointwise_run(t, vectors, pixels);
}

// A band of an image, a few rows at a time through everything.
static void whole_tasks(void *context, int64_t begin, int64_t end, int thread) {
  const fk_separable_context *c = context;
  const fk_separable *v = &c->block;
  const fk_separable_cut *cut = &c->cut;
  float *windows = c->windows + thread * cut->window, *middle = c->middle + thread * cut->middle;
  int64_t step = words(v->projects || !v->wide), width = v->out_size[1];
  int64_t out_plane = v->out_size[0] * width * step;
  for (int64_t task = begin; task < end; task++) {
    int64_t image = task / cut->bands, top;
    int64_t height = fk_separable_piece(v->out_size[0], cut->bands, task % cut->bands, &top);
    int64_t ready = top * v->stride[0] - v->low[0];
    for (int64_t row = top; row < top + height; row += cut->rows) {
      int64_t count = cut->rows < top + height - row ? cut->rows : top + height - row;
      int64_t start = row * v->stride[0] - v->low[0];
      int64_t stop = start + (count - 1) * v->stride[0] + v->kernel[0];
      int64_t plane = v->projects ? count * width * step : out_plane;
      float *to = middle;
      if (!v->projects) to = c->y + image * cut->out_blocks * out_plane + row * width * step;
      for (int64_t chunk = 0; chunk < cut->chunks; chunk++) {
        window w = {
          .c = c, .image = image, .chunk = chunk, .vectors = vectors_of(chunk, cut->blocks),
          .rows = windows + 2 * chunk * cut->ring * cut->columns * LANES};
        fill(&w, ready > start ? ready : start, stop);
        filter(&w, row, row + count, to + 2 * chunk * plane, plane);
      }
      ready = stop;
      if (!v->projects) continue;
      for (int64_t chunk = 0; chunk < cut->out_chunks; chunk++)
        project(c, image, chunk, row * width, count * width, middle, plane);
    }
  }
}

// A chunk of channels of an image, all rows, up to the depthwise results.
static void filter_tasks(void *context, int64_t begin, int64_t end, int thread) {
  const fk_separable_context *c = context;
  const fk_separable *v = &c->block;
  int64_t plane = v->out_size[0] * v->out_size[1] * words(v->projects || !v->wide);
  for (int64_t task = begin; task < end; task++) {
    int64_t image = task / c->cut.chunks, chunk = task % c->cut.chunks;
    window w = {
      .c = c, .image = image, .chunk = chunk, .vectors = vectors_of(chunk, c->cut.blocks),
      .rows = c->windows + thread * c->cut.window};
    float *y = v->projects ? c->middle : c->y;
    y += (image * c->cut.blocks + 2 * chunk) * plane;
    fill(&w, -v->low[0], (v->out_size[0] - 1) * v->stride[0] - v->low[0] + v->kernel[0]);
    filter(&w, 0, v->out_size[0], y, plane);
  }
}

// The projection of what all threads have filtered: a chunk of channels of a few pixels.
static void project_tasks(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_separable_context *c = context;
  const fk_separable *v = &c->block;
  int64_t pixels = v->out_size[0] * v->out_size[1], first;
  int64_t tiles = fk_separable_pieces(pixels, PIXELS);
  for (int64_t task = begin; task < end; task++) {
    int64_t tile = task % tiles, chunk = task / tiles % c->cut.out_chunks;
    int64_t image = task / tiles / c->cut.out_chunks;
    int64_t count = fk_separable_piece(pixels, tiles, tile, &first);
    const float *middle = c->middle + (image * c->cut.blocks * pixels + first) * WORDS;
    project(c, image, chunk, first, count, middle, pixels * WORDS);
  }
}
