// Pooling, forward. A task is one row of output positions of one block of channels.

// Reduces one window over n lanes; `best` becomes the positions of the maxima.
INLINE v16 reduce_window(
  const fk_pool_context *c, int64_t base, fk_range r0, fk_range r1, fk_range r2, int64_t n, int half,
  int average, int want, i16 *best
) {
  const int64_t *size = c->pool.image.spatial;
  const int64_t block = c->pool.image.block;
  v16 result = splat(average ? 0 : -__builtin_inff());
  if (want) {
    int64_t first = (r0.first * size[1] + r1.first) * size[2] + r2.first;
    *best = (i16)((int32_t)(r0.count && r1.count && r2.count ? first : -1));
  }
  for (int64_t a = 0; a < r0.count; a++) {
    for (int64_t b = 0; b < r1.count; b++) {
      int64_t row = ((r0.first + a * r0.step) * size[1] + r1.first + b * r1.step) * size[2] + r2.first;
      for (int64_t e = 0; e < r2.count; e++) {
        int64_t position = row + e * r2.step;
        v16 x = load_any(c->source, base + position * block, n, half);
        if (average) {
          result += x;
        } else {
          i16 take = beats(x, result);
          result = take ? x : result;
          if (want) *best = take ? (i16)((int32_t)position) : *best;
        }
      }
    }
  }
  return result;
}

// rows * columns (at most nine) elements of a window whose first lies at `at`. A NaN, which would need two more
// operations for every element, is looked for apart, two elements at a time; answers 0 if there is one.
INLINE int reduce_known(
  const fk_pool_context *c, int64_t at, int64_t down, int64_t n, int rows, int columns, int half,
  int average, int want, int32_t first, v16 *result, i16 *best
) {
  const int64_t block = c->pool.image.block;
  v16 x[9];
  for (int i = 0; i < rows; i++) {
    for (int j = 0; j < columns; j++) {
      x[i * columns + j] = load_any(c->source, at + i * down + j * block, n, half);
    }
  }
  const int count = rows * columns;
  if (average) {
    v16 total = x[0];
    for (int i = 1; i < count; i++) total += x[i];
    *result = total;
    return 1;
  }
  i16 strange = unordered(x[0], x[count - 1]);
  for (int i = 1; i + 1 < count; i += 2) strange |= unordered(x[i], x[i + 1]);
  v16 top = x[0];
  i16 where = (i16)(first);
  const int32_t width = (int32_t)c->pool.image.spatial[2];
  for (int i = 1; i < count; i++) {
    if (want) {
      i16 take = x[i] > top;
      where = take ? (i16)(first + i / columns * width + i % columns) : where;
      top = take ? x[i] : top;
    } else {
      top = larger(x[i], top);
    }
  }
  *result = top;
  if (want) *best = where;
  return !any(strange);
}

INLINE float divisor_of(const fk_pool_context *c, int64_t o0, int64_t o1, int64_t o2) {
  if (c->divisor == FK_DIVISOR_FIXED) return c->fixed;
  int64_t count = fk_divisor_along(&c->pool, c->divisor, 0, o0)
    * fk_divisor_along(&c->pool, c->divisor, 1, o1) * fk_divisor_along(&c->pool, c->divisor, 2, o2);
  return (float)count;
}

// n elements that lie `stride` (1 or 2) apart.
INLINE v16 load_apart(const void *p, int64_t i, int64_t n, int64_t stride, int half) {
  if (stride == 1) return load_any(p, i, n, half);
  if (n == 16) {
    v16 a = load_any(p, i, 16, half), b = load_any(p, i + 15, 16, half);
    return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 17, 19, 21, 23, 25, 27, 29, 31);
  }
  int64_t span = 2 * n - 1;
  v16 a = load_any(p, i, fk_least(span, 16), half);
  v16 b = span > 16 ? load_any(p, i + 16, span - 16, half) : splat(0);
  return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}

// n neighbouring windows of one plane, none of which is cut off along the last axis, one to a lane.
INLINE v16 reduce_neighbours(
  const fk_pool_context *c, int64_t base, fk_range r0, fk_range r1, int64_t start, int64_t n, int half,
  int average, int want, i16 *best
) {
  const fk_pool *p = &c->pool;
  const int64_t *size = p->image.spatial;
  v16 result = splat(average ? 0 : -__builtin_inff());
  i16 lanes = iota() * (i16)((int32_t)p->stride[2]);
  if (want) {
    int64_t first = (r0.first * size[1] + r1.first) * size[2] + start;
    *best = r0.count && r1.count ? lanes + (i16)((int32_t)first) : (i16)(-1);
  }
  for (int64_t a = 0; a < r0.count; a++) {
    for (int64_t b = 0; b < r1.count; b++) {
      int64_t row = ((r0.first + a * r0.step) * size[1] + r1.first + b * r1.step) * size[2] + start;
      for (int64_t e = 0; e < p->kernel[2]; e++) {
        int64_t position = row + e * p->dilation[2];
        v16 x = load_apart(c->source, base + position, n, p->stride[2], half);
        if (average) {
          result += x;
        } else {
          i16 take = beats(x, result);
          result = take ? x : result;
          if (want) *best = take ? lanes + (i16)((int32_t)position) : *best;
        }
      }
    }
  }
  return result;
}

typedef struct {
  int64_t o0, o1;
  fk_range r0, r1;
  int64_t group, source, target;
} pool_row;

INLINE void finish_window(
  const fk_pool_context *c, const pool_row *row, int64_t o2, int64_t at, fk_strip s, v16 y, i16 best,
  int half, int average, int want
) {
  if (average) {
    float by = divisor_of(c, row->o0, row->o1, o2);
    y = by == 0 ? splat(0) : y / splat(by);
  }
  if (s.channels < s.lanes) {
    y = keep(lanes_below(s.channels), y);
    best &= lanes_below(s.channels);
  }
  store_any(c->target, at, y, s.lanes, half);
  if (want) store_int(c->index_out + at, best, s.lanes);
}

// Channels in lanes; o from first to last, with nothing known of the windows.
INLINE void pool_any(
  const fk_pool_context *c, const pool_row *row, int64_t first, int64_t last, int half, int average,
  int want
) {
  const fk_pool *p = &c->pool;
  const int64_t strips = fk_strips(p->image), block = p->image.block;
  for (int64_t o = first; o < last; o++) {
    fk_range r2 = fk_window(p, 2, o);
    for (int64_t strip = 0; strip < strips; strip++) {
      fk_strip s = fk_strip_of(p->image, row->group, strip);
      i16 best = iota();
      v16 y = reduce_window(
        c, row->source + s.first, row->r0, row->r1, r2, s.lanes, half, average, want, &best);
      finish_window(
        c, row, o, row->target + o * block + s.first, s, y, best, half, average, want);
    }
  }
}

// The same for whole windows of a known size: their divisor, too, is always the same.
INLINE void pool_known(
  const fk_pool_context *c, const pool_row *row, int64_t first, int64_t last, int64_t lanes, int rows,
  int columns, int half, int average, int want
) {
  const fk_pool *p = &c->pool;
  const int64_t strips = fk_strips(p->image), block = p->image.block, width = p->image.spatial[2];
  const v16 by = splat(average ? divisor_of(c, row->o0, row->o1, first) : 1);
  for (int64_t o = first; o < last; o++) {
    int64_t start = o * p->stride[2] - p->low[2];
    int64_t place = (row->r0.first * p->image.spatial[1] + row->r1.first) * width + start;
    for (int64_t strip = 0; strip < strips; strip++) {
      fk_strip s = fk_strip_of(p->image, row->group, strip);
      v16 y = splat(0);
      i16 best = iota();
      int plain = reduce_known(
        c, row->source + place * block + s.first, width * block, lanes, rows, columns, half, average,
        want, (int32_t)place, &y, &best);
      if (!plain) {
        fk_range r2 = {start, columns, 1};
        y = reduce_window(
          c, row->source + s.first, row->r0, row->r1, r2, lanes, half, 0, want, &best);
      }
      if (average) y /= by;
      if (s.channels < lanes) {
        y = keep(lanes_below(s.channels), y);
        best &= lanes_below(s.channels);
      }
      int64_t at = row->target + o * block + s.first;
      store_any(c->target, at, y, lanes, half);
      if (want) store_int(c->index_out + at, best, lanes);
    }
  }
}

// Windows [first, last) along the last axis that are not cut off.
INLINE fk_range whole_windows(const fk_pool *p) {
  const int64_t stride = p->stride[2], low = p->low[2];
  int64_t first = low > 0 ? (low + stride - 1) / stride : 0;
  int64_t room = p->image.spatial[2] - 1 - (p->kernel[2] - 1) * p->dilation[2] + low;
  int64_t end = room >= 0 ? fk_least(room / stride + 1, p->out[2]) : 0;
  return (fk_range){first, fk_most(0, end - first), 1};
}

INLINE void pool_blocked(
  const fk_pool_context *c, const pool_row *row, int half, int average, int want
) {
  const fk_pool *p = &c->pool;
  const fk_range whole = whole_windows(p);
  const int64_t first = whole.first, last = whole.first + whole.count, block = p->image.block;
  const int64_t rows = row->r1.count, columns = p->kernel[2];
  int known = whole.count > 0 && row->r0.count == 1 && row->r1.step == 1 && p->dilation[2] == 1
    && (block % 16 == 0 || block == 8);
#define FK_KNOWN(lanes, rows, columns) \
  pool_known(c, row, first, last, lanes, rows, columns, half, average, want)
  if (known && block == 8 && rows == 3 && columns == 3) {
    FK_KNOWN(8, 3, 3);
  } else if (known && block == 8 && rows == 2 && columns == 2) {
    FK_KNOWN(8, 2, 2);
  } else if (known && block != 8 && rows == 3 && columns == 3) {
    FK_KNOWN(16, 3, 3);
  } else if (known && block != 8 && rows == 2 && columns == 3) {
    FK_KNOWN(16, 2, 3);
  } else if (known && block != 8 && rows == 2 && columns == 2) {
    FK_KNOWN(16, 2, 2);
  } else {
    pool_any(c, row, 0, p->out[2], half, average, want);
    return;
  }
#undef FK_KNOWN
  pool_any(c, row, 0, first, half, average, want);
  pool_any(c, row, last, p->out[2], half, average, want);
}

// One channel: neighbouring windows in lanes where they are whole and their elements near.
INLINE void pool_plain(
  const fk_pool_context *c, const pool_row *row, int half, int average, int want
) {
  const fk_pool *p = &c->pool;
  const int64_t stride = p->stride[2], low = p->low[2], out = p->out[2];
  const fk_range range = whole_windows(p);
  const int64_t whole = range.first, cut = range.first + range.count;
  int64_t o = 0;
  while (o < out) {
    i16 best = iota();
    if (stride <= 2 && o >= whole && o < cut) {
      int64_t n = fk_least(16, cut - o);
      v16 y = reduce_neighbours(
        c, row->source, row->r0, row->r1, o * stride - low, n, half, average, want, &best);
      finish_window(
        c, row, o, row->target + o, (fk_strip){0, n, n}, y, best, half, average, want);
      o += n;
    } else {
      v16 y = reduce_window(
        c, row->source, row->r0, row->r1, fk_window(p, 2, o), 1, half, average, want, &best);
      finish_window(
        c, row, o, row->target + o, (fk_strip){0, 1, 1}, y, best, half, average, want);
      o++;
    }
  }
}

INLINE void pool_rows(
  const fk_pool_context *c, int64_t begin, int64_t end, int half, int average, int want
) {
  const fk_pool *p = &c->pool;
  const int64_t groups = fk_groups(p->image), block = p->image.block, plane = fk_plane(p->image);
  const int64_t rows = p->out[0] * p->out[1];
  for (int64_t task = begin; task < end; task++) {
    int64_t at = task / rows, r = task % rows;
    pool_row row;
    row.o0 = r / p->out[1];
    row.o1 = r % p->out[1];
    row.r0 = fk_window(p, 0, row.o0);
    row.r1 = fk_window(p, 1, row.o1);
    row.group = at % groups;
    row.source = at * plane * block;
    row.target = task * p->out[2] * block;
    if (block == 1) {
      pool_plain(c, &row, half, average, want);
    } else {
      pool_blocked(c, &row, half, average, want);
    }
  }
}

static void max_pool_rows(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_pool_context *c = context;
  if (c->half) {
    if (c->index_out) {
      pool_rows(c, begin, end, 1, 0, 1);
    } else {
      pool_rows(c, begin, end, 1, 0, 0);
    }
  } else if (c->index_out) {
    pool_rows(c, begin, end, 0, 0, 1);
  } else {
    pool_rows(c, begin, end, 0, 0, 0);
  }
}

static void average_pool_rows(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_pool_context *c = context;
  if (c->half) {
    pool_rows(c, begin, end, 1, 1, 0);
  } else {
    pool_rows(c, begin, end, 0, 1, 0);
  }
}

// One window that is the whole plane; a task is one plane of up to 16 lanes. Four sums or maxima side by side, so
// that no addition waits for the one before.
INLINE void global_planes(const fk_pool_context *c, int64_t begin, int64_t end, int half) {
  const fk_image image = c->pool.image;
  const int64_t strips = fk_strips(image), groups = fk_groups(image), plane = fk_plane(image);
  const int flat = image.block == 1, average = c->average;
  for (int64_t task = begin; task < end; task++) {
    fk_strip s = fk_strip_of(image, task / strips % groups, task % strips);
    int64_t source = task / strips * plane * image.block + s.first;
    int64_t lanes = flat ? 16 : s.lanes, step = flat ? 16 : image.block;
    int64_t count = flat ? plane / 16 : plane;
    v16 parts[4];
    for (int i = 0; i < 4; i++) parts[i] = splat(average ? 0 : -__builtin_inff());
    int64_t at = 0;
    for (; at + 4 <= count; at += 4) {
      for (int i = 0; i < 4; i++) {
        v16 x = load_any(c->source, source + (at + i) * step, lanes, half);
        parts[i] = average ? parts[i] + x : beats(x, parts[i]) ? x : parts[i];
      }
    }
    for (; at < count; at++) {
      v16 x = load_any(c->source, source + at * step, lanes, half);
      parts[0] = average ? parts[0] + x : beats(x, parts[0]) ? x : parts[0];
    }
    int64_t rest = flat ? plane % 16 : 0;
    if (rest) {
      v16 x = load_any(c->source, source + count * 16, rest, half);
      i16 take = beats(x, parts[1]);
      parts[1] = average ? parts[1] + x : take & lanes_below(rest) ? x : parts[1];
    }
    float by = c->divisor == FK_DIVISOR_FIXED ? c->fixed : (float)plane;
    for (int i = 1; i < 4; i++) {
      i16 take = beats(parts[i], parts[0]);
      parts[0] = average ? parts[0] + parts[i] : take ? parts[i] : parts[0];
    }
    int64_t target = task / strips * image.block + s.first;
    if (flat) {
      store_one(
        c->target, target, average ? (float)(sum(parts[0]) / by) : largest(parts[0]), half);
    } else {
      v16 y = average ? parts[0] / splat(by) : parts[0];
      store_any(c->target, target, keep(lanes_below(s.channels), y), s.lanes, half);
    }
  }
}

static void global_pool_planes(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_pool_context *c = context;
  if (c->half) {
    global_planes(c, begin, end, 1);
  } else {
    global_planes(c, begin, end, 0);
  }
}
