// Reading and writing as fast as memory goes: what no kernel can exceed that has to fetch its
// operands.
#include "fk_peak.h"

#include "isa.h"

// Something is added, or compilers would call a copy of the C library, which goes around the
// caches where kernels do not.
#define FK_STREAM_BODY(NAME, LANES)                                              \
  static void NAME(float *to, const float *from, int64_t begin, int64_t end) {   \
    typedef float vector __attribute__((vector_size(LANES * 4), aligned(4)));    \
    int64_t i = begin;                                                           \
    for (; i + 4 * LANES <= end; i += 4 * LANES) {                               \
      for (int part = 0; part < 4; part++) {                                     \
        int64_t place = i + part * LANES;                                        \
        *(vector *)(to + place) = *(const vector *)(from + place) + 1.0f;        \
      }                                                                          \
    }                                                                            \
    for (; i < end; i++) to[i] = from[i] + 1.0f;                                 \
  }

#if FK_X86
#pragma clang attribute push(FK_TARGET_AVX512, apply_to = function)
FK_STREAM_BODY(stream_avx512, 16)
#pragma clang attribute pop
#pragma clang attribute push(FK_TARGET_AVX2, apply_to = function)
FK_STREAM_BODY(stream_avx2, 8)
#pragma clang attribute pop
#endif
FK_STREAM_BODY(stream_portable, 4)

struct job {
  float *to;
  const float *from;
  int64_t rounds;
  void (*stream)(float *, const float *, int64_t, int64_t);
};

static void body(void *context, int64_t begin, int64_t end, int thread) {
  (void)thread;
  const struct job *job = context;
  for (int64_t round = 0; round < job->rounds; round++)
    job->stream(job->to, job->from, begin, end);
}

double fk_stream_run(float *to, const float *from, int64_t count, int64_t rounds) {
  if (count <= 0 || rounds <= 0) return 0;
  struct job job = {to, from, rounds, stream_portable};
#if FK_X86
  fk_isa isa = fk_active_isa();
  if (isa == FK_ISA_AVX512) job.stream = stream_avx512;
  if (isa == FK_ISA_AVX2) job.stream = stream_avx2;
#endif
  fk_parallel(count, body, &job);
  return 2.0 * sizeof(float) * (double)count * (double)rounds;
}
