typedef struct ending {
  vec bias, least, most;
  // All bits of the channels there are.
  vec_bits kept;
} ending;

// Transforms 36 points `step` floats apart to 4×4 outputs, rows `line` pixels apart, of which the
// first `rows` × `columns` are there.
INLINE void transform_product(
  const float *from, int64_t step, const ending *end, int half, int is_adding, char *to,
  int64_t line, int64_t rows, int64_t columns) {
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
      vec value = y[j] + end->bias;
      if (is_adding) value += pixel_at(to, i * line + j, half);
      // A NaN stays one.
      value = value < end->least ? end->least : value;
      value = value > end->most ? end->most : value;
      put_pixel(to, i * line + j, (vec)((vec_bits)value & end->kept), half);
    }
  }
}

typedef void (*finisher)(
  const float *, int64_t, const ending *, char *, int64_t, int64_t, int64_t);

#define FINISHER(name, half, is_adding, present_rows, present_columns)                           \
  static __attribute__((noinline)) void name(                                                    \
    const float *from, int64_t step, const ending *end, char *to, int64_t line, int64_t rows,    \
    int64_t columns) {                                                                           \
    (void)rows;                                                                                  \
    (void)columns;                                                                               \
    transform_product(                                                                           \
      from, step, end, half, is_adding, to, line, present_rows, present_columns);                \
  }
#define FINISHERS(name, half, is_adding)                      \
  FINISHER(name##_some, half, is_adding, rows, columns)       \
  FINISHER(name##_whole, half, is_adding, FK_TILE, FK_TILE)

FINISHERS(put_floats, 0, 0)
FINISHERS(add_floats, 0, 1)
FINISHERS(put_halves, 1, 0)
FINISHERS(add_halves, 1, 1)

// By whether numbers are bf16, whether they are added, and whether a tile is whole.
static const finisher finishers[2][2][2] = {
  {{put_floats_some, put_floats_whole}, {add_floats_some, add_floats_whole}},
  {{put_halves_some, put_halves_whole}, {add_halves_some, add_halves_whole}},
};

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
  int64_t line = v->out_size[1], plane = v->out_size[0] * line;
  int64_t bytes = fk_winograd_size(v) * LANES;
  int64_t step = fk_winograd_product_row(cut, tiles);
  int width = block + 2 <= cut->out_blocks ? 2 : 1;
  const finisher *finish = finishers[v->half != 0][c->end.is_adding != 0];
  ending ends[2] = {ending_of(c, block), ending_of(c, block + width - 1)};
  place p = place_of(cut, first);
  for (int64_t tile = 0; tile < tiles; tile++) {
    int64_t y = p.row * FK_TILE, x = p.column * FK_TILE;
    int64_t rows = v->out_size[0] - y, columns = v->out_size[1] - x;
    int whole = rows >= FK_TILE && columns >= FK_TILE;
    for (int o = 0; o < width; o++) {
      int64_t pixel = (p.image * cut->out_blocks + block + o) * plane + y * line + x;
      finish[whole](
        products + (tile * width + o) * LANES, step, &ends[o], c->y + pixel * bytes, line, rows,
        columns);
    }
    step_on(cut, &p);
  }
}
