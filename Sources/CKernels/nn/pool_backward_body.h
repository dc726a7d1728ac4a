// Pooling, backward. Every element of the image gathers from the windows that hold it, so that no two tasks write
// the same place; a single f32 channel is scattered instead, one plane per task, in the same order of addition.

enum { RANGES_KEPT = 256 };

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
    int64_t base = at * out_plane * block;
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
