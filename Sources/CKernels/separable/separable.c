// Separable blocks: what is checked, cut and reordered before the loops.
#include "contexts.h"

#include <string.h>

static const fk_separable_kernels *active(void) {
  return FK_SELECT(fk_separable);
}

// The loops for a block, or NULL.
static const fk_separable_kernels *kernels_for(const fk_separable *block) {
  if (!block->half) return active();
#if FK_X86
  if (fk_active_isa() == FK_ISA_AVX512 && fk_cpu_has_bf16()) return &fk_separable_bfloat16;
#endif
  return NULL;
}

int64_t fk_separable_lanes(void) {
  return active()->lanes;
}

static int keeps_zero(fk_activation how) {
  return (unsigned)how.kind <= FK_EPILOGUE_HARD_SWISH
    && (how.kind != FK_EPILOGUE_CLAMP || (how.low <= 0 && how.high >= 0));
}

int fk_separable_is_valid(const fk_separable *block) {
  enum { MOST = 1 << 20, MOST_CHANNELS = 1 << 14 };
  if (block == NULL || block->batch < 1 || block->batch > MOST) return 0;
  if (kernels_for(block) == NULL || (block->wide && !block->half)) return 0;
  int64_t channels[3] = {block->in, block->hidden, block->out};
  for (int i = 0; i < 3; i++)
    if (channels[i] < 1 || channels[i] > MOST_CHANNELS) return 0;
  if (!block->expands && block->in != block->hidden) return 0;
  if (!block->projects && block->out != block->hidden) return 0;
  double floats = (double)block->batch * (double)block->hidden;
  for (int axis = 0; axis < 2; axis++) {
    int64_t size = block->size[axis], out = block->out_size[axis], low = block->low[axis];
    int64_t kernel = block->kernel[axis], stride = block->stride[axis];
    if (size < 1 || size > MOST || out < 1 || out > MOST) return 0;
    if (kernel < 1 || kernel > 7 || stride < 1 || stride > 8 || low < 0 || low >= kernel) return 0;
    floats *= (double)(out * stride + size + kernel);
  }
  if (!keeps_zero(block->expanded) || !keeps_zero(block->filtered)) return 0;
  return keeps_zero(block->projected) && floats < 1e13;
}

static int64_t vectors(int64_t channels, int64_t lanes) {
  return (channels + lanes - 1) / lanes;
}

static int64_t least(int64_t a, int64_t b) {
  return a < b ? a : b;
}

// Words of a pixel of the image.
static int64_t words_of(const fk_separable *v) {
  return v->half ? vectors(v->in, 2) : v->in;
}

static fk_separable_cut cut_for(const fk_separable *v) {
  enum { WINDOW_BYTES = 256 << 10, MIDDLE_BYTES = 256 << 10, MOST_ROWS = 8, LEAST_ROWS = 7 };
  fk_separable_cut cut = {.lanes = kernels_for(v)->lanes};
  cut.words = v->half ? cut.lanes / 2 : cut.lanes;
  cut.in_blocks = vectors(v->in, cut.lanes);
  cut.blocks = vectors(v->hidden, cut.lanes);
  cut.out_blocks = vectors(v->out, cut.lanes);
  cut.chunks = vectors(cut.blocks, 2);
  cut.out_chunks = vectors(cut.out_blocks, 2);
  cut.columns = (v->out_size[1] - 1) * v->stride[1] + v->kernel[1];

  int64_t threads = fk_threads();
  int isShort = v->batch < 4 * threads && v->batch % threads != 0;
  // Rows at the border of two bands are expanded twice, those of a copy cost nothing.
  int64_t most = v->expands ? v->out_size[0] / LEAST_ROWS : v->out_size[0];
  cut.bands = isShort ? threads : 1;
  cut.shares_images = cut.bands > most && cut.bands > 1 && cut.chunks >= threads;
  cut.bands = cut.bands > most && most > 0 ? most : cut.bands;
  if (most == 0) cut.bands = 1;
  if (cut.shares_images) {
    cut.ring = (v->out_size[0] - 1) * v->stride[0] + v->kernel[0];
    cut.window = 2 * cut.ring * cut.columns * cut.lanes;
    cut.middle = v->batch * cut.blocks * v->out_size[0] * v->out_size[1] * cut.words;
  } else {
    int64_t height = (v->out_size[0] + cut.bands - 1) / cut.bands;
    for (cut.rows = least(height, MOST_ROWS);; cut.rows--) {
      cut.ring = (cut.rows - 1) * v->stride[0] + v->kernel[0];
      cut.window = 2 * cut.chunks * cut.ring * cut.columns * cut.lanes;
      cut.middle = v->projects ? cut.blocks * cut.rows * v->out_size[1] * cut.words : 0;
      if (cut.rows == 1) break;
      if (cut.window * 4 <= WINDOW_BYTES && cut.middle * 4 <= MIDDLE_BYTES) break;
    }
  }
  if (!v->projects) cut.middle = 0;
  cut.depthwise = v->expands ? cut.blocks * (words_of(v) + 1) * cut.lanes : 0;
  int64_t taps = v->kernel[0] * v->kernel[1];
  cut.project = cut.depthwise + cut.blocks * (taps + 1) * cut.lanes;
  cut.packed = cut.project;
  if (v->projects) cut.packed += cut.out_blocks * (cut.blocks * cut.words + 1) * cut.lanes;
  return cut;
}

int64_t fk_separable_packed(const fk_separable *block) {
  return fk_separable_is_valid(block) ? cut_for(block).packed : -1;
}

// Number `index` of a filter, as f32.
static float number(const void *filter, int64_t index, int isHalf) {
  if (!isHalf) return ((const float *)filter)[index];
  uint32_t bits = (uint32_t)((const uint16_t *)filter)[index] << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

// A word of a filter [out, in]: the factor for input `i`, or those for it and the next one.
static float word(const void *w, int64_t out, int64_t in, int64_t o, int64_t i, int isHalf) {
  if (o >= out) return 0;
  if (!isHalf) return i < in ? ((const float *)w)[o * in + i] : 0;
  uint16_t pair[2] = {0, 0};
  for (int k = 0; k < 2; k++)
    if (i + k < in) pair[k] = ((const uint16_t *)w)[o * in + i + k];
  float value;
  memcpy(&value, pair, sizeof value);
  return value;
}

// A filter [out, in] as chunks of two vectors of outputs: their bias, then [words][vectors].
static float *pack(
  const void *w, const float *bias, int64_t out, int64_t in, int64_t words, int64_t lanes,
  int isHalf, float *to) {
  int64_t blocks = vectors(out, lanes);
  for (int64_t block = 0; block < blocks; block += 2) {
    int64_t first = block * lanes, count = least(2, blocks - block) * lanes;
    for (int64_t o = first; o < first + count; o++) *to++ = bias != NULL && o < out ? bias[o] : 0;
    for (int64_t i = 0; i < words; i++)
      for (int64_t o = first; o < first + count; o++)
        *to++ = word(w, out, in, o, isHalf ? 2 * i : i, isHalf);
  }
  return to;
}

fk_status fk_separable_pack(
  const fk_separable *block, const fk_separable_filters *filters, float *packed) {
  if (!fk_separable_is_valid(block) || filters == NULL || packed == NULL) return FK_BAD_ARGUMENT;
  if ((block->expands && filters->expand == NULL) || filters->depthwise == NULL
      || (block->projects && filters->project == NULL))
    return FK_BAD_ARGUMENT;
  fk_separable_cut cut = cut_for(block);
  int64_t lanes = cut.lanes, hidden = block->hidden, padded = cut.blocks * lanes;
  int64_t taps = block->kernel[0] * block->kernel[1];
  float *to = packed;
  if (block->expands)
    to = pack(
      filters->expand, filters->expand_bias, hidden, block->in, words_of(block), lanes, block->half,
      to);
  for (int64_t first = 0; first < padded; first += lanes)
    for (int64_t tap = -1; tap < taps; tap++)
      for (int64_t o = first; o < first + lanes; o++) {
        const float *bias = filters->depthwise_bias;
        float value = tap >= 0 ? 0 : o < hidden && bias != NULL ? bias[o] : 0;
        if (tap >= 0 && o < hidden) value = number(filters->depthwise, o * taps + tap, block->half);
        *to++ = value;
      }
  if (block->projects)
    pack(
      filters->project, filters->project_bias, block->out, hidden, cut.blocks * cut.words, lanes,
      block->half, to);
  return FK_OK;
}

static int64_t rounded(int64_t floats) {
  return (floats + 15) & ~(int64_t)15;
}

static int64_t bytes_for(const fk_separable_cut *cut) {
  int64_t threads = fk_threads();
  int64_t middles = cut->shares_images ? 1 : threads;
  return 4 * (threads * rounded(cut->window) + middles * rounded(cut->middle));
}

int64_t fk_separable_scratch(const fk_separable *block) {
  if (!fk_separable_is_valid(block)) return -1;
  fk_separable_cut cut = cut_for(block);
  return bytes_for(&cut);
}

// Images of a batch may lie one after the other with whole vectors only.
static int is_aligned(const void *p, int isHalf) {
  return (uintptr_t)p % ((uintptr_t)active()->lanes * (isHalf ? 2 : 4)) == 0;
}

fk_status fk_separable_run(
  const fk_separable *block, const void *x, const float *packed, const void *residual, void *y,
  void *scratch, int64_t scratch_bytes) {
  if (!fk_separable_is_valid(block) || x == NULL || packed == NULL || y == NULL)
    return FK_BAD_ARGUMENT;
  int narrows = block->half && !block->wide;
  if (!is_aligned(x, block->half) || !is_aligned(packed, 0) || !is_aligned(residual, narrows)
      || !is_aligned(y, narrows) || !is_aligned(scratch, 0)
      || (residual != NULL && !block->projects))
    return FK_BAD_ARGUMENT;
  const fk_separable_kernels *kernels = kernels_for(block);
  fk_separable_context c = {
    .block = *block, .cut = cut_for(block), .x = x, .packed = packed, .residual = residual, .y = y};
  if (scratch == NULL || scratch_bytes < bytes_for(&c.cut)) return FK_BAD_ARGUMENT;
  c.cut.window = rounded(c.cut.window);
  c.cut.middle = rounded(c.cut.middle);
  c.windows = scratch;
  c.middle = c.windows + fk_threads() * c.cut.window;
  if (!c.cut.shares_images) {
    fk_parallel(block->batch * c.cut.bands, kernels->whole, &c);
    return FK_OK;
  }
  fk_parallel(block->batch * c.cut.chunks, kernels->filter, &c);
  if (!block->projects) return FK_OK;
  int64_t tiles = fk_separable_pieces(block->out_size[0] * block->out_size[1], kernels->pixels);
  fk_parallel(block->batch * c.cut.out_chunks * tiles, kernels->project, &c);
  return FK_OK;
}
