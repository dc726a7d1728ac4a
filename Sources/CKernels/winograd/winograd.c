// Winograd's algorithm: what is checked and cut before the loops.
#include "contexts.h"

static const fk_winograd_kernels *active(void) {
  return FK_SELECT(fk_winograd);
}

int64_t fk_winograd_lanes(void) {
  return active()->lanes;
}

int fk_winograd_is_valid(const fk_winograd *conv) {
  enum { MOST = 1 << 20 };
  if (conv == NULL || conv->batch < 1 || conv->batch > MOST) return 0;
  if (conv->threads < 1 || conv->threads > MOST) return 0;
  if (conv->in < 1 || conv->in > 1 << 16 || conv->out < 1 || conv->out > 1 << 16) return 0;
  double pixels = (double)conv->batch * (double)(conv->in + conv->out + 32);
  for (int axis = 0; axis < 2; axis++) {
    int64_t size = conv->size[axis], out = conv->out_size[axis], low = conv->low[axis];
    if (size < 1 || size > MOST || out < 1 || low < 0 || low > 2) return 0;
    if (out < size + low - 2 || out > size + low) return 0;
    pixels *= (double)(size + 4);
  }
  return pixels < 1e14;
}

static int64_t over(int64_t total, int64_t each) {
  return (total + each - 1) / each;
}

static int64_t least(int64_t a, int64_t b) {
  return a < b ? a : b;
}

// About how many nanoseconds it takes to compute everything in such groups.
static double time_of(const fk_winograd_cut *cut, int64_t tile_groups, int64_t pair_groups,
                      int64_t threads) {
  // For a vector: of a multiplication, of reading it from beyond the caches next to a core, of the
  // two transforms of a tile, and of a call.
  const double product = 0.27, read = 1.6, patch = 50, result = 70, call = 15;
  int64_t most = active()->most_tiles;
  double tiles = (double)over(cut->tiles, tile_groups);
  double pairs = (double)over(cut->pairs, pair_groups);
  double inputs = (double)(cut->in_blocks * cut->lanes);
  double calls = (double)over((int64_t)tiles, most);
  double busy = 2 * tiles * inputs * product + calls * call, moved = 2 * inputs * read;
  double task = tiles * (double)cut->in_blocks * patch;
  task += pairs * (FK_POINTS * (busy > moved ? busy : moved) + 2 * tiles * result);
  return task * (double)over(tile_groups * pair_groups, threads);
}

// Asking a processor takes microseconds where it is a virtual one.
static int64_t level2_bytes(void) {
  static atomic_llong known;
  int64_t bytes = atomic_load_explicit(&known, memory_order_relaxed);
  if (bytes > 0) return bytes;
  bytes = fk_cpu_level2_bytes();
  atomic_store_explicit(&known, bytes, memory_order_relaxed);
  return bytes;
}

static fk_winograd_cut cut_for(const fk_winograd *v) {
  fk_winograd_cut cut = {.lanes = active()->lanes};
  cut.in_blocks = over(v->in, cut.lanes);
  cut.out_blocks = over(v->out, cut.lanes);
  cut.rows = over(v->out_size[0], FK_TILE);
  cut.columns = over(v->out_size[1], FK_TILE);
  cut.tiles = v->batch * cut.rows * cut.columns;
  cut.pairs = over(cut.out_blocks, 2);
  // What a group of tiles becomes takes about half of the cache next to a core; the filter streams
  // through the rest.
  int64_t vectors = FK_POINTS * (cut.in_blocks + 2);
  int64_t fitting = level2_bytes() / 2 / (vectors * cut.lanes * 4);
  int64_t threads = v->threads, most = 4 * active()->most_tiles;
  int64_t largest = fitting < most ? most : fitting;
  int64_t fewest = over(cut.tiles, largest);
  double best = 0;
  for (int64_t pair_groups = 1; pair_groups <= least(cut.pairs, threads); pair_groups++)
    for (int64_t more = 0; more < 3; more++) {
      // As few groups as there may be, or as many as give every thread the same number of tasks.
      int64_t rounds = over(fewest * pair_groups, threads) + more - 1;
      int64_t groups = more == 0 ? fewest : over(rounds * threads, pair_groups);
      int64_t tile_groups = least(groups, cut.tiles);
      double time = time_of(&cut, tile_groups, pair_groups, threads);
      if (best > 0 && time >= best) continue;
      best = time;
      cut.tile_groups = tile_groups;
      cut.pair_groups = pair_groups;
    }
  int64_t tiles = over(cut.tiles, cut.tile_groups);
  // A row for each point and each part, a vector longer than the part needs.
  int64_t parts = over(tiles, active()->most_tiles);
  cut.patches = FK_POINTS * (cut.in_blocks * tiles + parts) * cut.lanes;
  cut.products = FK_POINTS * (2 * tiles + parts) * cut.lanes;
  return cut;
}

int64_t fk_winograd_filter_bytes(const fk_winograd *conv) {
  if (!fk_winograd_is_valid(conv)) return -1;
  int64_t lanes = active()->lanes;
  return 4 * FK_POINTS * over(conv->in, lanes) * over(conv->out, lanes) * lanes * lanes;
}

static int64_t workers_of(const fk_winograd *v, const fk_winograd_cut *cut) {
  return least(cut->tile_groups * cut->pair_groups, v->threads);
}

static int64_t scratch_of(const fk_winograd *v, const fk_winograd_cut *cut) {
  return 4 * workers_of(v, cut) * (cut->patches + cut->products);
}

int64_t fk_winograd_scratch(const fk_winograd *conv) {
  if (!fk_winograd_is_valid(conv)) return -1;
  fk_winograd_cut cut = cut_for(conv);
  return scratch_of(conv, &cut);
}

// Whether memory does not start at a multiple of a vector of numbers of `bytes` each.
static int is_misplaced(const void *memory, int64_t bytes) {
  return memory == NULL || (uintptr_t)memory % (uintptr_t)(active()->lanes * bytes) != 0;
}

fk_status fk_winograd_transform(
  const fk_winograd *conv, const fk_winograd_filter *filter, float *transformed) {
  if (!fk_winograd_is_valid(conv) || filter == NULL || is_misplaced(transformed, 4))
    return FK_BAD_ARGUMENT;
  int64_t bytes = fk_winograd_size(conv);
  if (filter->is_blocked ? is_misplaced(filter->weights, bytes) : filter->weights == NULL)
    return FK_BAD_ARGUMENT;
  fk_winograd_filter_context c = {
    .conv = *conv, .cut = cut_for(conv), .filter = *filter, .transformed = transformed};
  double nanoseconds = 4.0 * (double)(c.cut.lanes * c.cut.lanes);
  fk_parallel_grain(c.cut.in_blocks * c.cut.out_blocks, fk_grain(nanoseconds), active()->transform,
                    &c);
  return FK_OK;
}

fk_status fk_winograd_run(
  const fk_winograd *conv, const void *x, const float *transformed, const fk_winograd_end *end,
  void *y, void *scratch, int64_t scratch_bytes) {
  if (!fk_winograd_is_valid(conv) || end == NULL) return FK_BAD_ARGUMENT;
  int64_t bytes = fk_winograd_size(conv);
  if (is_misplaced(x, bytes) || is_misplaced(y, bytes)) return FK_BAD_ARGUMENT;
  if (is_misplaced(transformed, 4) || is_misplaced(scratch, 4)) return FK_BAD_ARGUMENT;
  fk_winograd_context c = {
    .conv = *conv, .cut = cut_for(conv), .end = *end, .x = x, .transformed = transformed, .y = y,
    .buffers = scratch};
  if (scratch_bytes < scratch_of(conv, &c.cut)) return FK_BAD_ARGUMENT;
  atomic_init(&c.next, 0);
  c.workers = workers_of(conv, &c.cut);
  fk_parallel(c.workers, active()->run, &c);
  return FK_OK;
}
