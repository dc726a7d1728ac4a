INLINE float weight_at(const void *weights, int64_t index, int half) {
  return half ? fk_bf16_to_float(((const uint16_t *)weights)[index])
              : ((const float *)weights)[index];
}

// A block of weights, LANES input by LANES output channels: [tap][input][output], from wherever
// they lie.
static void gather_weights(
  const fk_winograd_filter_context *c, int64_t out_block, int64_t in_block, float *to) {
  enum { TAPS = 9 };
  const fk_winograd *v = &c->conv;
  const void *w = c->filter.weights;
  int half = v->half != 0, adjoint = c->filter.is_adjoint;
  // The filter's own output and input channels.
  int64_t outer = adjoint ? in_block : out_block, inner = adjoint ? out_block : in_block;
  int64_t outer_count = adjoint ? v->in : v->out, inner_count = adjoint ? v->out : v->in;
  if (c->filter.is_blocked) {
    int64_t inner_blocks = (inner_count + LANES - 1) / LANES;
    int64_t block = (outer * inner_blocks + inner) * TAPS * LANES * LANES;
    if (!adjoint) {
      for (int64_t i = 0; i < TAPS * LANES; i++)
        put(to + i * LANES, pixel_at(w, block / LANES + i, half));
      return;
    }
    for (int64_t tap = 0; tap < TAPS; tap++)
      for (int64_t i = 0; i < LANES; i++)
        for (int64_t o = 0; o < LANES; o++)
          to[((TAPS - 1 - tap) * LANES + o) * LANES + i] =
            weight_at(w, block + (tap * LANES + i) * LANES + o, half);
    return;
  }
  memset(to, 0, TAPS * LANES * LANES * sizeof(float));
  for (int64_t o = 0; o < LANES && outer * LANES + o < outer_count; o++)
    for (int64_t i = 0; i < LANES && inner * LANES + i < inner_count; i++) {
      int64_t from = ((outer * LANES + o) * inner_count + inner * LANES + i) * TAPS;
      for (int64_t tap = 0; tap < TAPS; tap++) {
        int64_t turned = ((TAPS - 1 - tap) * LANES + o) * LANES + i;
        to[adjoint ? turned : (tap * LANES + i) * LANES + o] = weight_at(w, from + tap, half);
      }
    }
}

// Transforms one block each: to [output channels / 2 lanes][point][input channel][2 lanes].
static void transform_tasks(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const fk_winograd_filter_context *c = context;
  const fk_winograd_cut *cut = &c->cut;
  vec block[9 * LANES];
  for (int64_t index = begin; index < end; index++) {
    int64_t out_block = index / cut->in_blocks, in_block = index % cut->in_blocks;
    gather_weights(c, out_block, in_block, (float *)block);
    int64_t pair = out_block / 2;
    int64_t width = 2 * pair + 2 <= cut->out_blocks ? 2 : 1;
    int64_t inputs = cut->in_blocks * LANES;
    float *to = c->transformed + pair * FK_POINTS * 2 * inputs * LANES
                + (in_block * LANES * width + out_block % 2) * LANES;
    for (int64_t k = 0; k < LANES; k++) {
      vec half[3][FK_PATCH];
      UNROLL for (int j = 0; j < 3; j++) {
        vec g[3];
        UNROLL for (int i = 0; i < 3; i++) g[i] = block[(i * 3 + j) * LANES + k];
        weights_at(g, half[j]);
      }
      UNROLL for (int i = 0; i < FK_PATCH; i++) {
        vec g[3] = {half[0][i], half[1][i], half[2][i]}, u[FK_PATCH];
        weights_at(g, u);
        UNROLL for (int j = 0; j < FK_PATCH; j++)
          put(to + ((i * FK_PATCH + j) * inputs + k) * width * LANES, u[j]);
      }
    }
  }
}
