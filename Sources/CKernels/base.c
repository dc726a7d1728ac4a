// Types, the processor, memory.
#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE 1  // posix_memalign, madvise and sysconf under -std=c11
#endif
#include "fk_base.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif
#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#endif

int64_t fk_type_size(fk_type type) {
  static const int8_t sizes[FK_TYPE_COUNT] = {4, 8, 2, 2, 1, 1, 4, 8, 1};
  return (unsigned)type < FK_TYPE_COUNT ? sizes[type] : 0;
}

// The best variant that may be used plus one; 0 until it is first asked for.
static atomic_int isa_limit;

fk_isa fk_isa_limit(void) {
  int known = atomic_load_explicit(&isa_limit, memory_order_relaxed);
  if (known == 0) {
    const char *text = getenv("FOVEA_INSTRUCTIONS");
    int limit = FK_ISA_AVX512;
    if (text != NULL && strcmp(text, "avx2") == 0) limit = FK_ISA_AVX2;
    if (text != NULL && strcmp(text, "portable") == 0) limit = FK_ISA_PORTABLE;
    known = limit + 1;
    atomic_store_explicit(&isa_limit, known, memory_order_relaxed);
  }
  return (fk_isa)(known - 1);
}

static int runs(int isa) {
  if (isa > (int)fk_isa_limit()) return 0;
  switch (isa) {
  case FK_ISA_PORTABLE:
    return 1;
#if defined(__x86_64__)
  case FK_ISA_AVX2:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
           && __builtin_cpu_supports("f16c");
  case FK_ISA_AVX512:
    return runs(FK_ISA_AVX2) && fk_cpu_has_avx512();
#endif
  default:
    return 0;
  }
}

// The best variant plus one; 0 until it is first asked for.
static atomic_int best_isa;
// What this thread was told to use plus one; 0 for the best. Kernels choose on the thread that
// calls them, so tests of variants may run side by side.
static _Thread_local int forced_isa;

fk_isa fk_active_isa(void) {
  if (forced_isa != 0) return (fk_isa)(forced_isa - 1);
  int known = atomic_load_explicit(&best_isa, memory_order_relaxed);
  if (known == 0) {
    int best = FK_ISA_AVX512;
    while (!runs(best)) best--;
    known = best + 1;
    atomic_store_explicit(&best_isa, known, memory_order_relaxed);
  }
  return (fk_isa)(known - 1);
}

int fk_force_isa(int isa) {
  if (isa != -1 && !runs(isa)) return 0;
  forced_isa = isa + 1;
  return 1;
}

int fk_cpu_has_avx512(void) {
#if defined(__x86_64__)
  return fk_isa_limit() == FK_ISA_AVX512 && __builtin_cpu_supports("avx512f")
         && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
         && __builtin_cpu_supports("avx512dq");
#else
  return 0;
#endif
}

int fk_cpu_has_bf16(void) {
#if defined(__x86_64__)
  return fk_cpu_has_avx512() && __builtin_cpu_supports("avx512bf16");
#elif defined(__APPLE__)
  int has = 0;
  size_t size = sizeof has;
  return sysctlbyname("hw.optional.arm.FEAT_BF16", &has, &size, NULL, 0) == 0 && has;
#else
  return 0;
#endif
}

int fk_cpu_has_byte_products(void) {
#if defined(__x86_64__)
  return fk_cpu_has_avx512() && __builtin_cpu_supports("avx512vnni");
#else
  return 0;
#endif
}

int fk_cpu_name(char *name, size_t size) {
  char text[128] = "unknown processor";
#if defined(__x86_64__)
  unsigned words[12];
  unsigned highest = __get_cpuid_max(0x80000000u, NULL);
  if (highest >= 0x80000004u) {
    for (unsigned i = 0; i < 3; i++)
      __get_cpuid(0x80000002u + i, &words[4 * i], &words[4 * i + 1], &words[4 * i + 2],
                  &words[4 * i + 3]);
    memcpy(text, words, sizeof words);
    text[sizeof words] = 0;
  }
#elif defined(__APPLE__)
  size_t length = sizeof text - 1;
  sysctlbyname("machdep.cpu.brand_string", text, &length, NULL, 0);
#elif defined(__aarch64__)
  strcpy(text, "arm64");
#endif
  // The name is padded with blanks in the processor itself.
  const char *begin = text;
  while (*begin == ' ') begin++;
  size_t length = strlen(begin);
  while (length > 0 && begin[length - 1] == ' ') length--;
  if (size > 0) {
    size_t kept = length < size - 1 ? length : size - 1;
    memcpy(name, begin, kept);
    name[kept] = 0;
  }
  return (int)length;
}

#if defined(__linux__)
static int64_t cache_bytes(int name, int64_t otherwise) {
  long bytes = sysconf(name);
  return bytes > 0 ? bytes : otherwise;
}
#elif defined(__APPLE__)
static int64_t cache_bytes(const char *name, int64_t otherwise) {
  int64_t bytes = 0;
  size_t size = sizeof bytes;
  return sysctlbyname(name, &bytes, &size, NULL, 0) == 0 && bytes > 0 ? bytes : otherwise;
}
#endif

#if defined(__x86_64__)
// The C library adds up the caches of all core complexes of some processors; the processor itself
// describes the one this core sees. 0 when it does not.
static int64_t described_cache_bytes(unsigned level) {
  unsigned a, b, c, d;
  for (int leaf = 0; leaf < 2; leaf++) {
    unsigned name = leaf == 0 ? 4u : 0x8000001du;
    if (__get_cpuid_max(name & 0x80000000u, NULL) < name) continue;
    for (unsigned index = 0; index < 16; index++) {
      __cpuid_count(name, index, a, b, c, d);
      if ((a & 31) == 0) break;
      // Instructions have a kind of their own, 2.
      if ((a >> 5 & 7) != level || (a & 31) == 2) continue;
      int64_t ways = (b >> 22) + 1, partitions = (b >> 12 & 1023) + 1, line = (b & 4095) + 1;
      return ways * partitions * line * ((int64_t)c + 1);
    }
  }
  return 0;
}
#else
static int64_t described_cache_bytes(unsigned level) {
  (void)level;
  return 0;
}
#endif

int64_t fk_cpu_level2_bytes(void) {
  int64_t described = described_cache_bytes(2);
  if (described > 0) return described;

#if defined(_SC_LEVEL2_CACHE_SIZE)
  return cache_bytes(_SC_LEVEL2_CACHE_SIZE, 1 << 20);
#elif defined(__APPLE__)
  return cache_bytes("hw.l2cachesize", 4 << 20);
#else
  return 1 << 20;
#endif
}

int64_t fk_cpu_level3_bytes(void) {
  int64_t described = described_cache_bytes(3);
  if (described > 0) return described;
#if defined(_SC_LEVEL3_CACHE_SIZE)
  return cache_bytes(_SC_LEVEL3_CACHE_SIZE, 8 << 20);
#elif defined(__APPLE__)
  return cache_bytes("hw.l3cachesize", 8 << 20);
#else
  return 8 << 20;
#endif
}

enum { HUGE_PAGE = 2 << 20 };

void *fk_allocate(int64_t size) {
  if (size < 0 || size > INT64_MAX / 2 || (uint64_t)size > SIZE_MAX / 2) return NULL;
  int huge = size >= 2 * HUGE_PAGE;
  size_t alignment = huge ? HUGE_PAGE : 64;
  size_t rounded = ((size_t)size + alignment - 1) / alignment * alignment;
  void *memory = NULL;
  if (posix_memalign(&memory, alignment, rounded > 0 ? rounded : alignment) != 0) return NULL;
#if defined(MADV_HUGEPAGE)
  // Advice only: a kernel that does not take it still gives working memory.
  if (huge) (void)madvise(memory, rounded, MADV_HUGEPAGE);
#endif
  return memory;
}

void fk_free(void *memory) { free(memory); }
