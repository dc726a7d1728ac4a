#include "cp_resample.h"

#include <stddef.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// Weights have 22 binary places; a half is added before they are cut off.
enum { PLACES = 22, HALF = 1 << (PLACES - 1) };

static uint8_t settled(int32_t sum) {
  int32_t value = sum >> PLACES;
  return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

static void color_pixel(const uint8_t *source, const int32_t *weights, int32_t count,
                        uint8_t *target) {
  int32_t red = HALF, green = HALF, blue = HALF;
  for (int32_t tap = 0; tap < count; tap++) {
    red += source[3 * tap] * weights[tap];
    green += source[3 * tap + 1] * weights[tap];
    blue += source[3 * tap + 2] * weights[tap];
  }
  target[0] = settled(red);
  target[1] = settled(green);
  target[2] = settled(blue);
}

#if defined(__SSE2__)
// Two taps at a time. A weight is 2048 * upper + lower, both of which multiply in 16 bits; the sums
// are integers, so that the result is that of `color_pixel` to the bit. Reads two bytes beyond the
// last pair of taps.
static void color_pixel_pairs(const uint8_t *source, const int32_t *weights, int32_t count,
                              uint8_t *target) {
  const __m128i zero = _mm_setzero_si128();
  __m128i upper = zero, lower = zero;
  int32_t tap = 0;
  for (; tap + 2 <= count; tap += 2) {
    int32_t first, second;
    memcpy(&first, source + 3 * tap, 4);
    memcpy(&second, source + 3 * tap + 3, 4);
    __m128i both = _mm_unpacklo_epi8(_mm_cvtsi32_si128(first), _mm_cvtsi32_si128(second));
    __m128i wide = _mm_unpacklo_epi8(both, zero);
    int32_t a = weights[tap], b = weights[tap + 1];
    __m128i high = _mm_set1_epi32((a >> 11) | (b >> 11) << 16);
    __m128i low = _mm_set1_epi32((a & 2047) | (b & 2047) << 16);
    upper = _mm_add_epi32(upper, _mm_madd_epi16(wide, high));
    lower = _mm_add_epi32(lower, _mm_madd_epi16(wide, low));
  }
  int32_t sums[4];
  __m128i sum = _mm_add_epi32(_mm_slli_epi32(upper, 11), lower);
  _mm_storeu_si128((__m128i *)sums, _mm_add_epi32(sum, _mm_set1_epi32(HALF)));
  if (tap < count) {
    for (int channel = 0; channel < 3; channel++) {
      sums[channel] += source[3 * tap + channel] * weights[tap];
    }
  }
  for (int channel = 0; channel < 3; channel++) target[channel] = settled(sums[channel]);
}
#endif

static void color_row(const uint8_t *row, const uint8_t *end, const cp_taps *taps,
                      uint8_t *target) {
  for (int64_t output = 0; output < taps->outputs; output++) {
    const uint8_t *source = row + 3 * (int64_t)taps->first[output];
    const int32_t *weights = taps->weights + output * taps->stride;
    int32_t count = taps->count[output];
#if defined(__SSE2__)
    if (end - source >= 3 * (int64_t)count + 2) {
      color_pixel_pairs(source, weights, count, target + 3 * output);
      continue;
    }
#else
    (void)end;
#endif
    color_pixel(source, weights, count, target + 3 * output);
  }
}

static void gray_row(const uint8_t *row, const cp_taps *taps, uint8_t *target) {
  for (int64_t output = 0; output < taps->outputs; output++) {
    const uint8_t *source = row + taps->first[output];
    const int32_t *weights = taps->weights + output * taps->stride;
    int32_t sum = HALF;
    for (int32_t tap = 0; tap < taps->count[output]; tap++) sum += source[tap] * weights[tap];
    target[output] = settled(sum);
  }
}

void cp_resample_rows(const uint8_t *source, int64_t source_width, int64_t rows, int channels,
                      const cp_taps *taps, uint8_t *target) {
  const uint8_t *end = source + source_width * rows * channels;
  for (int64_t row = 0; row < rows; row++) {
    const uint8_t *from = source + row * source_width * channels;
    uint8_t *to = target + row * taps->outputs * channels;
    if (channels == 3) {
      color_row(from, end, taps, to);
    } else {
      gray_row(from, taps, to);
    }
  }
}

void cp_resample_columns(const uint8_t *source, int64_t row_bytes, int64_t origin,
                         const cp_taps *taps, uint8_t *target) {
  enum { BLOCK = 64 };
  for (int64_t output = 0; output < taps->outputs; output++) {
    const uint8_t *from = source + (taps->first[output] - origin) * row_bytes;
    const int32_t *weights = taps->weights + output * taps->stride;
    for (int64_t begin = 0; begin < row_bytes; begin += BLOCK) {
      int64_t size = row_bytes - begin < BLOCK ? row_bytes - begin : BLOCK;
      int32_t sums[BLOCK];
      for (int64_t byte = 0; byte < size; byte++) sums[byte] = HALF;
      for (int32_t tap = 0; tap < taps->count[output]; tap++) {
        const uint8_t *line = from + tap * row_bytes + begin;
        for (int64_t byte = 0; byte < size; byte++) sums[byte] += line[byte] * weights[tap];
      }
      for (int64_t byte = 0; byte < size; byte++) {
        target[output * row_bytes + begin + byte] = settled(sums[byte]);
      }
    }
  }
}
