// Fills of random numbers.
#include "fk_random.h"

#include "tables.h"

// Elements of a task; a multiple of the four of a counter.
enum { PIECE = 4096 };

struct fill {
  const struct fk_random_table *table;
  enum fk_random_kind kind;
  fk_philox state;
  float p;
  float *to;
  uint8_t *to_bool;
  int64_t n;
};

static void fill_pieces(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const struct fill *fill = context;
  for (int64_t piece = begin; piece < end; piece++) {
    int64_t first = piece * PIECE;
    int64_t n = fill->n - first < PIECE ? fill->n - first : PIECE;
    uint64_t block = (uint64_t)first / 4;
    if (fill->to_bool == NULL) {
      fill->table->fill[fill->kind](&fill->state, block, fill->p, fill->to + first, n);
      continue;
    }
    float buffer[PIECE];
    fill->table->fill[fill->kind](&fill->state, block, fill->p, buffer, n);
    for (int64_t i = 0; i < n; i++) fill->to_bool[first + i] = buffer[i] != 0;
  }
}

static fk_status run(enum fk_random_kind kind, const fk_philox *state, float p, float *to,
                     uint8_t *to_bool, int64_t n) {
  if (state == NULL || n < 0) return FK_BAD_ARGUMENT;
  if (n == 0) return FK_OK;
  if (to == NULL && to_bool == NULL) return FK_BAD_ARGUMENT;
  struct fill fill = {FK_SELECT(fk_random_table), kind, *state, p, to, to_bool, n};
  fk_parallel_grain(n / PIECE + (n % PIECE != 0), fk_grain(PIECE * 0.6), fill_pieces, &fill);
  return FK_OK;
}

void fk_philox_block(const fk_philox *state, uint32_t words[4]) {
  fk_random_words(state, words, 4);
}

fk_philox fk_philox_advanced(fk_philox state, uint64_t blocks) {
  uint64_t low = state.counter[0] | (uint64_t)state.counter[1] << 32;
  uint64_t high = state.counter[2] | (uint64_t)state.counter[3] << 32;
  uint64_t sum = low + blocks;
  high += sum < low;
  state.counter[0] = (uint32_t)sum;
  state.counter[1] = (uint32_t)(sum >> 32);
  state.counter[2] = (uint32_t)high;
  state.counter[3] = (uint32_t)(high >> 32);
  return state;
}

fk_status fk_random_words(const fk_philox *state, uint32_t *to, int64_t n) {
  return run(FK_RANDOM_WORDS, state, 0, (float *)to, NULL, n);
}

fk_status fk_random_uniform(const fk_philox *state, float *to, int64_t n) {
  return run(FK_RANDOM_UNIFORM, state, 0, to, NULL, n);
}

fk_status fk_random_normal(const fk_philox *state, float *to, int64_t n) {
  return run(FK_RANDOM_NORMAL, state, 0, to, NULL, n);
}

fk_status fk_random_bernoulli(const fk_philox *state, float p, float *to, int64_t n) {
  return run(FK_RANDOM_BERNOULLI, state, p, to, NULL, n);
}

fk_status fk_random_bernoulli_bool(const fk_philox *state, float p, uint8_t *to, int64_t n) {
  return run(FK_RANDOM_BERNOULLI, state, p, NULL, to, n);
}
