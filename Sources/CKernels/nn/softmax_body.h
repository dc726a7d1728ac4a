// Softmax and cross-entropy. Where the axis is the last one its elements lie in lanes; otherwise neighbours along
// the inner axes do, sixteen to a task.

enum { SUM_CHUNK = 4096 };

INLINE float top_of(const float *x, int64_t n) {
  v16 a = splat(-__builtin_inff()), b = a;
  int64_t i = 0;
  for (; i + 32 <= n; i += 32) {
    a = larger(load(x + i, 16), a);
    b = larger(load(x + i + 16, 16), b);
  }
  for (; i < n; i += 16) {
    int64_t size = fk_least(16, n - i);
    a = larger(first_or(size, load(x + i, size), splat(-__builtin_inff())), a);
  }
  return top(larger(a, b));
}

// Writes e^(x - largest) where `y` is given; answers the sum.
INLINE double exponentials(const float *x, float *y, int64_t n, float largest) {
  double total = 0;
  for (int64_t start = 0; start < n; start += SUM_CHUNK) {
    int64_t stop = fk_least(n, start + SUM_CHUNK), i = start;
    v16 sums = splat(0);
    for (; i < stop; i += 16) {
      int64_t size = fk_least(16, stop - i);
      v16 e = exponential(load(x + i, size) - splat(largest));
      if (y) store(y + i, e, size);
      sums += keep(lanes_below(size), e);
    }
    total += sum(sums);
  }
  return total;
}

INLINE void softmax_row(const fk_softmax_context *c, int64_t row) {
  const int64_t n = c->shape.axis;
  const float *x = c->x + row * n;
  float *y = c->result + row * n;
  const float largest = top_of(x, n);
  const double total = exponentials(x, c->logarithm ? NULL : y, n, largest);
  if (c->logarithm) {
    const v16 logarithm = splat((float)log(total)), middle = splat(largest);
    for (int64_t i = 0; i < n; i += 16) {
      int64_t size = fk_least(16, n - i);
      store(y + i, load(x + i, size) - middle - logarithm, size);
    }
    return;
  }
  const v16 factor = splat((float)(1 / total));
  for (int64_t i = 0; i < n; i += 16) {
    int64_t size = fk_least(16, n - i);
    store(y + i, load(y + i, size) * factor, size);
  }
}

INLINE v16 logarithm_of(d16 x) {
  v16 result;
  for (int l = 0; l < 16; l++) result[l] = (float)log(x[l]);
  return result;
}

// Adds up terms in f32 and now and then in f64, lane by lane.
typedef struct {
  v16 near;
  d16 far;
  int64_t terms;
} lane_sum;

INLINE void add(lane_sum *s, v16 x) {
  s->near += x;
  if (++s->terms % 256 == 0) {
    s->far += wide(s->near);
    s->near = splat(0);
  }
}

INLINE d16 total_of(const lane_sum *s) {
  return s->far + wide(s->near);
}

INLINE v16 top_along(const float *x, int64_t axis, int64_t stride, int64_t n) {
  v16 largest = splat(-__builtin_inff());
  for (int64_t k = 0; k < axis; k++) largest = larger(load(x + k * stride, n), largest);
  return largest;
}

INLINE void softmax_strip(const fk_softmax_context *c, int64_t at, int64_t n) {
  const int64_t axis = c->shape.axis, stride = c->shape.inner;
  const float *x = c->x + at;
  float *y = c->result + at;
  const v16 largest = top_along(x, axis, stride, n);
  lane_sum s = {splat(0), (d16)(0.0), 0};
  for (int64_t k = 0; k < axis; k++) {
    v16 e = exponential(load(x + k * stride, n) - largest);
    if (!c->logarithm) store(y + k * stride, e, n);
    add(&s, e);
  }
  d16 total = total_of(&s);
  if (c->logarithm) {
    const v16 logarithm = logarithm_of(total);
    for (int64_t k = 0; k < axis; k++) {
      store(y + k * stride, load(x + k * stride, n) - largest - logarithm, n);
    }
  } else {
    const v16 factor = __builtin_convertvector(1.0 / total, v16);
    for (int64_t k = 0; k < axis; k++) store(y + k * stride, load(y + k * stride, n) * factor, n);
  }
}

INLINE void softmax_gradient_row(const fk_softmax_context *c, int64_t row) {
  const int64_t n = c->shape.axis;
  const float *y = c->y + row * n, *dy = c->dy + row * n;
  float *dx = c->result + row * n;
  double total = 0;
  for (int64_t start = 0; start < n; start += SUM_CHUNK) {
    v16 sums = splat(0);
    int64_t stop = fk_least(n, start + SUM_CHUNK);
    for (int64_t i = start; i < stop; i += 16) {
      int64_t size = fk_least(16, stop - i);
      v16 g = load(dy + i, size);
      sums += c->logarithm ? g : g * load(y + i, size);
    }
    total += sum(sums);
  }
  const v16 all = splat((float)total);
  for (int64_t i = 0; i < n; i += 16) {
    int64_t size = fk_least(16, n - i);
    v16 g = load(dy + i, size), value = load(y + i, size);
    store(dx + i, c->logarithm ? g - exponential(value) * all : value * (g - all), size);
  }
}

INLINE void softmax_gradient_strip(const fk_softmax_context *c, int64_t at, int64_t n) {
  const int64_t axis = c->shape.axis, stride = c->shape.inner;
  const float *y = c->y + at, *dy = c->dy + at;
  lane_sum s = {splat(0), (d16)(0.0), 0};
  for (int64_t k = 0; k < axis; k++) {
    v16 g = load(dy + k * stride, n);
    add(&s, c->logarithm ? g : g * load(y + k * stride, n));
  }
  const v16 all = __builtin_convertvector(total_of(&s), v16);
  for (int64_t k = 0; k < axis; k++) {
    v16 g = load(dy + k * stride, n), value = load(y + k * stride, n);
    store(
      c->result + at + k * stride,
      c->logarithm ? g - exponential(value) * all : value * (g - all), n);
  }
}

static void softmax_tasks(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_softmax_context *c = context;
  const int64_t inner = c->shape.inner, strips = (inner + 15) / 16;
  for (int64_t task = begin; task < end; task++) {
    int64_t i = task % strips * 16;
    int64_t at = task / strips * c->shape.axis * inner + i;
    if (inner == 1) {
      if (c->dy) {
        softmax_gradient_row(c, task);
      } else {
        softmax_row(c, task);
      }
    } else if (c->dy) {
      softmax_gradient_strip(c, at, fk_least(16, inner - i));
    } else {
      softmax_strip(c, at, fk_least(16, inner - i));
    }
  }
}
