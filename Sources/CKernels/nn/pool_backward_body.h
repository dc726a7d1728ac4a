// Pooling, backward. Every element of the image gathers from the windows that hold it, so that no two tasks write
// the same place; a single f32 channel is scattered instead, one plane per task.

enum { RANGES_KEPT = 256 };

typedef struct {
  v16 dy;
  i16 index;
} seen_window;

INLINE v16 share_of(seen_window w, int32_t position, int average) {
  return average ? w.dy : keep(w.index == (i16)(position), w.dy);
}

// One row of the image and one strip of lanes under windows of `columns` (2 or 3) at stride 2: each window is read
// once for each row it reaches, and serves two elements, or with the next window's help three.
INLINE void gather_known(
  const fk_pool_context *c, int64_t base, int64_t target, int64_t r, const fk_range *over,
  fk_strip s, int64_t lanes, int rows, int columns, int half, int average
) {
  const fk_pool *p = &c->pool;
  const int64_t width = p->image.spatial[2], block = p->image.block, out = p->out[2];
  const seen_window none = {splat(0), (i16)(-2)};
  seen_window before[2] = {none, none};
  int64_t from[2];
  v16 share[2] = {splat(1), splat(1)};
  for (int k = 0; k < rows; k++) from[k] = base + (over->first + k) * out * block + s.first;
  const i16 channels = lanes_below(s.channels);
  for (int64_t o = 0; 2 * o - p->low[2] < width; o++) {
    int64_t i = 2 * o - p->low[2];
    v16 even = splat(0), odd = splat(0);
    for (int k = 0; k < rows; k++) {
      seen_window now = none;
      if (o < out) {
        int64_t at = from[k] + o * block;
        now.dy = load_any(c->source, at, lanes, half);
        if (average) {
          // Counts change at the borders alone.
          if (o <= 2 || o + 2 >= out) {
            share[k] = splat(1 / divisor_of(c, 0, over->first + k, o));
          }
          now.dy *= share[k];
        } else {
          now.index = load_int(c->index + at, lanes);
        }
      }
      if (columns == 3) even += share_of(before[k], (int32_t)(r * width + i), average);
      even += share_of(now, (int32_t)(r * width + i), average);
      odd += share_of(now, (int32_t)(r * width + i + 1), average);
      before[k] = now;
    }
    if (s.channels < lanes) {
      even = keep(channels, even);
      odd = keep(channels, odd);
    }
    if (i >= 0) store_any(c->target, target + i * block + s.first, even, lanes, half);
    if (i + 1 >= 0 && i + 1 < width) {
      store_any(c->target, target + (i + 1) * block + s.first, odd, lanes, half);
    }
  }
}

// Answers whether the shape is one of the known ones.
INLINE int gather_known_row(
  const fk_pool_context *c, int64_t base, int64_t target, int64_t r, fk_range r0, fk_range r1,
  int64_t group, int half, int average
) {
  const fk_pool *p = &c->pool;
  const int64_t block = p->image.block, columns = p->kernel[2];
  if (p->out[0] != 1 || r0.count != 1 || r1.count < 1 || r1.count > 2 || r1.step != 1) return 0;
  if (p->stride[2] != 2 || p->dilation[2] != 1 || columns < 2 || columns > 3) return 0;
  if ((block % 16 != 0 && block != 8) || p->low[2] > 2) return 0;
  for (int64_t strip = 0; strip < fk_strips(p->image); strip++) {
    fk_strip s = fk_strip_of(p->image, group, strip);
#define FK_KNOWN(lanes, rows, columns) \
  gather_known(c, base, target, r, &r1, s, lanes, rows, columns, half, average)
    if (block == 8) {
      if (columns == 3) {
        if (r1.count == 2) {
          FK_KNOWN(8, 2, 3);
        } else {
          FK_KNOWN(8, 1, 3);
        }
      } else if (r1.count == 2) {
        FK_KNOWN(8, 2, 2);
      } else {
        FK_KNOWN(8, 1, 2);
      }
    } else if (columns == 3) {
      if (r1.count == 2) {
        FK_KNOWN(16, 2, 3);
      } else {
        FK_KNOWN(16, 1, 3);
      }
    } else if (r1.count == 2) {
      FK_KNOWN(16, 2, 2);
    } else {
      FK_KNOWN(16, 1, 2);
    }
#undef FK_KNOWN
  }
  return 1;
}

INLINE void gather_gradient_rows(
  const fk_pool_context *c, int64_t begin, int64_t end, int half, int average
) {
  const fk_pool *p = &c->pool;
  const int64_t *size = p->image.spatial;
  const int64_t groups = fk_groups(p->image), strips = fk_strips(p->image), block = p->image.block;
  const int64_t rows = size[0] * size[1], out_plane = p->out[0] * p->out[1] * p->out[2];
  fk_range kept[RANGES_KEPT];
  for (int64_t i = 0; i < fk_least(size[2], RANGES_KEPT); i++) kept[i] = fk_windows_over(p, 2, i);
  for (int64_t task = begin; task < end; task++) {
    int64_t at = task / rows, r = task % rows;
    fk_range r0 = fk_windows_over(p, 0, r / size[1]), r1 = fk_windows_over(p, 1, r % size[1]);
    int64_t base = at * out_plane * block, target = task * size[2] * block;
    if (gather_known_row(c, base, target, r, r0, r1, at % groups, half, average)) continue;
    for (int64_t i = 0; i < size[2]; i++) {
      fk_range r2 = i < RANGES_KEPT ? kept[i] : fk_windows_over(p, 2, i);
      i16 position = (i16)((int32_t)(r * size[2] + i));
      for (int64_t strip = 0; strip < strips; strip++) {
        fk_strip s = fk_strip_of(p->image, at % groups, strip);
        v16 total = splat(0);
        for (int64_t a = 0; a < r0.count; a++) {
          int64_t o0 = r0.first + a * r0.step;
          for (int64_t b = 0; b < r1.count; b++) {
            int64_t o1 = r1.first + b * r1.step;
            int64_t row = (o0 * p->out[1] + o1) * p->out[2];
            for (int64_t e = 0; e < r2.count; e++) {
              int64_t o2 = r2.first + e * r2.step;
              int64_t from = base + (row + o2) * block + s.first;
              v16 dy = load_any(c->source, from, s.lanes, half);
              if (average) {
                total += dy * splat(1 / divisor_of(c, o0, o1, o2));
              } else {
                total += keep(load_int(c->index + from, s.lanes) == position, dy);
              }
            }
          }
        }
        if (s.channels < s.lanes) total = keep(lanes_below(s.channels), total);
        store_any(
          c->target, (task * size[2] + i) * block + s.first, total, s.lanes, half);
      }
    }
  }
}

// What every window of a row of them gives to each of its elements.
INLINE void row_shares(
  const fk_pool_context *c, int64_t o0, int64_t o1, const float *dy, fk_range whole, float *shares
) {
  const int64_t out = c->pool.out[2];
  // Windows that are not cut off all have the same divisor, but for the padding that a rule may count.
  const int64_t first = whole.first, last = whole.first + whole.count;
  for (int64_t o = 0; o < first; o++) shares[o] = dy[o] * (1 / divisor_of(c, o0, o1, o));
  if (first < last) {
    const float share = 1 / divisor_of(c, o0, o1, first);
    for (int64_t o = first; o < last; o++) shares[o] = dy[o] * share;
  }
  for (int64_t o = last; o < out; o++) shares[o] = dy[o] * (1 / divisor_of(c, o0, o1, o));
}

// at[2 * o] += shares[o], and at[2 * o + 1] too where `both` is set.
INLINE void add_apart(
  const float *shares, int64_t first, int64_t last, int both, float *at
) {
  int64_t o = first;
  // A vector ends where one more window begins, so it stays inside the row.
  for (; o + 16 < last; o += 16) {
    const v16 share = load(shares + o, 16);
    const v16 zero = splat(0);
    v16 low = __builtin_shufflevector(
      share, zero, 0, 16, 1, 16, 2, 16, 3, 16, 4, 16, 5, 16, 6, 16, 7, 16);
    v16 high = __builtin_shufflevector(
      share, zero, 8, 16, 9, 16, 10, 16, 11, 16, 12, 16, 13, 16, 14, 16, 15, 16);
    if (both) {
      low = __builtin_shufflevector(share, share, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
      high = __builtin_shufflevector(
        share, share, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15);
    }
    store(at + 2 * o, load(at + 2 * o, 16) + low, 16);
    store(at + 2 * o + 16, load(at + 2 * o + 16, 16) + high, 16);
  }
  for (; o < last; o++) {
    at[2 * o] += shares[o];
    if (both) at[2 * o + 1] += shares[o];
  }
}

// Adds the shares of a row of windows to one row of the image. Whole windows go tap by tap: the same tap
// of different windows never meets the same element.
INLINE void add_shares(const fk_pool *p, fk_range whole, const float *shares, float *row) {
  const int64_t stride = p->stride[2], step = p->dilation[2], taps = p->kernel[2];
  const int64_t first = whole.first, last = whole.first + whole.count;
  for (int64_t o = 0; o < p->out[2]; o++) {
    if (o == first) o = last;
    if (o >= p->out[2]) break;
    const fk_range r = fk_window(p, 2, o);
    for (int64_t e = 0; e < r.count; e++) row[r.first + e * r.step] += shares[o];
  }
  for (int64_t e = 0; e < taps; e++) {
    float *at = row + e * step - p->low[2];
    if (stride == 2 && step == 1) {
      const int both = e + 1 < taps;
      add_apart(shares, first, last, both, at);
      e += both;
    } else {
      for (int64_t o = first; o < last; o++) at[stride * o] += shares[o];
    }
  }
}

enum { SHARES_KEPT = 1024 };

// One window of a plane after another, for rows too long to keep.
INLINE void scatter_average_slowly(const fk_pool_context *c, const float *dy, float *dx) {
  const fk_pool *p = &c->pool;
  const int64_t *size = p->image.spatial, *out = p->out;
  for (int64_t o = 0; o < out[0] * out[1] * out[2]; o++) {
    const int64_t o0 = o / out[2] / out[1], o1 = o / out[2] % out[1], o2 = o % out[2];
    const fk_range r0 = fk_window(p, 0, o0), r1 = fk_window(p, 1, o1), r2 = fk_window(p, 2, o2);
    const float share = dy[o] * (1 / divisor_of(c, o0, o1, o2));
    for (int64_t a = 0; a < r0.count; a++) {
      for (int64_t b = 0; b < r1.count; b++) {
        int64_t row = (r0.first + a * r0.step) * size[1] + r1.first + b * r1.step;
        for (int64_t e = 0; e < r2.count; e++) dx[row * size[2] + r2.first + e * r2.step] += share;
      }
    }
  }
}

INLINE void scatter_average(const fk_pool_context *c, const float *dy, float *dx) {
  const fk_pool *p = &c->pool;
  const int64_t *size = p->image.spatial, *out = p->out;
  fk_range whole = whole_windows(p);
  if (whole.count == 0) whole.first = out[2];
  float shares[SHARES_KEPT];
  if (out[2] > SHARES_KEPT) {
    scatter_average_slowly(c, dy, dx);
    return;
  }
  for (int64_t o0 = 0; o0 < out[0]; o0++) {
    const fk_range r0 = fk_window(p, 0, o0);
    for (int64_t o1 = 0; o1 < out[1]; o1++) {
      const fk_range r1 = fk_window(p, 1, o1);
      row_shares(c, o0, o1, dy + (o0 * out[1] + o1) * out[2], whole, shares);
      for (int64_t a = 0; a < r0.count; a++) {
        for (int64_t b = 0; b < r1.count; b++) {
          int64_t row = (r0.first + a * r0.step) * size[1] + r1.first + b * r1.step;
          add_shares(p, whole, shares, dx + row * size[2]);
        }
      }
    }
  }
}

INLINE void scatter_gradient_planes(
  const fk_pool_context *c, int64_t begin, int64_t end, int average
) {
  const fk_pool *p = &c->pool;
  const int64_t plane = fk_plane(p->image), out_plane = p->out[0] * p->out[1] * p->out[2];
  for (int64_t task = begin; task < end; task++) {
    const float *dy = (const float *)c->source + task * out_plane;
    float *dx = (float *)c->target + task * plane;
    memset(dx, 0, (size_t)plane * sizeof(float));
    if (average) {
      scatter_average(c, dy, dx);
      continue;
    }
    const int32_t *index = c->index + task * out_plane;
    for (int64_t o = 0; o < out_plane; o++) {
      if (index[o] >= 0) dx[index[o]] += dy[o];
    }
  }
}

static void max_pool_backward_rows(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_pool_context *c = context;
  if (c->half) {
    gather_gradient_rows(c, begin, end, 1, 0);
  } else if (c->pool.image.block == 1) {
    scatter_gradient_planes(c, begin, end, 0);
  } else {
    gather_gradient_rows(c, begin, end, 0, 0);
  }
}

static void average_pool_backward_rows(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_pool_context *c = context;
  if (c->half) {
    gather_gradient_rows(c, begin, end, 1, 1);
  } else if (c->pool.image.block == 1) {
    scatter_gradient_planes(c, begin, end, 1);
  } else {
    gather_gradient_rows(c, begin, end, 0, 1);
  }
}

// One window that is the whole plane: every element gets the same. A task is one plane of all its lanes.
INLINE void spread_planes(const fk_pool_context *c, int64_t begin, int64_t end, int half) {
  const fk_image image = c->pool.image;
  const int64_t groups = fk_groups(image), plane = fk_plane(image), block = image.block;
  const v16 share = splat(1 / divisor_of(c, 0, 0, 0));
  for (int64_t task = begin; task < end; task++) {
    const int64_t target = task * plane * block;
    if (block == 1) {
      const v16 value = splat(load_one(c->source, task, half)) * share;
      int64_t at = 0;
      for (; at + 16 <= plane; at += 16) store_any(c->target, target + at, value, 16, half);
      if (at < plane) store_any(c->target, target + at, value, plane - at, half);
      continue;
    }
    for (int64_t strip = 0; strip < fk_strips(image); strip++) {
      const fk_strip s = fk_strip_of(image, task % groups, strip);
      const v16 value = keep(
        lanes_below(s.channels),
        load_any(c->source, task * block + s.first, s.lanes, half) * share);
      if (s.lanes == 16 && block == 16) {
        for (int64_t i = 0; i < plane; i++) store_any(c->target, target + i * 16, value, 16, half);
      } else {
        store_any(c->target, target + s.first, value, s.lanes, half);
      }
    }
    if (block == 16) continue;
    // The first pixel is written; the others are copies of it.
    const size_t size = (size_t)block * (half ? 2 : 4);
    char *pixel = (char *)c->target + (size_t)target * (half ? 2 : 4);
    for (int64_t i = 1; i < plane; i++) memcpy(pixel + (size_t)i * size, pixel, size);
  }
}

static void global_pool_spread(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_pool_context *c = context;
  if (c->half) {
    spread_planes(c, begin, end, 1);
  } else {
    spread_planes(c, begin, end, 0);
  }
}
