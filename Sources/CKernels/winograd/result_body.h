typedef struct ending {
  vec bias, least, most;
  // All bits of the channels there are.
  vec_bits kept;
} ending;

// Transforms 36 points `step` floats apart to 4×4 outputs, rows `line` floats apart, of which the
// first `rows` × `columns` are there.
INLINE void transform_product(
  const float *from, int64_t step, const ending *end, int is_adding, float *to, int64_t line,
  int64_t rows, int64_t columns) {
  vec t[FK_TILE][FK_PATCH];
  UNROLL for (int j = 0; j < FK_PATCH; j++) {
    vec m[FK_PATCH], y[FK_TILE];
    UNROLL for (int i = 0; i < FK_PATCH; i++) m[i] = at(from + (i * FK_PATCH + j) * step);
    outputs_of(m, y);
    UNROLL for (int i = 0; i < FK_TILE; i++) t[i][j] = y[i];
  }
  UNROLL for (int i = 0; i < FK_TILE; i++) {
    if (i >= rows) break;
    vec y[FK_TILE];
    outputs_of(t[i], y);
    UNROLL for (int j = 0; j < FK_TILE; j++) {
      if (j >= columns) break;
      float *out = to + i * line + j * LANES;
      vec value = y[j] + end->bias;
      if (is_adding) value += at(out);
      // A NaN stays one.
      value = value < end->least ? end->least : value;
      value = value > end->most ? end->most : value;
      put(out, (vec)((vec_bits)value & end->kept));
    }
  }
}

static __attribute__((noinline)) void put_whole(
  const float *from, int64_t step, const ending *end, float *to, int64_t line) {
  transform_product(from, step, end, 0, to, line, FK_TILE, FK_TILE);
}

static __attribute__((noinline)) void add_whole(
  const float *from, int64_t step, const ending *end, float *to, int64_t line) {
  transform_product(from, step, end, 1, to, line, FK_TILE, FK_TILE);
}

static __attribute__((noinline)) void put_some(
  const float *from, int64_t step, const ending *end, float *to, int64_t line, int64_t rows,
  int64_t columns) {
  transform_product(from, step, end, 0, to, line, rows, columns);
}

static __attribute__((noinline)) void add_some(
  const float *from, int64_t step, const ending *end, float *to, int64_t line, int64_t rows,
  int64_t columns) {
  transform_product(from, step, end, 1, to, line, rows, columns);
}

// What follows the sums of a block of output channels.
INLINE ending ending_of(const fk_winograd_context *c, int64_t block) {
  ending end = {.least = (vec)(c->end.least), .most = (vec)(c->end.most)};
  int64_t channels = c->conv.out - block * LANES;
  UNROLL for (int l = 0; l < LANES; l++) {
    end.bias[l] = c->end.bias != NULL && l < channels ? c->end.bias[block * LANES + l] : 0.0f;
    end.kept[l] = l < channels ? -1 : 0;
  }
  return end;
}

// Transforms the products of `tiles` tiles from `first` on with up to two blocks of output
// channels.
static void transform_products(
  const fk_winograd_context *c, int64_t first, int64_t tiles, int64_t block,
  const float *products) {
  const fk_winograd *v = &c->conv;
  const fk_winograd_cut *cut = &c->cut;
  int64_t line = v->out_size[1] * LANES, plane = v->out_size[0] * line;
  int64_t step = fk_winograd_product_row(cut, tiles);
  int width = block + 2 <= cut->out_blocks ? 2 : 1, is_adding = c->end.is_adding;
  ending ends[2] = {ending_of(c, block), ending_of(c, block + width - 1)};
  place p = place_of(cut, first);
  for (int64_t tile = 0; tile < tiles; tile++) {
    int64_t y = p.row * FK_TILE, x = p.column * FK_TILE;
    int64_t rows = v->out_size[0] - y, columns = v->out_size[1] - x;
    for (int o = 0; o < width; o++) {
      const float *from = products + (tile * width + o) * LANES;
      float *to = c->y + (p.image * cut->out_blocks + block + o) * plane + y * line + x * LANES;
      if (rows >= FK_TILE && columns >= FK_TILE)
        (is_adding ? add_whole : put_whole)(from, step, &ends[o], to, line);
      else
        (is_adding ? add_some : put_some)(from, step, &ends[o], to, line, rows, columns);
    }
    step_on(cut, &p);
  }
}
