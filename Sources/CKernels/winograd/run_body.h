// A group of tiles, cut into parts that are multiplied at a time, and a group of pairs of blocks of
// output channels. What is not there has no tiles.
typedef struct group {
  int64_t first, tiles, parts;
  int64_t first_pair, pairs;
} group;

INLINE group group_of(const fk_winograd_cut *cut, int64_t index) {
  group g = {0};
  if (index >= cut->tile_groups * cut->pair_groups) return g;
  g.tiles =
    fk_winograd_piece(cut->tiles, cut->tile_groups, index / cut->pair_groups, &g.first);
  g.parts = (g.tiles + MOST_TILES - 1) / MOST_TILES;
  g.pairs =
    fk_winograd_piece(cut->pairs, cut->pair_groups, index % cut->pair_groups, &g.first_pair);
  return g;
}

// Has fetched, while products are computed, where their outputs go, and the pixels of the group
// that is likely next: a share of them at every point.
INLINE void fetch(
  const fk_winograd_context *c, const group *g, const group *next, int64_t pair, int64_t point) {
  int64_t begin, first_block, bytes = fk_winograd_size(&c->conv);
  int64_t end = fk_winograd_piece(g->tiles, FK_POINTS, point, &begin);
  for (end += begin; begin < end; begin++) {
    place p = place_of(&c->cut, g->first + begin);
    for (int64_t block = 2 * pair; block < 2 * pair + 2 && block < c->cut.out_blocks; block++)
      fetch_tile(c->y, bytes, c->cut.out_blocks, block, c->conv.out_size, &p);
    if (begin >= next->tiles) continue;
    place q = place_of(&c->cut, next->first + begin);
    int64_t blocks =
      fk_winograd_piece(c->cut.in_blocks, g->pairs, pair - g->first_pair, &first_block);
    for (int64_t block = first_block; block < first_block + blocks; block++)
      fetch_tile(c->x, bytes, c->cut.in_blocks, block, c->conv.size, &q);
  }
}

// Multiplies everything a group needs for one pair of blocks of output channels, point by point.
static void multiply_pair(
  const fk_winograd_context *c, const group *g, const group *next, int64_t pair,
  const float *patches, float *products) {
  const fk_winograd_cut *cut = &c->cut;
  int width = 2 * pair + 2 <= cut->out_blocks ? 2 : 1;
  int64_t inputs = cut->in_blocks * LANES, panel = inputs * width * LANES;
  const float *filter = c->transformed + pair * FK_POINTS * inputs * 2 * LANES;
  for (int64_t point = 0; point < FK_POINTS; point++, filter += panel) {
    fetch(c, g, next, pair, point);
    for (int64_t part = 0; part < g->parts; part++) {
      int64_t begin;
      int64_t count = fk_winograd_piece(g->tiles, g->parts, part, &begin);
      int64_t row = fk_winograd_patch_row(cut, count);
      int64_t product_row = fk_winograd_product_row(cut, count);
      multipliers[count - 1][width - 1](
        filter, patches + patches_before(cut, begin, part) + point * row,
        products + products_before(begin, part) + point * product_row, cut->in_blocks,
        part == 0 ? filter + panel : filter);
    }
  }
}

// A task: the patches of a group, then for each pair the products and from those the outputs.
static void run_task(const fk_winograd_context *c, int64_t index, float *patches) {
  const fk_winograd_cut *cut = &c->cut;
  float *products = patches + cut->patches;
  group g = group_of(cut, index), next = group_of(cut, index + c->workers);
  int64_t begin;
  for (int64_t part = 0; part < g.parts; part++) {
    int64_t count = fk_winograd_piece(g.tiles, g.parts, part, &begin);
    transform_patches(c, g.first + begin, count, patches + patches_before(cut, begin, part));
  }
  for (int64_t pair = g.first_pair; pair < g.first_pair + g.pairs; pair++) {
    multiply_pair(c, &g, &next, pair, patches, products);
    for (int64_t part = 0; part < g.parts; part++) {
      int64_t count = fk_winograd_piece(g.tiles, g.parts, part, &begin);
      transform_products(
        c, g.first + begin, count, 2 * pair, products + products_before(begin, part));
    }
  }
}

// Whoever is free takes the next task.
static void run_tasks(void *context, int64_t begin, int64_t end, int thread) {
  (void)begin;
  (void)end;
  fk_winograd_context *c = context;
  float *buffer = c->buffers + thread * (c->cut.patches + c->cut.products);
  int64_t tasks = c->cut.tile_groups * c->cut.pair_groups;
  for (;;) {
    int64_t index = atomic_fetch_add_explicit(&c->next, 1, memory_order_relaxed);
    if (index >= tasks) return;
    run_task(c, index, buffer);
  }
}
