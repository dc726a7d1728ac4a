// Cross-entropy of a softmax, loss and gradient in one go.

INLINE void cross_entropy_row(const fk_cross_entropy *c, int64_t row) {
  const int64_t n = c->shape.axis;
  const float *x = c->logits + row * n;
  const float *target = c->labels ? NULL : c->targets + row * n;
  float *g = c->gradient ? c->gradient + row * n : NULL;
  if (c->labels && c->has_ignored && c->labels[row] == c->ignored) {
    if (c->loss) c->loss[row] = 0;
    if (g) memset(g, 0, (size_t)n * sizeof(float));
    return;
  }
  const float largest = top_of(x, n);
  const double total = exponentials(x, g, n, largest), logarithm = log(total);
  const double share = (double)c->smoothing / (double)n, kept = 1 - (double)c->smoothing;
  double loss = 0, mass = 1;
  if (target || share != 0) {
    // Everything that is aimed at, and its distances.
    double far = 0, aimed = 0;
    for (int64_t start = 0; start < n; start += SUM_CHUNK) {
      v16 losses = splat(0), masses = splat(0);
      int64_t stop = fk_least(n, start + SUM_CHUNK);
      for (int64_t i = start; i < stop; i += 16) {
        int64_t size = fk_least(16, stop - i);
        v16 aim = splat((float)share);
        if (target) aim += splat((float)kept) * load(target + i, size);
        v16 away = splat((float)logarithm) - (load(x + i, size) - splat(largest));
        losses += keep(lanes_below(size), aim * away);
        masses += keep(lanes_below(size), aim);
      }
      far += sum(losses);
      aimed += sum(masses);
    }
    loss = far;
    mass = target ? aimed : 1;
  }
  if (!target) loss += kept * (logarithm - (double)(x[c->labels[row]] - largest));
  if (c->loss) c->loss[row] = (float)loss;
  if (!g) return;
  const float weight = c->weights ? c->weights[row] : 1;
  const v16 factor = splat((float)(mass / total)), even = splat((float)share);
  const float chosen = target ? 0 : g[c->labels[row]];
  for (int64_t i = 0; i < n; i += 16) {
    int64_t size = fk_least(16, n - i);
    v16 aim = even;
    if (target) aim += splat((float)kept) * load(target + i, size);
    store(g + i, (load(g + i, size) * factor - aim) * splat(weight), size);
  }
  if (!target) {
    double aim = share + kept;
    g[c->labels[row]] = (float)(((double)chosen / total - aim) * (double)weight);
  }
}

// What place by place is aimed at for class k.
INLINE v16 aim_at(const fk_cross_entropy *c, int64_t at, i16 labels, int64_t k, int64_t n) {
  float share = (float)((double)c->smoothing / (double)c->shape.axis);
  v16 target = c->labels
    ? keep(labels == (i16)((int32_t)k), splat(1)) : load(c->targets + at, n);
  return splat(share) + splat(1 - c->smoothing) * target;
}

INLINE void cross_entropy_strip(const fk_cross_entropy *c, int64_t outer, int64_t first, int64_t n) {
  const int64_t axis = c->shape.axis, stride = c->shape.inner;
  const int64_t base = outer * axis * stride + first, place = outer * stride + first;
  const float *x = c->logits + base;
  const i16 labels = c->labels ? load_int(c->labels + place, n) : (i16)(0);
  i16 counted = lanes_below(16);
  if (c->labels && c->has_ignored) counted = labels != (i16)(c->ignored);
  const v16 largest = top_along(x, axis, stride, n);
  lane_sum total = {splat(0), (d16)(0.0), 0}, mass = total, losses = total;
  for (int64_t k = 0; k < axis; k++) {
    v16 e = exponential(load(x + k * stride, n) - largest);
    if (c->gradient) store(c->gradient + base + k * stride, e, n);
    add(&total, e);
  }
  const d16 sums = total_of(&total);
  const v16 logarithm = logarithm_of(sums);
  const int plain = c->labels && c->smoothing == 0;
  for (int64_t k = 0; k < axis; k++) {
    v16 aim = aim_at(c, base + k * stride, labels, k, n);
    v16 away = logarithm - (load(x + k * stride, n) - largest);
    // A class that is not aimed at costs nothing, however unlikely it is.
    add(&losses, plain ? keep(labels == (i16)((int32_t)k), away) : aim * away);
    add(&mass, aim);
  }
  if (c->loss) {
    v16 loss = __builtin_convertvector(total_of(&losses), v16);
    store(c->loss + place, keep(counted, loss), n);
  }
  if (!c->gradient) return;
  const v16 weight = c->weights ? load(c->weights + place, n) : splat(1);
  const d16 all = c->labels ? (d16)(1.0) : total_of(&mass);
  const v16 factor = __builtin_convertvector(all / sums, v16);
  for (int64_t k = 0; k < axis; k++) {
    float *g = c->gradient + base + k * stride;
    v16 aim = aim_at(c, base + k * stride, labels, k, n);
    store(g, keep(counted, (load(g, n) * factor - aim) * weight), n);
  }
}

static void cross_entropy_tasks(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_cross_entropy *c = context;
  const int64_t inner = c->shape.inner, strips = (inner + 15) / 16;
  for (int64_t task = begin; task < end; task++) {
    if (inner == 1) {
      cross_entropy_row(c, task);
    } else {
      int64_t i = task % strips * 16;
      cross_entropy_strip(c, task / strips, i, fk_least(16, inner - i));
    }
  }
}
