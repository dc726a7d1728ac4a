// Resizing. Rows are combined first, into a line held on the stack, then positions along the line; so a window of
// a by b elements costs a + b. Lines that are too long are cut where the tables allow it.

enum {
  LINE_FLOATS = 16384,
  ROWS_AT_ONCE = 8,
};

// Output positions [first, last) of the last axis whose elements lie in [low, high); last <= first + 1 and
// direct != 0 if a single one reaches too far for a line.
typedef struct {
  int64_t first, last, low, high;
  int direct;
} line_tile;

INLINE line_tile tile_from(const fk_resample_context *c, int64_t first, int64_t limit) {
  const fk_taps taps = c->taps[2];
  if (c->image.spatial[2] <= limit) return (line_tile){0, c->out[2], 0, c->image.spatial[2], 0};
  line_tile t = {first, first, INT64_MAX, 0, 0};
  for (int64_t o = first; o < c->out[2]; o++) {
    int64_t low = t.low, high = t.high;
    for (int64_t k = 0; k < taps.taps; k++) {
      int64_t i = taps.index[o * taps.taps + k];
      low = fk_least(low, i);
      high = fk_most(high, i + 1);
    }
    if (high - low > limit) break;
    t.low = low;
    t.high = high;
    t.last = o + 1;
  }
  if (t.last == first) {
    t.last = first + 1;
    t.direct = 1;
  }
  return t;
}

typedef struct {
  int64_t place;
  float weight;
} weighted_row;

// Row number `k` of those that output row (o0, o1) takes.
INLINE weighted_row row_tap(const fk_resample_context *c, int64_t o0, int64_t o1, int64_t k) {
  const fk_taps a = c->taps[0], b = c->taps[1];
  int64_t i = o0 * a.taps + k / b.taps, j = o1 * b.taps + k % b.taps;
  int64_t place = (int64_t)a.index[i] * c->image.spatial[1] + b.index[j];
  return (weighted_row){place * c->image.spatial[2], a.weight[i] * b.weight[j]};
}

// line = the weighted sum of rows, positions [low, high) of `lanes` lanes; a plain image counts sixteen positions
// as lanes.
INLINE void combine_rows(
  const fk_resample_context *c, const float *plane, int64_t o0, int64_t o1, const line_tile *t,
  int64_t lanes, float *line
) {
  const int64_t rows = c->taps[0].taps * c->taps[1].taps, block = c->image.block;
  const int64_t count = t->high - t->low, step = block == 1 ? 16 : 1;
  for (int64_t start = 0; start < rows; start += ROWS_AT_ONCE) {
    int64_t together = fk_least(ROWS_AT_ONCE, rows - start);
    const float *sources[ROWS_AT_ONCE];
    float weights[ROWS_AT_ONCE];
    for (int64_t k = 0; k < together; k++) {
      weighted_row tap = row_tap(c, o0, o1, start + k);
      sources[k] = plane + (tap.place + t->low) * block;
      weights[k] = tap.weight;
    }
    for (int64_t w = 0; w < count; w += step) {
      int64_t n = block == 1 ? fk_least(16, count - w) : lanes;
      float *target = line + w * (block == 1 ? 1 : lanes);
      v16 total = start ? load(target, n) : splat(0);
      for (int64_t k = 0; k < together; k++) {
        total += splat(weights[k]) * load(sources[k] + w * block, n);
      }
      store(target, total, n);
    }
  }
}

// One output position without a line.
INLINE v16 resample_direct(
  const fk_resample_context *c, const float *plane, int64_t o0, int64_t o1, int64_t o2, int64_t lanes
) {
  const fk_taps last = c->taps[2];
  const int64_t rows = c->taps[0].taps * c->taps[1].taps;
  v16 result = splat(0);
  for (int64_t t = 0; t < last.taps; t++) {
    int64_t i = last.index[o2 * last.taps + t];
    v16 column = splat(0);
    for (int64_t k = 0; k < rows; k++) {
      weighted_row tap = row_tap(c, o0, o1, k);
      column += splat(tap.weight) * load(plane + (tap.place + i) * c->image.block, lanes);
    }
    result += splat(last.weight[o2 * last.taps + t]) * column;
  }
  return result;
}

// Positions of a line, `step` floats apart, to outputs `block` apart.
INLINE void combine_positions(
  const fk_resample_context *c, const line_tile *t, const float *line, int64_t step, int64_t lanes,
  int64_t taps, float *y
) {
  const int32_t *index = c->taps[2].index;
  const float *weight = c->taps[2].weight;
  for (int64_t o = t->first; o < t->last; o++) {
    v16 total = splat(0);
    for (int64_t k = 0; k < taps; k++) {
      int64_t i = index[o * taps + k] - t->low;
      total += splat(weight[o * taps + k]) * load(line + i * step, lanes);
    }
    store(y + o * c->image.block, total, lanes);
  }
}

INLINE void combine_plain_positions(
  const fk_resample_context *c, const line_tile *t, const float *line, int64_t taps, float *y
) {
  const int32_t *index = c->taps[2].index;
  const float *weight = c->taps[2].weight;
  for (int64_t o = t->first; o < t->last; o++) {
    float total = 0;
    for (int64_t k = 0; k < taps; k++) {
      total += weight[o * taps + k] * line[index[o * taps + k] - t->low];
    }
    y[o] = total;
  }
}

INLINE void resample_tile(
  const fk_resample_context *c, const float *plane, int64_t o0, int64_t o1, const line_tile *t,
  int64_t lanes, float *line, float *y
) {
  const int64_t block = c->image.block, taps = c->taps[2].taps;
  weighted_row only = row_tap(c, o0, o1, 0);
  const float *source = line;
  int64_t step = lanes;
  if (c->taps[0].taps * c->taps[1].taps == 1 && only.weight == 1) {
    source = plane + (only.place + t->low) * block;
    step = block;
  } else {
    combine_rows(c, plane, o0, o1, t, lanes, line);
  }
  if (block == 1) {
    switch (taps) {
    case 1: combine_plain_positions(c, t, source, 1, y); break;
    case 2: combine_plain_positions(c, t, source, 2, y); break;
    case 4: combine_plain_positions(c, t, source, 4, y); break;
    default: combine_plain_positions(c, t, source, taps, y);
    }
  } else if (lanes == 16) {
    switch (taps) {
    case 1: combine_positions(c, t, source, step, 16, 1, y); break;
    case 2: combine_positions(c, t, source, step, 16, 2, y); break;
    case 4: combine_positions(c, t, source, step, 16, 4, y); break;
    default: combine_positions(c, t, source, step, 16, taps, y);
    }
  } else {
    combine_positions(c, t, source, step, lanes, taps, y);
  }
}

// A task is one row of output positions of one block of channels.
static void resample_rows(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_resample_context *c = context;
  const int64_t block = c->image.block, rows = c->out[0] * c->out[1];
  float line[LINE_FLOATS];
  for (int64_t task = begin; task < end; task++) {
    int64_t o0 = task % rows / c->out[1], o1 = task % c->out[1];
    for (int64_t strip = 0; strip < fk_strips(c->image); strip++) {
      fk_strip s = fk_strip_of(c->image, 0, strip);
      const float *plane = c->source + task / rows * fk_plane(c->image) * block + s.first;
      float *y = c->target + task * c->out[2] * block + s.first;
      for (int64_t o = 0; o < c->out[2];) {
        line_tile t = tile_from(c, o, LINE_FLOATS / s.lanes);
        if (t.direct) {
          store(y + o * block, resample_direct(c, plane, o0, o1, o, s.lanes), s.lanes);
        } else {
          resample_tile(c, plane, o0, o1, &t, s.lanes, line, y);
        }
        o = t.last;
      }
    }
  }
}

INLINE void spread_direct(
  const fk_resample_context *c, float *plane, int64_t o0, int64_t o1, int64_t o2, int64_t lanes, v16 dy
) {
  const fk_taps last = c->taps[2];
  const int64_t rows = c->taps[0].taps * c->taps[1].taps;
  for (int64_t t = 0; t < last.taps; t++) {
    v16 share = splat(last.weight[o2 * last.taps + t]) * dy;
    for (int64_t k = 0; k < rows; k++) {
      weighted_row tap = row_tap(c, o0, o1, k);
      float *target = plane + (tap.place + last.index[o2 * last.taps + t]) * c->image.block;
      store(target, load(target, lanes) + splat(tap.weight) * share, lanes);
    }
  }
}

// The transposes of combine_positions and combine_rows.
INLINE void spread_tile(
  const fk_resample_context *c, float *plane, int64_t o0, int64_t o1, const line_tile *t,
  int64_t lanes, float *line, const float *dy
) {
  const fk_taps last = c->taps[2];
  const int64_t block = c->image.block, count = t->high - t->low;
  memset(line, 0, (size_t)(count * lanes) * sizeof(float));
  for (int64_t o = t->first; o < t->last; o++) {
    for (int64_t k = 0; k < last.taps; k++) {
      int64_t i = last.index[o * last.taps + k] - t->low;
      float weight = last.weight[o * last.taps + k];
      if (block == 1) {
        line[i] += weight * dy[o];
      } else {
        float *target = line + i * lanes;
        store(target, load(target, lanes) + splat(weight) * load(dy + o * block, lanes), lanes);
      }
    }
  }
  const int64_t rows = c->taps[0].taps * c->taps[1].taps, step = block == 1 ? 16 : 1;
  for (int64_t k = 0; k < rows; k++) {
    weighted_row tap = row_tap(c, o0, o1, k);
    float *target = plane + (tap.place + t->low) * block;
    const v16 weight = splat(tap.weight);
    for (int64_t w = 0; w < count; w += step) {
      int64_t n = block == 1 ? fk_least(16, count - w) : lanes;
      v16 total = load(target + w * block, n) + weight * load(line + w * lanes, n);
      store(target + w * block, total, n);
    }
  }
}

// A task is one plane of up to sixteen lanes, so that no two tasks add to the same place.
static void resample_backward_planes(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_resample_context *c = context;
  const int64_t block = c->image.block, strips = fk_strips(c->image), positions = fk_plane(c->image);
  const int64_t rows = c->out[0] * c->out[1];
  float line[LINE_FLOATS];
  for (int64_t task = begin; task < end; task++) {
    fk_strip s = fk_strip_of(c->image, 0, task % strips);
    float *plane = c->target + task / strips * positions * block + s.first;
    const float *dy = c->source + task / strips * rows * c->out[2] * block + s.first;
    for (int64_t i = 0; i < positions; i++) store(plane + i * block, splat(0), s.lanes);
    for (int64_t row = 0; row < rows; row++) {
      const float *from = dy + row * c->out[2] * block;
      int64_t o0 = row / c->out[1], o1 = row % c->out[1];
      for (int64_t o = 0; o < c->out[2];) {
        line_tile t = tile_from(c, o, LINE_FLOATS / s.lanes);
        if (t.direct) {
          spread_direct(c, plane, o0, o1, o, s.lanes, load(from + o * block, s.lanes));
        } else {
          spread_tile(c, plane, o0, o1, &t, s.lanes, line, from);
        }
        o = t.last;
      }
    }
  }
}
