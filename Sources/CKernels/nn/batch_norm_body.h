// Batch normalisation, forward, and what both passes share.

typedef struct {
  int64_t at, rows, rest, count;
} column_chunk;

// Chunk `index` of a column, or of the interleaved columns it belongs to: chunks run through the pictures in order.
INLINE column_chunk chunk_of(const fk_columns *v, int64_t column, int64_t index) {
  int64_t picture = index / v->chunks, part = index % v->chunks;
  int64_t group = column / v->strips;
  int64_t first = part * v->chunk, last = part == v->chunks - 1;
  column_chunk c;
  c.at = (picture * v->groups + group) * v->positions * v->block + first * v->stride;
  c.rows = fk_least(v->chunk, v->rows - first);
  c.rest = last ? v->rest : 0;
  c.count = v->flat ? (c.rows * 16 + c.rest) / v->block : c.rows;
  return c;
}

// Adds the lanes of one channel; each of them gets the total.
INLINE v16 fold(v16 x, int64_t distinct) {
  if (distinct <= 8) {
    x += __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  }
  if (distinct <= 4) {
    x += __builtin_shufflevector(x, x, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
  }
  if (distinct <= 2) {
    x += __builtin_shufflevector(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
  }
  if (distinct <= 1) {
    x += __builtin_shufflevector(x, x, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
  }
  return x;
}

typedef struct {
  // The mean is mean + correction; squares are of distances from the first of the two.
  v16 mean, correction, squares;
} moments;

// Rows whose mean is what all others are measured from. They are part of the chunk, so however little they say of
// the rest, taking squares from there costs at most CHUNK / ORIGIN of the last digits.
enum { ORIGIN_ROWS = 16 };

INLINE moments moments_of(
  const float *x, int64_t rows, int64_t rest, int64_t distinct, float count
) {
  const int64_t origin = fk_least(ORIGIN_ROWS, rows);
  v16 start = splat(0);
  for (int64_t r = 0; r < origin; r++) start += load(x + r * 16, 16);
  if (origin) {
    start = fold(start, distinct) / splat((float)origin * (16 / (float)distinct));
  } else if (rest) {
    start = splat(x[0]);
    if (distinct > 1) {
      for (int64_t l = 0; l < 16; l++) start[l] = x[l % distinct];
    }
  }
  v16 sums[4], squares[4];
  for (int i = 0; i < 4; i++) sums[i] = squares[i] = splat(0);
  int64_t r = 0;
  for (; r + 4 <= rows; r += 4) {
    for (int i = 0; i < 4; i++) {
      v16 away = load(x + (r + i) * 16, 16) - start;
      sums[i] += away;
      squares[i] += away * away;
    }
  }
  for (; r < rows; r++) {
    v16 away = load(x + r * 16, 16) - start;
    sums[0] += away;
    squares[0] += away * away;
  }
  if (rest) {
    v16 away = keep(lanes_below(rest), load(x + rows * 16, rest) - start);
    sums[1] += away;
    squares[1] += away * away;
  }
  v16 sum = fold((sums[0] + sums[1]) + (sums[2] + sums[3]), distinct);
  moments m;
  m.mean = start;
  m.correction = sum / splat(count);
  m.squares = fold((squares[0] + squares[1]) + (squares[2] + squares[3]), distinct);
  return m;
}

INLINE int64_t column_chunks(const fk_columns *v) {
  return v->batch * v->chunks;
}

INLINE float *chunk_sums(const fk_column_context *c, int64_t column, int64_t index) {
  const fk_columns *v = &c->view;
  int64_t place = (column / v->strips * column_chunks(v) + index) * v->strips + column % v->strips;
  return c->sums + place * FK_CHUNK_SUMS * v->lanes;
}

INLINE float *column_factors(const fk_column_context *c, int64_t column) {
  return c->factors + column * FK_COLUMN_FACTORS * 16;
}

INLINE void column_moments(const fk_column_context *c, int64_t column, int64_t index) {
  const fk_columns *v = &c->view;
  column_chunk k = chunk_of(v, column, index);
  moments m = moments_of(c->x + k.at, k.rows, k.rest, v->lanes, (float)k.count);
  float *sums = chunk_sums(c, column, index);
  store(sums, m.mean, v->lanes);
  store(sums + v->lanes, m.correction, v->lanes);
  store(sums + 2 * v->lanes, m.squares, v->lanes);
}

INLINE d16 wide(v16 x) {
  return __builtin_convertvector(x, d16);
}

// The channel of lane l of a column, or -1.
INLINE int64_t channel_of(const fk_columns *v, int64_t column, int64_t lane) {
  int64_t group = column / v->strips, strip = column % v->strips;
  int64_t inside = strip * 16 + (v->flat ? lane % v->block : lane);
  int64_t channel = group * v->block + inside;
  return inside < v->block && channel < v->channels ? channel : -1;
}

INLINE void combine_moments(const fk_column_context *c, int64_t column, double *mean, double *variance) {
  const fk_columns *v = &c->view;
  const int64_t chunks = column_chunks(v), lanes = v->lanes;
  const double total = (double)(v->batch * v->positions);
  d16 sum_of_means = (d16)(0.0), squares = (d16)(0.0);
  for (int64_t i = 0; i < chunks; i++) {
    const float *sums = chunk_sums(c, column, i);
    double count = (double)chunk_of(v, column, i).count;
    sum_of_means += count * (wide(load(sums, lanes)) + wide(load(sums + lanes, lanes)));
  }
  d16 middle = sum_of_means / total;
  for (int64_t i = 0; i < chunks; i++) {
    const float *sums = chunk_sums(c, column, i);
    double count = (double)chunk_of(v, column, i).count;
    d16 error = wide(load(sums + lanes, lanes));
    d16 away = wide(load(sums, lanes)) + error - middle;
    squares += wide(load(sums + 2 * lanes, lanes)) + count * (away * away - error * error);
  }
  d16 spread = squares / total;
  for (int64_t l = 0; l < lanes; l++) {
    mean[l] = middle[l];
    variance[l] = spread[l] < 0 ? 0 : spread[l];
  }
}

// Factors: mean, scale / deviation, shift. Lanes without a channel get zeros, so that they stay zero.
INLINE void prepare_column(const fk_column_context *c, int64_t column) {
  const fk_columns *v = &c->view;
  double mean[16], variance[16];
  if (!c->given_mean) combine_moments(c, column, mean, variance);
  float *factors = column_factors(c, column);
  for (int64_t l = 0; l < 16; l++) {
    int64_t channel = channel_of(v, column, l);
    if (channel < 0) {
      for (int i = 0; i < 3; i++) factors[i * 16 + l] = 0;
      continue;
    }
    int64_t from = l % v->lanes;
    double middle = c->given_mean ? (double)c->given_mean[channel] : mean[from];
    double spread = c->given_mean ? (double)c->given_variance[channel] : variance[from];
    factors[l] = (float)middle;
    factors[16 + l] =
      (float)((c->scale ? (double)c->scale[channel] : 1) / sqrt(spread + (double)c->norm.epsilon));
    factors[32 + l] = c->shift ? c->shift[channel] : 0;
    if (!c->given_mean && l < v->lanes) {
      c->mean[channel] = (float)middle;
      c->variance[channel] = (float)spread;
    }
  }
}

INLINE v16 activate(v16 y, int relu, v16 upper) {
  if (!relu) return y;
  y = y < splat(0) ? splat(0) : y;
  return y > upper ? upper : y;
}

INLINE void normalise_chunk(
  const fk_column_context *c, int64_t column, int64_t index, int relu, int residual, int stream
) {
  const fk_columns *v = &c->view;
  const float *factors = column_factors(c, column);
  const v16 mean = load(factors, 16), scale = load(factors + 16, 16), shift = load(factors + 32, 16);
  const v16 upper = splat(c->norm.upper);
  column_chunk k = chunk_of(v, column, index);
  const float *x = c->x + k.at, *added = residual ? c->residual + k.at : x;
  float *y = c->y + k.at;
  for (int64_t r = 0; r < k.rows; r++) {
    v16 value = (load(x + r * 16, 16) - mean) * scale + shift;
    if (residual) value += load(added + r * 16, 16);
    put(y + r * 16, activate(value, relu, upper), stream);
  }
  if (k.rest) {
    int64_t at = k.rows * 16;
    v16 value = (load(x + at, k.rest) - mean) * scale + shift;
    if (residual) value += load(added + at, k.rest);
    store(y + at, activate(value, relu, upper), k.rest);
  }
}

INLINE void normalise_column(const fk_column_context *c, int64_t column, int64_t index) {
#define FK_CASE(relu, residual)                                \
  if (c->stream) {                                             \
    normalise_chunk(c, column, index, relu, residual, 1);      \
  } else {                                                     \
    normalise_chunk(c, column, index, relu, residual, 0);      \
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
