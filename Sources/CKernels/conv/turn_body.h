// Between rows of pixels and vectors of images.

// The first n of LANES floats, then zeros.
INLINE vec load_some(const float *p, int64_t n) {
  if (n >= LANES) return ((const vec_unaligned *)(const void *)p)->v;
#if LANES == 16
  return (vec)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p);
#else
  float lanes[LANES] = {0};
  for (int64_t l = 0; l < n; l++) lanes[l] = p[l];
  return ((const vec_unaligned *)(const void *)lanes)->v;
#endif
}

INLINE void store_some(float *p, vec x, int64_t n) {
  if (n >= LANES) {
    ((vec_unaligned *)(void *)p)->v = x;
    return;
  }
#if LANES == 16
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)x);
#else
  for (int64_t l = 0; l < n; l++) p[l] = x[l];
#endif
}

#if LANES == 16
#define ZIP_LOW 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define ZIP_HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#define ZIP_ROUNDS 4
#define EVEN_LANES 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
#define ODD_LANES 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31
#elif LANES == 8
#define ZIP_LOW 0, 8, 1, 9, 2, 10, 3, 11
#define ZIP_HIGH 4, 12, 5, 13, 6, 14, 7, 15
#define ZIP_ROUNDS 3
#define EVEN_LANES 0, 2, 4, 6, 8, 10, 12, 14
#define ODD_LANES 1, 3, 5, 7, 9, 11, 13, 15
#else
#define ZIP_LOW 0, 4, 1, 5
#define ZIP_HIGH 2, 6, 3, 7
#define ZIP_ROUNDS 2
#define EVEN_LANES 0, 2, 4, 6
#define ODD_LANES 1, 3, 5, 7
#endif

// Rows become columns. One round rotates the bits of (row, lane) by one place.
INLINE void turn(vec *v) {
  UNROLL for (int round = 0; round < ZIP_ROUNDS; round++) {
    vec t[LANES];
    UNROLL for (int i = 0; i < LANES / 2; i++) {
      t[2 * i] = __builtin_shufflevector(v[i], v[i + LANES / 2], ZIP_LOW);
      t[2 * i + 1] = __builtin_shufflevector(v[i], v[i + LANES / 2], ZIP_HIGH);
    }
    UNROLL for (int i = 0; i < LANES; i++) v[i] = t[i];
  }
}

// `count` pixels of up to LANES images, `image` floats apart, to vectors `step` floats apart. Lanes
// without an image become zero.
static void gather_pixels(
  float *to, int64_t step, const float *from, int64_t image, int64_t images, int64_t count) {
  for (int64_t p = 0; p < count; p += LANES) {
    int64_t n = count - p < LANES ? count - p : LANES;
    vec v[LANES];
    if (images == LANES) {
      UNROLL for (int i = 0; i < LANES; i++) v[i] = load_some(from + i * image + p, n);
    } else {
      UNROLL for (int i = 0; i < LANES; i++)
        v[i] = i < images ? load_some(from + i * image + p, n) : (vec)(0.0f);
    }
    turn(v);
    if (n == LANES) {
      UNROLL for (int i = 0; i < LANES; i++) put(to + (p + i) * step, v[i]);
    } else {
      UNROLL for (int i = 0; i < LANES; i++) if (i < n) put(to + (p + i) * step, v[i]);
    }
  }
}

static void scatter_pixels(
  float *to, int64_t image, int64_t images, const float *from, int64_t step, int64_t count) {
  for (int64_t p = 0; p < count; p += LANES) {
    int64_t n = count - p < LANES ? count - p : LANES;
    vec v[LANES];
    UNROLL for (int i = 0; i < LANES; i++)
      v[i] = at(from + (p + (i < n ? i : 0)) * step);
    turn(v);
    UNROLL for (int i = 0; i < LANES; i++) if (i < images) store_some(to + i * image + p, v[i], n);
  }
}

// A block of images and a band of rows of the result.
typedef struct task {
  int64_t image, images;
  int64_t row, rows;
} task;

INLINE task task_at(const fk_conv_context *c, int64_t index, int64_t rows) {
  task t;
  t.image = index / c->cut.bands * LANES;
  t.images = c->conv.batch - t.image < LANES ? c->conv.batch - t.image : LANES;
  t.row = index % c->cut.bands * c->cut.rows;
  t.rows = rows - t.row < c->cut.rows ? rows - t.row : c->cut.rows;
  return t;
}

// Where row `row` of channel 0 of a block of images begins in a tensor in lanes.
INLINE int64_t lane_offset(task t, int64_t row, const int64_t *size, int64_t channels) {
  return (t.image * size[0] + row * LANES) * size[1] * channels;
}

// What windows at rows [t.row, t.row + t.rows) of the output see of the image, padding included:
// [row][c->cut.width][channel][lane]. Where windows stay inside an image in lanes, that is the image.
static const float *gather_windows(const fk_conv_context *c, task t, float *tile) {
  const fk_conv *v = &c->conv;
  int64_t height = (t.rows - 1) * v->stride[0] + v->kernel[0], width = c->cut.width;
  int64_t top = t.row * v->stride[0] - v->low[0];
  if (c->cut.image == 0) return c->x + lane_offset(t, top, v->size, v->in);
  int64_t left = v->low[1] < width ? v->low[1] : width;
  int64_t inner = width - left < v->size[1] ? width - left : v->size[1];
  int64_t pixel = v->in * LANES, plane = v->size[0] * v->size[1];
  const float *from = c->x + t.image * v->in * plane;
  int whole = left == 0 && inner == width && width == v->size[1];
  for (int64_t r = 0; r < height; r++) {
    float *row = tile + r * width * pixel;
    int64_t y = top + r;
    if (y < 0 || y >= v->size[0]) {
      memset(row, 0, (size_t)(width * pixel) * sizeof(float));
      continue;
    }
    memset(row, 0, (size_t)(left * pixel) * sizeof(float));
    memset(row + (left + inner) * pixel, 0, (size_t)((width - left - inner) * pixel) * sizeof(float));
    if (v->image_in_lanes) {
      memcpy(row + left * pixel, c->x + lane_offset(t, y, v->size, v->in),
             (size_t)(inner * pixel) * sizeof(float));
      continue;
    }
    // Rows without padding follow each other in the image and here.
    int64_t together = 1;
    if (whole) together = height - r < v->size[0] - y ? height - r : v->size[0] - y;
    for (int64_t k = 0; k < v->in; k++)
      gather_pixels(row + left * pixel + k * LANES, pixel, from + k * plane + y * v->size[1],
                    v->in * plane, t.images, inner * together);
    r += together - 1;
  }
  return tile;
}

// Rows [row, row + rows) of the output's gradient: [row][column][channel][lane].
static const float *gather_outputs(
  const fk_conv_context *c, task t, int64_t row, int64_t rows, float *tile) {
  const fk_conv *v = &c->conv;
  if (v->output_in_lanes) return c->dy + lane_offset(t, row, v->out_size, v->out);
  int64_t plane = v->out_size[0] * v->out_size[1];
  const float *from = c->dy + t.image * v->out * plane + row * v->out_size[1];
  for (int64_t k = 0; k < v->out; k++)
    gather_pixels(tile + k * LANES, v->out * LANES, from + k * plane, v->out * plane, t.images,
                  rows * v->out_size[1]);
  return tile;
}

// Moves rows of a result in lanes to where the result is row-major.
static void scatter_rows(
  const fk_conv_context *c, task t, const int64_t *size, int64_t channels, const float *out) {
  int64_t plane = size[0] * size[1];
  float *to = c->result + t.image * channels * plane + t.row * size[1];
  for (int64_t k = 0; k < channels; k++)
    scatter_pixels(to + k * plane, channels * plane, t.images, out + k * LANES, channels * LANES,
                   t.rows * size[1]);
}
