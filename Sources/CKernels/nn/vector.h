// Sixteen lanes in the compiler's own vector types. Included once per instruction set, by variant_*.c alone.

typedef float v16 __attribute__((ext_vector_type(16)));
typedef int32_t i16 __attribute__((ext_vector_type(16)));
typedef uint32_t u16 __attribute__((ext_vector_type(16)));
typedef double d16 __attribute__((ext_vector_type(16)));
typedef uint16_t h16 __attribute__((ext_vector_type(16)));

typedef struct { v16 v; } __attribute__((packed, may_alias)) v16_unaligned;
typedef struct { i16 v; } __attribute__((packed, may_alias)) i16_unaligned;
typedef struct { h16 v; } __attribute__((packed, may_alias)) h16_unaligned;

#define INLINE static inline __attribute__((always_inline, unused))

INLINE v16 splat(float x) {
  return (v16)(x);
}

INLINE i16 iota(void) {
  return (i16){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
}

INLINE i16 lanes_below(int64_t n) {
  return iota() < (i16)((int32_t)n);
}

INLINE v16 keep(i16 mask, v16 x) {
  return (v16)(mask & (i16)x);
}

// Where x replaces the maximum so far: a NaN always does and is never replaced by a number.
INLINE i16 beats(v16 x, v16 maximum) {
  return (x > maximum) | (x != x);
}

// Where a or b is NaN.
INLINE i16 unordered(v16 a, v16 b) {
#ifdef FK_WITH_AVX512
  return (i16)_mm512_movm_epi32(_mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_UNORD_Q));
#else
  return (a != a) | (b != b);
#endif
}

// NaN in either gives b.
INLINE v16 larger(v16 a, v16 b) {
  return a > b ? a : b;
}

INLINE v16 smaller(v16 a, v16 b) {
  return a < b ? a : b;
}

// The first n of 16 floats, then zeros. Reads nothing beyond them.
INLINE v16 load(const float *p, int64_t n) {
  if (n == 16) {
    return ((const v16_unaligned *)p)->v;
  }
#ifdef FK_WITH_AVX512
  return (v16)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p);
#else
  if (n == 1) {
    v16 one = splat(0);
    one[0] = *p;
    return one;
  }
  float lanes[16] = {0};
  if (n == 8) {
    memcpy(lanes, p, 32);
  } else {
    for (int64_t l = 0; l < n; l++) lanes[l] = p[l];
  }
  return ((const v16_unaligned *)lanes)->v;
#endif
}

INLINE void store(float *p, v16 x, int64_t n) {
  if (n == 16) {
    ((v16_unaligned *)p)->v = x;
    return;
  }
#ifdef FK_WITH_AVX512
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)x);
#else
  if (n == 8) {
    memcpy(p, &x, 32);
  } else {
    for (int64_t l = 0; l < n; l++) p[l] = x[l];
  }
#endif
}

// A whole vector: past the caches where `stream` is set, for which p must be aligned to 64 bytes.
INLINE void put(float *p, v16 x, int stream) {
  if (stream) {
    __builtin_nontemporal_store(x, (v16 *)(void *)p);
  } else {
    store(p, x, 16);
  }
}

INLINE void put_some(float *p, v16 x, int64_t n, int stream) {
  if (n == 16) {
    put(p, x, stream);
  } else {
    store(p, x, n);
  }
}

// What was put past the caches is seen by other threads after this.
INLINE void finish_stream(void) {
#if FK_X86
  _mm_sfence();
#endif
}

INLINE i16 load_int(const int32_t *p, int64_t n) {
  return (i16)load((const float *)(const void *)p, n);
}

INLINE void store_int(int32_t *p, i16 x, int64_t n) {
  store((float *)(void *)p, (v16)x, n);
}

INLINE v16 widen(h16 x) {
  return (v16)(__builtin_convertvector(x, u16) << 16);
}

// Round to nearest, ties to even; a NaN stays one.
INLINE h16 narrow(v16 x) {
  u16 bits = (u16)x;
  u16 rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  u16 quiet = (bits >> 16) | 0x40;
  i16 number = x == x;
  return __builtin_convertvector(number ? rounded : quiet, h16);
}

// Elements i to i + n of memory that holds f32 or bf16.
INLINE v16 load_any(const void *p, int64_t i, int64_t n, int half) {
  if (!half) {
    return load((const float *)p + i, n);
  }
  const uint16_t *source = (const uint16_t *)p + i;
  if (n == 16) {
    return widen(((const h16_unaligned *)source)->v);
  }
#ifdef FK_WITH_AVX512
  return widen((h16)_mm256_maskz_loadu_epi16((__mmask16)((1u << n) - 1), source));
#else
  uint16_t lanes[16] = {0};
  for (int64_t l = 0; l < n; l++) lanes[l] = source[l];
  return widen(((const h16_unaligned *)lanes)->v);
#endif
}

INLINE void store_any(void *p, int64_t i, v16 x, int64_t n, int half) {
  if (!half) {
    store((float *)p + i, x, n);
    return;
  }
  uint16_t *target = (uint16_t *)p + i;
  h16 lanes = narrow(x);
  if (n == 16) {
    ((h16_unaligned *)target)->v = lanes;
    return;
  }
#ifdef FK_WITH_AVX512
  _mm256_mask_storeu_epi16(target, (__mmask16)((1u << n) - 1), (__m256i)lanes);
#else
  for (int64_t l = 0; l < n; l++) target[l] = lanes[l];
#endif
}

INLINE float load_one(const void *p, int64_t i, int half) {
  if (!half) {
    return ((const float *)p)[i];
  }
  uint32_t bits = (uint32_t)((const uint16_t *)p)[i] << 16;
  float x;
  memcpy(&x, &bits, 4);
  return x;
}

INLINE void store_one(void *p, int64_t i, float x, int half) {
  if (!half) {
    ((float *)p)[i] = x;
    return;
  }
  uint32_t bits;
  memcpy(&bits, &x, 4);
  ((uint16_t *)p)[i] = (uint16_t)(
    x == x ? (bits + 0x7fff + ((bits >> 16) & 1)) >> 16 : (bits >> 16) | 0x40);
}

typedef double d8 __attribute__((ext_vector_type(8)));
typedef double d4 __attribute__((ext_vector_type(4)));

// The sum of the lanes, in an order that is always the same.
INLINE double sum(v16 x) {
  d16 wide = __builtin_convertvector(x, d16);
  d8 eight = wide.lo + wide.hi;
  d4 four = eight.lo + eight.hi;
  return (four[0] + four[2]) + (four[1] + four[3]);
}

INLINE float largest(v16 x) {
  float result = x[0];
  for (int l = 1; l < 16; l++) result = x[l] > result || x[l] != x[l] ? x[l] : result;
  return result;
}

INLINE int any(i16 mask) {
  return __builtin_reduce_or(mask) != 0;
}
