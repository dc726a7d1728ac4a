// Layer and group normalisation: statistics of runs of memory.

enum { RUN_CHUNK = 4096 };

typedef struct {
  double mean, variance;
} run_statistics;

INLINE run_statistics statistics_of(const float *x, int64_t n) {
  double count = 0, mean = 0, squares = 0;
  for (int64_t at = 0; at < n; at += RUN_CHUNK) {
    int64_t size = fk_least(RUN_CHUNK, n - at);
    moments m = moments_of(x + at, size / 16, size % 16, 1, (float)size);
    double error = (double)m.correction[0], both = count + (double)size;
    double away = (double)m.mean[0] + error - mean;
    squares += (double)m.squares[0] - (double)size * error * error
      + away * away * count * (double)size / both;
    mean += away * (double)size / both;
    count = both;
  }
  return (run_statistics){mean, squares > 0 || squares != squares ? squares / count : 0};
}

static void layer_norm_rows(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_row_context *c = context;
  for (int64_t row = begin; row < end; row++) {
    const float *x = c->x + row * c->inner;
    float *y = c->y + row * c->inner;
    run_statistics s = statistics_of(x, c->inner);
    const float mean = (float)s.mean, rstd = (float)(1 / sqrt(s.variance + (double)c->epsilon));
    for (int64_t i = 0; i < c->inner; i += 16) {
      int64_t n = fk_least(16, c->inner - i);
      v16 value = (load(x + i, n) - splat(mean)) * splat(rstd);
      if (c->scale) value *= load(c->scale + i, n);
      if (c->shift) value += load(c->shift + i, n);
      store(y + i, value, n);
    }
    if (c->mean) c->mean[row] = mean;
    if (c->rstd) c->rstd[row] = rstd;
  }
}

// A task is one of `blocks` pieces of the rows, each with sums of its own for dscale and dshift.
static void layer_norm_backward_blocks(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_row_context *c = context;
  const int64_t inner = c->inner;
  for (int64_t block = begin; block < end; block++) {
    float *scale_sums = c->sums + block * 2 * inner, *shift_sums = scale_sums + inner;
    memset(scale_sums, 0, 2 * (size_t)inner * sizeof(float));
    int64_t last = c->rows * (block + 1) / c->blocks;
    for (int64_t row = c->rows * block / c->blocks; row < last; row++) {
      const float *x = c->x + row * inner, *dy = c->dy + row * inner;
      const v16 mean = splat(c->given_mean[row]), rstd = splat(c->given_rstd[row]);
      v16 plain = splat(0), weighted = splat(0);
      double plain_total = 0, weighted_total = 0;
      for (int64_t i = 0; i < inner; i += 16) {
        int64_t n = fk_least(16, inner - i);
        v16 g = load(dy + i, n), centred = (load(x + i, n) - mean) * rstd;
        store(scale_sums + i, load(scale_sums + i, n) + g * centred, n);
        store(shift_sums + i, load(shift_sums + i, n) + g, n);
        if (c->scale) g *= load(c->scale + i, n);
        plain += g;
        weighted += keep(lanes_below(n), g * centred);
        if (i % RUN_CHUNK == RUN_CHUNK - 16 || i + 16 >= inner) {
          plain_total += sum(plain);
          weighted_total += sum(weighted);
          plain = splat(0);
          weighted = splat(0);
        }
      }
      const v16 average = splat((float)(plain_total / (double)inner));
      const v16 slope = splat((float)(weighted_total / (double)inner));
      for (int64_t i = 0; i < inner; i += 16) {
        int64_t n = fk_least(16, inner - i);
        v16 g = load(dy + i, n), centred = (load(x + i, n) - mean) * rstd;
        if (c->scale) g *= load(c->scale + i, n);
        store(c->dx + row * inner + i, rstd * (g - average - centred * slope), n);
      }
    }
  }
}

// A task is 16 elements of dscale and dshift.
static void layer_norm_combine(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_row_context *c = context;
  for (int64_t task = begin; task < end; task++) {
    int64_t i = task * 16, n = fk_least(16, c->inner - i);
    d16 scale = (d16)(0.0), shift = (d16)(0.0);
    for (int64_t block = 0; block < c->blocks; block++) {
      const float *sums = c->sums + block * 2 * c->inner + i;
      scale += wide(load(sums, n));
      shift += wide(load(sums + c->inner, n));
    }
    if (c->dscale) store(c->dscale + i, __builtin_convertvector(scale, v16), n);
    if (c->dshift) store(c->dshift + i, __builtin_convertvector(shift, v16), n);
  }
}

// A task is one group of one picture.
static void group_norm_groups(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_row_context *c = context;
  const int64_t positions = c->positions, run = positions * c->group_channels;
  for (int64_t task = begin; task < end; task++) {
    run_statistics s = statistics_of(c->x + task * run, run);
    const double rstd = 1 / sqrt(s.variance + (double)c->epsilon);
    const v16 mean = splat((float)s.mean);
    for (int64_t k = 0; k < c->group_channels; k++) {
      int64_t channel = task % c->groups * c->group_channels + k;
      const v16 scale = splat((float)(c->scale ? rstd * (double)c->scale[channel] : rstd));
      const v16 shift = splat(c->shift ? c->shift[channel] : 0);
      const float *x = c->x + task * run + k * positions;
      float *y = c->y + task * run + k * positions;
      for (int64_t i = 0; i < positions; i += 16) {
        int64_t n = fk_least(16, positions - i);
        store(y + i, (load(x + i, n) - mean) * scale + shift, n);
      }
    }
    if (c->mean) c->mean[task] = (float)s.mean;
    if (c->rstd) c->rstd[task] = (float)rstd;
  }
}

// A task is one group of one picture; the sums of each channel are left for group_norm_combine.
static void group_norm_backward_groups(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_row_context *c = context;
  const int64_t positions = c->positions, run = positions * c->group_channels;
  for (int64_t task = begin; task < end; task++) {
    const v16 mean = splat(c->given_mean[task]), rstd = splat(c->given_rstd[task]);
    double plain_total = 0, weighted_total = 0;
    for (int64_t k = 0; k < c->group_channels; k++) {
      const int64_t channel = task % c->groups * c->group_channels + k;
      const int64_t at = task * run + k * positions;
      double plain_sum = 0, weighted_sum = 0;
      for (int64_t start = 0; start < positions; start += RUN_CHUNK) {
        v16 plain = splat(0), weighted = splat(0);
        int64_t stop = fk_least(positions, start + RUN_CHUNK);
        for (int64_t i = start; i < stop; i += 16) {
          int64_t n = fk_least(16, stop - i);
          v16 g = load(c->dy + at + i, n), away = (load(c->x + at + i, n) - mean) * rstd;
          plain += g;
          weighted += keep(lanes_below(n), g * away);
        }
        plain_sum += sum(plain);
        weighted_sum += sum(weighted);
      }
      const double scale = c->scale ? (double)c->scale[channel] : 1;
      plain_total += scale * plain_sum;
      weighted_total += scale * weighted_sum;
      float *sums = c->sums + (task * c->group_channels + k) * 2;
      sums[0] = (float)weighted_sum;
      sums[1] = (float)plain_sum;
    }
    const v16 average = splat((float)(plain_total / (double)run));
    const v16 slope = splat((float)(weighted_total / (double)run));
    for (int64_t k = 0; k < c->group_channels; k++) {
      const int64_t channel = task % c->groups * c->group_channels + k;
      const int64_t at = task * run + k * positions;
      const v16 scale = splat(c->scale ? c->scale[channel] : 1);
      for (int64_t i = 0; i < positions; i += 16) {
        int64_t n = fk_least(16, positions - i);
        v16 away = (load(c->x + at + i, n) - mean) * rstd;
        v16 g = load(c->dy + at + i, n) * scale;
        store(c->dx + at + i, rstd * (g - average - away * slope), n);
      }
    }
  }
}

// A task is one channel.
static void group_norm_combine(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_row_context *c = context;
  for (int64_t channel = begin; channel < end; channel++) {
    double scale = 0, shift = 0;
    for (int64_t picture = 0; picture < c->batch; picture++) {
      const float *sums = c->sums + (picture * c->channels + channel) * 2;
      scale += (double)sums[0];
      shift += (double)sums[1];
    }
    if (c->dscale) c->dscale[channel] = (float)scale;
    if (c->dshift) c->dshift[channel] = (float)shift;
  }
}
