// Single elements to and from float and double; the bulk versions agree with them bit for bit.
#ifndef FK_CONVERT_H
#define FK_CONVERT_H

#include "fk_base.h"

#include <math.h>
#include <string.h>

static inline uint32_t fk_float_bits(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static inline float fk_bits_float(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

static inline float fk_bf16_to_float(uint16_t half) { return fk_bits_float((uint32_t)half << 16); }

static inline uint16_t fk_float_to_bf16(float x) {
  uint32_t bits = fk_float_bits(x);
  uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1)) >> 16;
  return (uint16_t)(x != x ? (bits >> 16) | 0x40 : rounded);
}

static inline float fk_f16_to_float(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16;
  uint32_t rest = half & 0x7fff;
  // Exponent and mantissa shifted into place; the multiplication mends the bias, also for
  // subnormals.
  float scaled = fk_bits_float(rest << 13) * 0x1p112f;
  uint32_t bits = fk_float_bits(scaled);
  uint32_t special = 0x7f800000u | (rest & 0x3ff) << 13 | (rest > 0x7c00 ? 0x400000u : 0);
  return fk_bits_float(sign | (rest >= 0x7c00 ? special : bits));
}

static inline uint16_t fk_float_to_f16(float x) {
  uint32_t bits = fk_float_bits(x);
  uint32_t sign = bits >> 16 & 0x8000;
  uint32_t rest = bits & 0x7fffffff;
  // Subnormal results: adding 0.5 leaves the rounded mantissa in the lowest bits.
  uint32_t tiny = fk_float_bits(fk_bits_float(rest) + 0.5f) - 0x3f000000u;
  uint32_t normal = (rest - 0x38000000u + 0xfff + (rest >> 13 & 1)) >> 13;
  uint32_t half = rest < 0x38800000u ? tiny : normal;
  half = rest >= 0x477ff000u ? 0x7c00 : half;
  half = rest > 0x7f800000u ? 0x7e00 | (rest >> 13 & 0x1ff) : half;
  return (uint16_t)(sign | half);
}

// The float whose further rounding to a shorter type rounds x itself: cut, with the last bit set
// when anything was lost.
static inline float fk_double_to_odd_float(double x) {
  float y = (float)x;
  if (x != x || (double)y == x || isinf(x)) return y;
  uint32_t bits = fk_float_bits(y);
  if (fabs((double)y) > fabs(x)) bits--;
  return fk_bits_float(bits | 1);
}

static inline int64_t fk_double_to_integer(double x, int64_t low, int64_t high) {
  if (x != x) return 0;
  if (x <= (double)low) return low;
  if (x >= (double)high) return high;
  return (int64_t)x;
}

// Moves n elements of 1, 2, 4 or 8 bytes between strides (in elements).
void fk_move(
  int64_t size, void *to, int64_t to_stride, const void *from, int64_t from_stride, int64_t n);

double fk_element_to_double(fk_type type, const void *element);
void fk_element_from_double(fk_type type, void *element, double x);

#endif
