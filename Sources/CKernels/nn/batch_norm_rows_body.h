// Batch normalisation of interleaved columns: channels last, where a row holds every channel of a pixel. Rows run
// outside and strips of a row inside, so that memory is passed through in its own order; several rows at a time,
// so that what belongs to a strip is loaded once for all of them.

enum { ROWS_TOGETHER = 4 };

// The strips of a chunk and where its first row begins.
typedef struct {
  int64_t column, strips, block, stride, at, rows;
} row_chunk;

INLINE row_chunk row_chunk_of(const fk_columns *v, int64_t group, int64_t index) {
  column_chunk k = chunk_of(v, group * v->strips, index);
  return (row_chunk){group * v->strips, v->strips, v->block, v->stride, k.at, k.rows};
}

// Every channel of `rows` rows, the last strip with the lanes that are left.
#define FK_EACH_STRIP(k, lanes, ...)                                  \
  do {                                                                \
    const int64_t whole = (k)->block / 16, left = (k)->block % 16;    \
    for (int64_t strip = 0; strip < whole; strip++) {                 \
      const int64_t lanes = 16;                                       \
      __VA_ARGS__                                                     \
    }                                                                 \
    if (left) {                                                       \
      const int64_t strip = whole, lanes = left;                      \
      __VA_ARGS__                                                     \
    }                                                                 \
  } while (0)

// Four rows at a time, then one.
#define FK_EACH_ROW(k, name, ...)                                     \
  do {                                                                \
    int64_t row = 0;                                                  \
    for (; row + ROWS_TOGETHER <= (k)->rows; row += ROWS_TOGETHER) {    \
      name(__VA_ARGS__, (k)->at + row * (k)->stride, ROWS_TOGETHER);   \
    }                                                                 \
    for (; row < (k)->rows; row++) {                                  \
      name(__VA_ARGS__, (k)->at + row * (k)->stride, 1);              \
    }                                                                 \
  } while (0)

INLINE void add_moments(
  const fk_column_context *c, const row_chunk *k, float *sums, int64_t at, int rows
) {
  const float *x = c->x + at;
  FK_EACH_STRIP(k, lanes, {
    float *own = sums + strip * FK_CHUNK_SUMS * 16;
    const v16 start = load(own, 16);
    v16 away[ROWS_TOGETHER];
    v16 total = splat(0);
    v16 squares = splat(0);
    for (int i = 0; i < rows; i++) {
      away[i] = load(x + i * k->stride + strip * 16, lanes) - start;
    }
    for (int i = 0; i < rows; i++) {
      total += away[i];
      squares += away[i] * away[i];
    }
    store(own + 16, load(own + 16, 16) + total, 16);
    store(own + 32, load(own + 32, 16) + squares, 16);
  });
}

// What moments_of does for a run in memory: start, how far the mean is from it, squares of distances from start.
INLINE void row_moments(const fk_column_context *c, int64_t group, int64_t index) {
  const row_chunk k = row_chunk_of(&c->view, group, index);
  float *sums = chunk_sums(c, k.column, index);
  const row_chunk first = {
    k.column, k.strips, k.block, k.stride, k.at, fk_least(ORIGIN_ROWS, k.rows),
  };
  memset(sums, 0, (size_t)(k.strips * FK_CHUNK_SUMS * 16) * sizeof(float));
  FK_EACH_ROW(&first, add_moments, c, &first, sums);
  for (int64_t strip = 0; strip < k.strips; strip++) {
    float *own = sums + strip * FK_CHUNK_SUMS * 16;
    store(own, load(own + 16, 16) / splat((float)first.rows), 16);
    store(own + 16, splat(0), 16);
    store(own + 32, splat(0), 16);
  }
  FK_EACH_ROW(&k, add_moments, c, &k, sums);
  for (int64_t strip = 0; strip < k.strips; strip++) {
    float *correction = sums + strip * FK_CHUNK_SUMS * 16 + 16;
    store(correction, load(correction, 16) / splat((float)k.rows), 16);
  }
}

INLINE void normalise_some(
  const fk_column_context *c, const row_chunk *k, int relu, int residual, int stream, int64_t at,
  int rows
) {
  const v16 upper = splat(c->norm.upper);
  const float *factors = column_factors(c, k->column);
  FK_EACH_STRIP(k, lanes, {
    const float *own = factors + strip * FK_COLUMN_FACTORS * 16;
    const v16 mean = load(own, 16);
    const v16 scale = load(own + 16, 16);
    const v16 shift = load(own + 32, 16);
    for (int i = 0; i < rows; i++) {
      const int64_t place = at + i * k->stride + strip * 16;
      v16 value = (load(c->x + place, lanes) - mean) * scale + shift;
      if (residual) value += load(c->residual + place, lanes);
      put_some(c->y + place, activate(value, relu, upper), lanes, stream);
    }
  });
}

INLINE void normalise_rows(const fk_column_context *c, int64_t group, int64_t index) {
  const row_chunk k = row_chunk_of(&c->view, group, index);
#define FK_CASE(relu, residual)                                \
  if (c->stream) {                                             \
    FK_EACH_ROW(&k, normalise_some, c, &k, relu, residual, 1); \
  } else {                                                     \
    FK_EACH_ROW(&k, normalise_some, c, &k, relu, residual, 0); \
  }
  if (c->residual) {
    if (c->norm.relu) {
      FK_CASE(1, 1)
    } else {
      FK_CASE(0, 1)
    }
  } else if (c->norm.relu) {
    FK_CASE(1, 0)
  } else {
    FK_CASE(0, 0)
  }
#undef FK_CASE
}

INLINE void add_gradients(
  const fk_column_context *c, const row_chunk *k, float *sums, int relu, int from_y, int64_t at,
  int rows
) {
  FK_EACH_STRIP(k, lanes, {
    float *own = sums + strip * FK_CHUNK_SUMS * 16;
    const column_values f = values_of(c, k->column + strip);
    v16 plain = splat(0);
    v16 weighted = splat(0);
    for (int i = 0; i < rows; i++) {
      const int64_t place = at + i * k->stride + strip * 16;
      const v16 value = load(c->gradient.x + place, lanes);
      const v16 dy = load(c->gradient.dy + place, lanes);
      const v16 g = opened(c, place, value, dy, lanes, relu, from_y, &f);
      plain += g;
      weighted += g * (value - f.mean);
    }
    store(own, load(own, 16) + plain, 16);
    store(own + 16, load(own + 16, 16) + weighted, 16);
  });
}

INLINE void gradient_some(
  const fk_column_context *c, const row_chunk *k, int relu, int from_y, int both, int stream,
  int64_t at, int rows
) {
  FK_EACH_STRIP(k, lanes, {
    const column_values f = values_of(c, k->column + strip);
    const float *own = column_factors(c, k->column + strip);
    const v16 average = load(own + 48, 16);
    const v16 slope = load(own + 64, 16);
    for (int i = 0; i < rows; i++) {
      const int64_t place = at + i * k->stride + strip * 16;
      gradient_at(c, place, lanes, relu, from_y, both, &f, average, slope, stream);
    }
  });
}

INLINE void row_gradients_of(
  const fk_column_context *c, int64_t group, int64_t index, int write, int relu, int from_y
) {
  const row_chunk k = row_chunk_of(&c->view, group, index);
  if (!write) {
    float *sums = chunk_sums(c, k.column, index);
    memset(sums, 0, (size_t)(k.strips * FK_CHUNK_SUMS * 16) * sizeof(float));
    FK_EACH_ROW(&k, add_gradients, c, &k, sums, relu, from_y);
  } else if (c->gradient.dresidual || !c->gradient.dx) {
    if (c->stream) {
      FK_EACH_ROW(&k, gradient_some, c, &k, relu, from_y, 1, 1);
    } else {
      FK_EACH_ROW(&k, gradient_some, c, &k, relu, from_y, 1, 0);
    }
  } else if (c->stream) {
    FK_EACH_ROW(&k, gradient_some, c, &k, relu, from_y, 0, 1);
  } else {
    FK_EACH_ROW(&k, gradient_some, c, &k, relu, from_y, 0, 0);
  }
}

INLINE void row_gradients(const fk_column_context *c, int64_t group, int64_t index, int write) {
  if (!c->norm.relu) {
    row_gradients_of(c, group, index, write, 0, 0);
  } else if (c->gradient.y) {
    row_gradients_of(c, group, index, write, 1, 1);
  } else {
    row_gradients_of(c, group, index, write, 1, 0);
  }
}
