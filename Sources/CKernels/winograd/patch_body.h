// One row of points from six vectors in a line.
INLINE void put_points(const vec t[6], float *to, int64_t step) {
  vec a, b, c, d;
  put(to, patch_at_zero(t[0], t[2], t[4]));
  patch_at(P, QQ, t[1], t[2], t[3], t[4], &a, &b);
  put(to + step, a);
  put(to + 2 * step, b);
  patch_at(Q, PP, t[1], t[2], t[3], t[4], &c, &d);
  put(to + 3 * step, c);
  put(to + 4 * step, d);
  put(to + 5 * step, patch_at_infinity(t[1], t[3], t[5]));
}

// Transforms 6×6 pixels, given where their rows begin, to 36 points `step` floats apart. All points
// at once would not fit the registers; two rows of them do, and reading pixels again costs less
// than keeping what is halfway.
static __attribute__((noinline)) void transform_patch(
  const float *const d[FK_PATCH], float *to, int64_t step) {
  const float *d0 = d[0], *d1 = d[1], *d2 = d[2], *d3 = d[3], *d4 = d[4], *d5 = d[5];
  vec t[FK_PATCH], u[FK_PATCH];
  UNROLL for (int j = 0; j < FK_PATCH; j++)
    t[j] = patch_at_zero(at(d0 + j * LANES), at(d2 + j * LANES), at(d4 + j * LANES));
  put_points(t, to, step);
  UNROLL for (int j = 0; j < FK_PATCH; j++)
    patch_at(P, QQ, at(d1 + j * LANES), at(d2 + j * LANES), at(d3 + j * LANES),
             at(d4 + j * LANES), &t[j], &u[j]);
  put_points(t, to + 6 * step, step);
  put_points(u, to + 12 * step, step);
  UNROLL for (int j = 0; j < FK_PATCH; j++)
    patch_at(Q, PP, at(d1 + j * LANES), at(d2 + j * LANES), at(d3 + j * LANES),
             at(d4 + j * LANES), &t[j], &u[j]);
  put_points(t, to + 18 * step, step);
  put_points(u, to + 24 * step, step);
  UNROLL for (int j = 0; j < FK_PATCH; j++)
    t[j] = patch_at_infinity(at(d1 + j * LANES), at(d3 + j * LANES), at(d5 + j * LANES));
  put_points(t, to + 30 * step, step);
}

// Finds the rows of the 6×6 pixels from (y, x) on. What lies beyond the image is zero: rows of it
// are read from `zeros`, and rows that reach there are copied, as are those of bf16.
INLINE void find_rows(
  const fk_winograd *v, int half, const char *plane, int64_t y, int64_t x, const float *zeros,
  vec *copy, const float *rows[FK_PATCH]) {
  int64_t width = v->size[1];
  int whole = x >= 0 && x + FK_PATCH <= width;
  UNROLL for (int i = 0; i < FK_PATCH; i++) {
    int64_t row = y + i, first = row * width + x;
    if (row < 0 || row >= v->size[0]) {
      rows[i] = zeros;
    } else if (whole && !half) {
      rows[i] = (const float *)(const void *)plane + first * LANES;
    } else {
      vec *to = copy + i * FK_PATCH;
      UNROLL for (int j = 0; j < FK_PATCH; j++)
        to[j] = whole || (x + j >= 0 && x + j < width) ? pixel_at(plane, first + j, half)
                                                       : (vec)(0.0f);
      rows[i] = (const float *)to;
    }
  }
}

INLINE void transform_patches_of(
  const fk_winograd_context *c, int half, int64_t first, int64_t tiles, float *to) {
  const fk_winograd *v = &c->conv;
  const fk_winograd_cut *cut = &c->cut;
  int64_t plane = v->size[0] * v->size[1] * LANES * (half ? 2 : 4);
  int64_t step = fk_winograd_patch_row(cut, tiles);
  vec copy[FK_POINTS], zeros[FK_PATCH];
  UNROLL for (int j = 0; j < FK_PATCH; j++) zeros[j] = (vec)(0.0f);
  for (int64_t block = 0; block < cut->in_blocks; block++) {
    place p = place_of(cut, first);
    for (int64_t tile = 0; tile < tiles; tile++) {
      const float *rows[FK_PATCH];
      find_rows(v, half, c->x + (p.image * cut->in_blocks + block) * plane,
                p.row * FK_TILE - v->low[0], p.column * FK_TILE - v->low[1],
                (const float *)zeros, copy, rows);
      transform_patch(rows, to + (block * tiles + tile) * LANES, step);
      step_on(cut, &p);
    }
  }
}

// Transforms the patches of `tiles` tiles from `first` on: [point][input channels /
// lanes][tile][lanes].
static void transform_patches(
  const fk_winograd_context *c, int64_t first, int64_t tiles, float *to) {
  if (c->conv.half) transform_patches_of(c, 1, first, tiles, to);
  else transform_patches_of(c, 0, first, tiles, to);
}
