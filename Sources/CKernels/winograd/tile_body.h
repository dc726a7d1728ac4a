// The tiles of all images, counted row by row.
typedef struct place {
  int64_t image, row, column;
} place;

INLINE place place_of(const fk_winograd_cut *cut, int64_t tile) {
  int64_t line = tile / cut->columns;
  return (place){line / cut->rows, line % cut->rows, tile % cut->columns};
}

INLINE void step_on(const fk_winograd_cut *cut, place *p) {
  if (++p->column < cut->columns) return;
  p->column = 0;
  if (++p->row < cut->rows) return;
  p->row = 0;
  p->image++;
}

// Has the pixels fetched at a tile of one block of channels, out of `blocks`.
INLINE void fetch_tile(
  const char *tensor, int64_t bytes, int64_t blocks, int64_t block, const int64_t *size,
  const place *p) {
  int64_t y = p->row * FK_TILE, x = p->column * FK_TILE;
  const char *from =
    tensor + (((p->image * blocks + block) * size[0] + y) * size[1] + x) * LANES * bytes;
  for (int64_t i = 0; i < FK_TILE && y + i < size[0]; i++)
    UNROLL for (int64_t j = 0; j < FK_TILE; j++)
      __builtin_prefetch(from + (i * size[1] + j) * LANES * bytes, 0, 2);
}

// Where a part begins in the buffers, when `tiles` tiles are in the parts before it.
INLINE int64_t patches_before(const fk_winograd_cut *cut, int64_t tiles, int64_t part) {
  return FK_POINTS * (cut->in_blocks * tiles + part) * LANES;
}

INLINE int64_t products_before(int64_t tiles, int64_t part) {
  return FK_POINTS * (2 * tiles + part) * LANES;
}
