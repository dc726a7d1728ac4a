// Batch normalisation, backward: the loops over a chunk.

typedef struct {
  v16 mean, scale, shift, upper;
} column_values;

// The gradient of what the activation was applied to.
INLINE v16 opened(
  const fk_column_context *c, int64_t at, v16 x, v16 dy, int64_t lanes, int relu, int from_y,
  const column_values *f
) {
  if (!relu) return dy;
  v16 y = from_y ? load(c->gradient.y + at, lanes) : (x - f->mean) * f->scale + f->shift;
  return keep((y > splat(0)) & (y < f->upper), dy);
}

INLINE column_values values_of(const fk_column_context *c, int64_t column) {
  const float *factors = column_factors(c, column);
  return (column_values){
    load(factors, 16), load(factors + 16, 16), load(factors + 32, 16), splat(c->norm.upper),
  };
}

INLINE void gradient_sums(
  const fk_column_context *c, int64_t column, int64_t index, int relu, int from_y
) {
  const fk_columns *v = &c->view;
  const column_values f = values_of(c, column);
  column_chunk k = chunk_of(v, column, index);
  const float *x = c->gradient.x, *dy = c->gradient.dy;
  v16 plain[4], weighted[4];
  for (int i = 0; i < 4; i++) plain[i] = weighted[i] = splat(0);
  int64_t r = 0;
  for (; r + 4 <= k.rows; r += 4) {
    for (int i = 0; i < 4; i++) {
      int64_t at = k.at + (r + i) * 16;
      v16 value = load(x + at, 16);
      v16 g = opened(c, at, value, load(dy + at, 16), 16, relu, from_y, &f);
      plain[i] += g;
      weighted[i] += g * (value - f.mean);
    }
  }
  for (; r < k.rows; r++) {
    int64_t at = k.at + r * 16;
    v16 value = load(x + at, 16);
    v16 g = opened(c, at, value, load(dy + at, 16), 16, relu, from_y, &f);
    plain[0] += g;
    weighted[0] += g * (value - f.mean);
  }
  if (k.rest) {
    int64_t at = k.at + k.rows * 16;
    v16 value = load(x + at, k.rest);
    v16 g = opened(c, at, value, load(dy + at, k.rest), k.rest, relu, from_y, &f);
    plain[1] += g;
    weighted[1] += keep(lanes_below(k.rest), g * (value - f.mean));
  }
  float *sums = chunk_sums(c, column, index);
  v16 total = (plain[0] + plain[1]) + (plain[2] + plain[3]);
  v16 slope = (weighted[0] + weighted[1]) + (weighted[2] + weighted[3]);
  store(sums, fold(total, v->lanes), v->lanes);
  store(sums + v->lanes, fold(slope, v->lanes), v->lanes);
}

// What the second pass computes from one vector.
INLINE void gradient_at(
  const fk_column_context *c, int64_t at, int64_t n, int relu, int from_y, int both,
  const column_values *f, v16 average, v16 slope, int stream
) {
  const fk_batch_norm_gradient *g = &c->gradient;
  v16 value = load(g->x + at, n);
  v16 open = opened(c, at, value, load(g->dy + at, n), n, relu, from_y, f);
  if (both && g->dresidual) put_some(g->dresidual + at, open, n, stream);
  if (!both || g->dx) {
    put_some(g->dx + at, f->scale * (open - average - (value - f->mean) * slope), n, stream);
  }
}

INLINE void gradient_write(
  const fk_column_context *c, int64_t column, int64_t index, int relu, int from_y, int stream
) {
  const fk_columns *v = &c->view;
  const column_values f = values_of(c, column);
  const float *factors = column_factors(c, column);
  const v16 average = load(factors + 48, 16), slope = load(factors + 64, 16);
  const int both = c->gradient.dresidual != NULL || !c->gradient.dx;
  column_chunk k = chunk_of(v, column, index);
  if (both) {
    for (int64_t r = 0; r < k.rows; r++) {
      gradient_at(c, k.at + r * 16, 16, relu, from_y, 1, &f, average, slope, stream);
    }
  } else {
    for (int64_t r = 0; r < k.rows; r++) {
      gradient_at(c, k.at + r * 16, 16, relu, from_y, 0, &f, average, slope, stream);
    }
  }
  if (k.rest) {
    gradient_at(c, k.at + k.rows * 16, k.rest, relu, from_y, both, &f, average, slope, 0);
  }
}

INLINE void combine_gradients(const fk_column_context *c, int64_t column, double *plain, double *weighted) {
  const fk_columns *v = &c->view;
  d16 a = (d16)(0.0), b = (d16)(0.0);
  for (int64_t i = 0; i < column_chunks(v); i++) {
    const float *sums = chunk_sums(c, column, i);
    a += wide(load(sums, v->lanes));
    b += wide(load(sums + v->lanes, v->lanes));
  }
  for (int64_t l = 0; l < v->lanes; l++) {
    plain[l] = a[l];
    weighted[l] = b[l];
  }
}

// Factors 3 and 4: what is taken from every gradient, and the same per distance from the mean.
INLINE void prepare_gradient(const fk_column_context *c, int64_t column) {
  const fk_columns *v = &c->view;
  const double total = (double)(v->batch * v->positions);
  double plain[16], weighted[16];
  combine_gradients(c, column, plain, weighted);
  float *factors = column_factors(c, column);
  for (int64_t l = 0; l < 16; l++) {
    int64_t channel = channel_of(v, column, l), from = l % v->lanes;
    factors[48 + l] = 0;
    factors[64 + l] = 0;
    if (channel < 0) continue;
    double spread = (double)c->given_variance[channel] + (double)c->norm.epsilon;
    if (!c->gradient.fixed_statistics) {
      factors[48 + l] = (float)(plain[from] / total);
      factors[64 + l] = (float)(weighted[from] / total / spread);
    }
    if (l < v->lanes) {
      if (c->gradient.dshift) c->gradient.dshift[channel] = (float)plain[from];
      if (c->gradient.dscale) c->gradient.dscale[channel] = (float)(weighted[from] / sqrt(spread));
    }
  }
}

INLINE void column_gradient(const fk_column_context *c, int64_t column, int64_t index, int write) {
  const int from_y = c->gradient.y != NULL;
#define FK_CASE(relu, from_y)                                  \
  if (write && c->stream) {                                    \
    gradient_write(c, column, index, relu, from_y, 1);         \
  } else if (write) {                                          \
    gradient_write(c, column, index, relu, from_y, 0);         \
  } else {                                                     \
    gradient_sums(c, column, index, relu, from_y);             \
  }
  if (!c->norm.relu) {
    FK_CASE(0, 0)
  } else if (from_y) {
    FK_CASE(1, 1)
  } else {
    FK_CASE(1, 0)
  }
#undef FK_CASE
}
