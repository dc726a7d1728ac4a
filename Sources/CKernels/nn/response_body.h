// Local response normalisation across channels; a task is sixteen positions of one picture.

enum { RESPONSES_KEPT = 64 };

// s^-beta.
INLINE v16 response_power(v16 s, float beta) {
  if (beta == 0.75f) {
    v16 root = __builtin_elementwise_sqrt(s);
    return splat(1) / (root * __builtin_elementwise_sqrt(root));
  }
  if (beta == 0.5f) return splat(1) / __builtin_elementwise_sqrt(s);
  if (beta == 1) return splat(1) / s;
  v16 result;
  for (int l = 0; l < 16; l++) result[l] = powf(s[l], -beta);
  return result;
}

INLINE v16 response_sum(const fk_local_response *p, const float *x, int64_t channel, int64_t n) {
  const int64_t plane = fk_plane(p->image);
  int64_t first = fk_most(0, channel - p->size / 2);
  int64_t last = fk_least(p->image.channels - 1, channel + (p->size - 1) / 2);
  v16 squares = splat(0);
  for (int64_t k = first; k <= last; k++) {
    v16 value = load(x + k * plane, n);
    squares += value * value;
  }
  return splat(p->k) + splat(p->alpha / (float)p->size) * squares;
}

static void response_strips(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_response_context *c = context;
  const fk_local_response *p = &c->norm;
  const int64_t plane = fk_plane(p->image), strips = (plane + 15) / 16;
  for (int64_t task = begin; task < end; task++) {
    int64_t first = task % strips * 16, n = fk_least(16, plane - first);
    int64_t at = task / strips * p->image.channels * plane + first;
    for (int64_t k = 0; k < p->image.channels; k++) {
      v16 s = response_sum(p, c->x + at, k, n);
      store(c->y + at + k * plane, load(c->x + at + k * plane, n) * response_power(s, p->beta), n);
    }
  }
}

// dy * x * s^(-beta - 1) of one channel, which every channel in its window takes a share of.
INLINE v16 response_term(const fk_response_context *c, int64_t at, int64_t channel, int64_t n) {
  const fk_local_response *p = &c->norm;
  int64_t here = at + channel * fk_plane(p->image);
  v16 s = response_sum(p, c->x + at, channel, n);
  return load(c->dy + here, n) * load(c->x + here, n) * response_power(s, p->beta) / s;
}

static void response_backward_strips(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_response_context *c = context;
  const fk_local_response *p = &c->norm;
  const int64_t plane = fk_plane(p->image), strips = (plane + 15) / 16;
  const int64_t channels = p->image.channels;
  const v16 share = splat(2 * p->alpha * p->beta / (float)p->size);
  v16 kept[RESPONSES_KEPT];
  for (int64_t task = begin; task < end; task++) {
    int64_t first = task % strips * 16, n = fk_least(16, plane - first);
    int64_t at = task / strips * channels * plane + first, known = 0;
    for (int64_t k = 0; k < channels; k++) {
      int64_t low = fk_most(0, k - (p->size - 1) / 2), high = fk_least(channels - 1, k + p->size / 2);
      v16 total = splat(0);
      if (p->size <= RESPONSES_KEPT) {
        for (; known <= high; known++) {
          kept[known % RESPONSES_KEPT] = response_term(c, at, known, n);
        }
        for (int64_t j = low; j <= high; j++) total += kept[j % RESPONSES_KEPT];
      } else {
        for (int64_t j = low; j <= high; j++) total += response_term(c, at, j, n);
      }
      v16 x = load(c->x + at + k * plane, n), dy = load(c->dy + at + k * plane, n);
      v16 power = response_power(response_sum(p, c->x + at, k, n), p->beta);
      store(c->y + at + k * plane, dy * power - share * x * total, n);
    }
  }
}
