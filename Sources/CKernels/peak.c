// Multiply-adds in registers: the speed no kernel can exceed by being better written.
#include "fk_peak.h"

#include "isa.h"

// Enough independent sums to hide the latency of two units.
enum { SUMS = 20, STEPS = 50 };

// The sums are written out: an array of them might be kept in memory.
#define FK_EACH(DO) \
  DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) \
  DO(10) DO(11) DO(12) DO(13) DO(14) DO(15) DO(16) DO(17) DO(18) DO(19)
#define FK_START(i) vector s##i = zero + (float)i;
#define FK_STEP(i) s##i = s##i * factor + summand;
#define FK_PIN(i) __asm__ volatile("" : "+x"(s##i));
#define FK_TOTAL(i) total += s##i;

#define FK_FMA_BODY(NAME, LANES)                                          \
  static float NAME(int64_t rounds) {                                     \
    typedef float vector __attribute__((vector_size(LANES * 4)));         \
    vector zero = {0};                                                    \
    vector factor = zero + 0.5f, summand = zero + 0.25f;                  \
    FK_EACH(FK_START)                                                     \
    for (int64_t i = 0; i < rounds * STEPS; i++) {                        \
      FK_EACH(FK_STEP)                                                    \
      FK_EACH(FK_PIN)                                                     \
    }                                                                     \
    vector total = zero;                                                  \
    FK_EACH(FK_TOTAL)                                                     \
    return total[0];                                                      \
  }

#if FK_X86
#pragma clang fp contract(fast)
#pragma clang attribute push(FK_TARGET_AVX512, apply_to = function)
#undef FK_PIN
#define FK_PIN(i) __asm__ volatile("" : "+v"(s##i));
FK_FMA_BODY(run_avx512, 16)
#pragma clang attribute pop
#undef FK_PIN
#define FK_PIN(i) __asm__ volatile("" : "+x"(s##i));
#pragma clang attribute push(FK_TARGET_AVX2, apply_to = function)
FK_FMA_BODY(run_avx2, 8)
#pragma clang attribute pop

// Each instruction adds two products to each of 16 sums.
#pragma clang attribute push(FK_TARGET_BF16, apply_to = function)
static float run_bf16(int64_t rounds) {
  __m512bh factor = (__m512bh)_mm512_set1_epi16(0x3f00);
  __m512 sums[SUMS];
  for (int i = 0; i < SUMS; i++) sums[i] = _mm512_set1_ps((float)i);
  for (int64_t round = 0; round < rounds * STEPS; round++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < SUMS; i++) {
      sums[i] = _mm512_dpbf16_ps(sums[i], factor, factor);
      __asm__ volatile("" : "+v"(sums[i]));
    }
  }
  __m512 total = sums[0];
  for (int i = 1; i < SUMS; i++) total = _mm512_add_ps(total, sums[i]);
  return total[0];
}
#pragma clang attribute pop
#elif defined(__aarch64__)
#pragma clang fp contract(fast)
#undef FK_PIN
#define FK_PIN(i) __asm__ volatile("" : "+w"(s##i));
#endif

FK_FMA_BODY(run_portable, 4)

struct job {
  int64_t rounds;
  fk_isa isa;
  int is_bf16;
  volatile float sink;
};

static void body(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  struct job *job = context;
  for (int64_t i = begin; i < end; i++) {
#if FK_X86
    if (job->is_bf16) {
      job->sink = run_bf16(job->rounds);
      continue;
    }
#endif
    switch (job->isa) {
#if FK_X86
    case FK_ISA_AVX512:
      job->sink = run_avx512(job->rounds);
      break;
    case FK_ISA_AVX2:
      job->sink = run_avx2(job->rounds);
      break;
#endif
    default:
      job->sink = run_portable(job->rounds);
    }
  }
}

double fk_fma_run(int64_t rounds) {
  struct job job = {.rounds = rounds, .isa = fk_active_isa()};
  int threads = fk_threads();
  fk_parallel(threads, body, &job);
  int lanes = job.isa == FK_ISA_AVX512 ? 16 : job.isa == FK_ISA_AVX2 ? 8 : 4;
  return 2.0 * SUMS * STEPS * lanes * (double)rounds * threads;
}

double fk_bf16_run(int64_t rounds) {
#if FK_X86
  struct job job = {.rounds = rounds, .isa = fk_active_isa(), .is_bf16 = 1};
  if (job.isa != FK_ISA_AVX512 || !fk_cpu_has_bf16()) return 0;
  int threads = fk_threads();
  fk_parallel(threads, body, &job);
  return 4.0 * SUMS * STEPS * 16 * (double)rounds * threads;
#else
  (void)rounds;
  return 0;
#endif
}
