// Convolution of few channels: what is checked, cut and reordered before the loops.
#include "contexts.h"

#include <string.h>

static const fk_conv_kernels *active(void) {
  return FK_SELECT(fk_conv);
}

int64_t fk_conv_lanes(void) {
  return active()->lanes;
}

int fk_conv_is_valid(const fk_conv *conv) {
  enum { MOST = 1 << 20 };
  if (conv == NULL || conv->batch < 1 || conv->batch > MOST) return 0;
  if (conv->in < 1 || conv->in > 4096 || conv->out < 1 || conv->out > 4096) return 0;
  for (int axis = 0; axis < 2; axis++) {
    int64_t size = conv->size[axis], out = conv->out_size[axis], low = conv->low[axis];
    int64_t kernel = conv->kernel[axis], stride = conv->stride[axis];
    if (size < 1 || size > MOST || out < 1 || out > MOST || low < 0 || low > MOST) return 0;
    if (kernel < 1 || kernel > 64 || stride < 1 || stride > FK_CONV_MOST_STRIDE) return 0;
  }
  if ((conv->image_in_lanes || conv->output_in_lanes) && conv->batch % active()->lanes != 0) return 0;
  double floats = (double)conv->batch * (double)(conv->in > conv->out ? conv->in : conv->out);
  for (int axis = 0; axis < 2; axis++) {
    double reach = (double)conv->out_size[axis] * (double)conv->stride[axis];
    reach += (double)(conv->size[axis] + conv->low[axis] + conv->kernel[axis]);
    floats *= reach;
  }
  return floats < 1e15;
}

static int64_t rounded(int64_t floats) {
  return (floats + 15) & ~(int64_t)15;
}

// What one row of the result costs in buffer space, and what a band costs in addition.
static void space(const fk_conv *v, fk_conv_pass pass, int64_t rows, int64_t *image, int64_t *output) {
  if (pass == FK_CONV_IMAGE) {
    int64_t windows = (rows + v->kernel[0] - 2) / v->stride[0] + 1;
    if (windows > v->out_size[0]) windows = v->out_size[0];
    *image = rows * v->size[1] * v->in;
    *output = windows * v->out_size[1] * v->out;
  } else {
    int64_t height = (rows - 1) * v->stride[0] + v->kernel[0];
    int64_t width = (v->out_size[1] - 1) * v->stride[1] + v->kernel[1];
    *image = height * width * v->in;
    *output = rows * v->out_size[1] * v->out;
  }
}

// Whether no window reaches beyond the image.
static int is_inside(const fk_conv *v) {
  for (int axis = 0; axis < 2; axis++) {
    int64_t reach = (v->out_size[axis] - 1) * v->stride[axis] + v->kernel[axis];
    if (v->low[axis] != 0 || reach > v->size[axis]) return 0;
  }
  return 1;
}

static fk_conv_cut cut_for(const fk_conv *v, fk_conv_pass pass) {
  // What a task works on stays in a core's level 2 cache, and there are tasks for a few threads.
  enum { BAND_BYTES = 192 << 10, FEW_TASKS = 8, LEAST_ROWS = 4, MOST_PARTS = 32 };
  fk_conv_cut cut = {.lanes = active()->lanes};
  cut.blocks = (v->batch + cut.lanes - 1) / cut.lanes;
  int64_t total = pass == FK_CONV_IMAGE ? v->size[0] : v->out_size[0];
  int64_t image, output;
  for (cut.bands = 1;; cut.bands = cut.bands * 2 < total ? cut.bands * 2 : total) {
    cut.rows = (total + cut.bands - 1) / cut.bands;
    space(v, pass, cut.rows, &image, &output);
    int fits = (image + output) * cut.lanes * 4 <= BAND_BYTES;
    int enough = cut.blocks * cut.bands >= FEW_TASKS || cut.rows < 2 * LEAST_ROWS;
    if ((fits && enough) || cut.rows == 1) break;
  }
  cut.bands = (total + cut.rows - 1) / cut.rows;
  int direct = v->image_in_lanes && (pass == FK_CONV_IMAGE || is_inside(v));
  cut.width = direct ? v->size[1] : (v->out_size[1] - 1) * v->stride[1] + v->kernel[1];
  cut.image = direct ? 0 : rounded(image * cut.lanes);
  cut.output = v->output_in_lanes ? 0 : rounded(output * cut.lanes);
  int64_t filter = v->out * v->in * v->kernel[0] * v->kernel[1];
  if (pass == FK_CONV_FILTER) {
    int64_t tasks = cut.blocks * cut.bands;
    cut.parts = tasks < MOST_PARTS ? tasks : MOST_PARTS;
    cut.part = rounded(filter + v->out);
  } else {
    cut.weights = rounded(filter);
  }
  return cut;
}

static int64_t bytes_for(const fk_conv_cut *cut) {
  return 4 * (cut->weights + cut->parts * cut->part + fk_threads() * (cut->image + cut->output));
}

int64_t fk_conv_scratch(const fk_conv *conv, fk_conv_pass pass) {
  if (!fk_conv_is_valid(conv) || (unsigned)pass > FK_CONV_FILTER) return -1;
  fk_conv_cut cut = cut_for(conv, pass);
  return bytes_for(&cut);
}

static fk_status prepare(
  fk_conv_context *c, const fk_conv *conv, fk_conv_pass pass, void *scratch, int64_t bytes) {
  if (!fk_conv_is_valid(conv) || scratch == NULL || (uintptr_t)scratch % 64 != 0)
    return FK_BAD_ARGUMENT;
  c->conv = *conv;
  c->cut = cut_for(conv, pass);
  if (bytes < bytes_for(&c->cut)) return FK_BAD_ARGUMENT;
  c->weights = scratch;
  c->parts = c->weights + c->cut.weights;
  c->buffers = c->parts + c->cut.parts * c->cut.part;
  return FK_OK;
}

// What lies in lanes is read by whole vectors.
static int is_misplaced(const fk_conv *v, const float *image, const float *output) {
  return (v->image_in_lanes && (uintptr_t)image % 64 != 0)
    || (v->output_in_lanes && (uintptr_t)output % 64 != 0);
}

// Tasks that take this long each on one thread, at half of what a core can do.
static int64_t grain_of(const fk_conv *v, int64_t tasks) {
  double products = (double)v->batch * (double)v->in * (double)v->out;
  for (int axis = 0; axis < 2; axis++)
    products *= (double)v->out_size[axis] * (double)v->kernel[axis];
  return fk_grain(products / 30 / (double)tasks + 100);
}

fk_status fk_conv_forward(
  const fk_conv *conv, const float *x, const float *w, const float *bias, int relu, float *y,
  void *scratch, int64_t scratch_bytes) {
  fk_conv_context c = {.x = x, .w = w, .bias = bias, .relu = relu, .result = y};
  fk_status status = prepare(&c, conv, FK_CONV_FORWARD, scratch, scratch_bytes);
  if (status != FK_OK || x == NULL || w == NULL || y == NULL || is_misplaced(conv, x, y))
    return FK_BAD_ARGUMENT;
  int64_t taps = conv->kernel[0] * conv->kernel[1];
  float *to = c.weights;
  for (int64_t piece = 0; piece < fk_conv_pieces(conv->out, FK_CONV_BLOCK); piece++) {
    int64_t first;
    int64_t channels = fk_conv_piece(conv->out, FK_CONV_BLOCK, piece, &first);
    for (int64_t tap = 0; tap < taps; tap++)
      for (int64_t k = 0; k < conv->in; k++)
        for (int64_t o = first; o < first + channels; o++)
          *to++ = w[(o * conv->in + k) * taps + tap];
  }
  int64_t tasks = c.cut.blocks * c.cut.bands;
  fk_parallel_grain(tasks, grain_of(conv, tasks), active()->forward, &c);
  return FK_OK;
}

fk_status fk_conv_image_gradient(
  const fk_conv *conv, const float *dy, const float *w, float *dx, void *scratch,
  int64_t scratch_bytes) {
  fk_conv_context c = {.dy = dy, .w = w, .result = dx};
  fk_status status = prepare(&c, conv, FK_CONV_IMAGE, scratch, scratch_bytes);
  if (status != FK_OK || dy == NULL || w == NULL || dx == NULL || is_misplaced(conv, dx, dy))
    return FK_BAD_ARGUMENT;
  int64_t across = conv->kernel[1], stride = conv->stride[1];
  int64_t start = 0;
  for (int64_t phase = 0; phase < stride; phase++) {
    c.taps[phase] = phase < across ? (across - phase + stride - 1) / stride : 0;
    c.first_tap[phase] = start;
    start += c.taps[phase];
  }
  float *to = c.weights;
  int64_t taps = conv->kernel[0] * across;
  for (int64_t piece = 0; piece < fk_conv_pieces(conv->in, FK_CONV_BLOCK); piece++) {
    int64_t first;
    int64_t channels = fk_conv_piece(conv->in, FK_CONV_BLOCK, piece, &first);
    for (int64_t row = 0; row < conv->kernel[0]; row++)
      for (int64_t phase = 0; phase < stride; phase++)
        for (int64_t q = c.taps[phase] - 1; q >= 0; q--)
          for (int64_t o = 0; o < conv->out; o++)
            for (int64_t k = first; k < first + channels; k++)
              *to++ = w[(o * conv->in + k) * taps + row * across + phase + q * stride];
  }
  int64_t tasks = c.cut.blocks * c.cut.bands;
  fk_parallel_grain(tasks, grain_of(conv, tasks), active()->image, &c);
  return FK_OK;
}

fk_status fk_conv_filter_gradient(
  const fk_conv *conv, const float *x, const float *dy, float *dw, float *dbias, void *scratch,
  int64_t scratch_bytes) {
  fk_conv_context c = {.x = x, .dy = dy, .result = dw, .bias_result = dbias};
  fk_status status = prepare(&c, conv, FK_CONV_FILTER, scratch, scratch_bytes);
  if (status != FK_OK || x == NULL || dy == NULL || dw == NULL || is_misplaced(conv, x, dy))
    return FK_BAD_ARGUMENT;
  fk_parallel_grain(c.cut.parts, grain_of(conv, c.cut.parts), active()->filter, &c);
  double sums = (double)(conv->in * conv->kernel[0] * conv->kernel[1] * c.cut.parts);
  fk_parallel_grain(conv->out, fk_grain(sums * 2), active()->combine, &c);
  return FK_OK;
}
