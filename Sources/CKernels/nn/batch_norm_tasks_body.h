// Batch normalisation: how the work is handed out. Either a task is a column and does everything, so that
// its second pass meets what the caches still hold; or, for columns that are too few or interleaved in
// memory, sums, factors and results are three rounds, the first and last over chunks. The last goes backwards: it
// begins with what the first read last, which the caches still hold.

static void batch_norm_columns(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_column_context *c = context;
  const int64_t chunks = column_chunks(&c->view);
  for (int64_t column = c->first + begin; column < c->first + end; column++) {
    if (c->backward) {
      prepare_column(c, column);
      for (int64_t i = 0; i < chunks; i++) column_gradient(c, column, i, 0);
      prepare_gradient(c, column);
      for (int64_t i = 0; i < chunks; i++) column_gradient(c, column, i, 1);
      continue;
    }
    for (int64_t i = 0; i < chunks; i++) column_moments(c, column, i);
    prepare_column(c, column);
    for (int64_t i = 0; i < chunks; i++) normalise_column(c, column, i);
  }
  if (c->stream) finish_stream();
}

// Round over chunks: task after task, or a group of interleaved columns at a time.
INLINE void sum_chunk(const fk_column_context *c, int64_t task) {
  const int64_t chunks = column_chunks(&c->view), index = task % chunks;
  const int64_t column = c->first + task / chunks;
  if (!c->view.flat) {
    if (c->backward) {
      row_gradients(c, task / chunks, index, 0);
    } else {
      row_moments(c, task / chunks, index);
    }
  } else if (c->backward) {
    column_gradient(c, column, index, 0);
  } else {
    column_moments(c, column, index);
  }
}

INLINE void write_chunk(const fk_column_context *c, int64_t task) {
  const int64_t chunks = column_chunks(&c->view), index = task % chunks;
  const int64_t column = c->first + task / chunks;
  if (!c->view.flat) {
    if (c->backward) {
      row_gradients(c, task / chunks, index, 1);
    } else {
      normalise_rows(c, task / chunks, index);
    }
  } else if (c->backward) {
    column_gradient(c, column, index, 1);
  } else {
    normalise_column(c, column, index);
  }
}

static void batch_norm_sums(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  for (int64_t task = begin; task < end; task++) sum_chunk(context, task);
}

static void batch_norm_prepare(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_column_context *c = context;
  for (int64_t column = c->first + begin; column < c->first + end; column++) {
    prepare_column(c, column);
  }
}

static void batch_norm_prepare_gradient(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_column_context *c = context;
  for (int64_t column = c->first + begin; column < c->first + end; column++) {
    prepare_gradient(c, column);
  }
}

static void batch_norm_write(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_column_context *c = context;
  for (int64_t task = end; task-- > begin;) write_chunk(c, task);
  if (c->stream) finish_stream();
}
