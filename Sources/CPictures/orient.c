#include "cp_orient.h"

enum { TILE = 32 };

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

void cp_orient(const uint8_t *source, int64_t width, int64_t height, int channels, int orientation,
               uint8_t *target) {
  int is_transposed = orientation >= 5;
  // Whether the axes of the target, taken in the source, run backwards.
  int flips_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  int flips_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  int64_t target_width = is_transposed ? height : width;
  // In tiles, so that both the lines read and the lines written stay in the cache.
  for (int64_t top = 0; top < height; top += TILE) {
    for (int64_t left = 0; left < width; left += TILE) {
      for (int64_t y = top; y < smaller(top + TILE, height); y++) {
        for (int64_t x = left; x < smaller(left + TILE, width); x++) {
          int64_t column = flips_x ? width - 1 - x : x;
          int64_t row = flips_y ? height - 1 - y : y;
          int64_t place = is_transposed ? column * target_width + row : row * target_width + column;
          const uint8_t *from = source + (y * width + x) * channels;
          uint8_t *to = target + place * channels;
          to[0] = from[0];
          if (channels == 3) {
            to[1] = from[1];
            to[2] = from[2];
          }
        }
      }
    }
  }
}
