#include "cp_orient.h"

// A tile of the target: its lines are written whole, and those read stay in the cache.
enum { TILE_ROWS = 16, TILE_COLUMNS = 64 };

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

static void copy_line(const uint8_t *source, int64_t step, int64_t count, int channels,
                      uint8_t *target) {
  for (int64_t pixel = 0; pixel < count; pixel++, source += step, target += channels) {
    target[0] = source[0];
    if (channels == 3) {
      target[1] = source[1];
      target[2] = source[2];
    }
  }
}

void cp_orient(const uint8_t *source, int64_t width, int64_t height, int channels, int orientation,
               uint8_t *target) {
  int is_transposed = orientation >= 5;
  // Whether the axes of the source are walked backwards.
  int flips_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  int flips_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  int64_t along_x = flips_x ? -channels : channels;
  int64_t along_y = (flips_y ? -width : width) * channels;
  const uint8_t *first =
      source + ((flips_y ? height - 1 : 0) * width + (flips_x ? width - 1 : 0)) * channels;
  // What one step to the right and one step down in the target are in the source.
  int64_t right = is_transposed ? along_y : along_x;
  int64_t down = is_transposed ? along_x : along_y;
  int64_t columns = is_transposed ? height : width;
  int64_t rows = is_transposed ? width : height;
  for (int64_t top = 0; top < rows; top += TILE_ROWS) {
    for (int64_t left = 0; left < columns; left += TILE_COLUMNS) {
      int64_t count = smaller(TILE_COLUMNS, columns - left);
      for (int64_t row = top; row < smaller(top + TILE_ROWS, rows); row++) {
        copy_line(first + row * down + left * right, right, count, channels,
                  target + (row * columns + left) * channels);
      }
    }
  }
}
