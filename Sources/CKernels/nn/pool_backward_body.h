// Pooling, backward. Every element of the image gathers from the windows that hold it, so that no two tasks write
// the same place; a single f32 channel is scattered instead, one plane per task, in the same order of addition.

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

INLINE void scatter_gradient_planes(
  const fk_pool_context *c, int64_t begin, int64_t end, int average
) {
  const fk_pool *p = &c->pool;
  const int64_t *size = p->image.spatial, *out = p->out;
  const int64_t plane = fk_plane(p->image), out_plane = out[0] * out[1] * out[2];
  for (int64_t task = begin; task < end; task++) {
    const float *dy = (const float *)c->source + task * out_plane;
    float *dx = (float *)c->target + task * plane;
    memset(dx, 0, (size_t)plane * sizeof(float));
    if (!average) {
      const int32_t *index = c->index + task * out_plane;
      for (int64_t o = 0; o < out_plane; o++) {
        if (index[o] >= 0) dx[index[o]] += dy[o];
      }
      continue;
    }
    for (int64_t o0 = 0; o0 < out[0]; o0++) {
      fk_range r0 = fk_window(p, 0, o0);
      for (int64_t o1 = 0; o1 < out[1]; o1++) {
        fk_range r1 = fk_window(p, 1, o1);
        for (int64_t o2 = 0; o2 < out[2]; o2++) {
          fk_range r2 = fk_window(p, 2, o2);
          float share = *dy++ * (1 / divisor_of(c, o0, o1, o2));
          for (int64_t a = 0; a < r0.count; a++) {
            for (int64_t b = 0; b < r1.count; b++) {
              int64_t row = (r0.first + a * r0.step) * size[1] + r1.first + b * r1.step;
              for (int64_t e = 0; e < r2.count; e++) {
                dx[row * size[2] + r2.first + e * r2.step] += share;
              }
            }
          }
        }
      }
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
