#include "cp_png.h"
#include "png_jump.h"

#include <stdlib.h>
#include <string.h>

struct output {
  uint8_t *bytes;
  size_t count;
  size_t room;
};

static void take(png_structp png, png_bytep source, size_t count) {
  struct output *output = png_get_io_ptr(png);
  if (output->room - output->count < count) {
    size_t room = 2 * (output->count + count);
    uint8_t *bytes = realloc(output->bytes, room);
    if (!bytes) png_error(png, "there is no memory for the file");
    output->bytes = bytes;
    output->room = room;
  }
  memcpy(output->bytes + output->count, source, count);
  output->count += count;
}

static void keep(png_structp png) { (void)png; }

int cp_png_write(const uint8_t *pixels, uint32_t width, uint32_t height, int channels,
                 uint8_t **bytes, size_t *count, char *reason) {
  // Static storage would not be safe for two threads, and an automatic variable not after a jump.
  struct output *output = calloc(1, sizeof *output);
  struct jump jump = {.reason = reason};
  reason[0] = 0;
  *bytes = NULL;
  *count = 0;
  if (!output) return cp_png_say(&jump, "there is no memory for libpng");
  png_structp png =
      png_create_write_struct(PNG_LIBPNG_VER_STRING, &jump, cp_png_fail, cp_png_ignore);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    png_destroy_write_struct(&png, NULL);
    free(output);
    return cp_png_say(&jump, "there is no memory for libpng");
  }
  if (setjmp(jump.back)) {
    png_destroy_write_struct(&png, &info);
    free(output->bytes);
    free(output);
    return -1;
  }
  png_set_write_fn(png, output, take, keep);
  png_set_IHDR(png, info, width, height, 8, channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  for (uint32_t row = 0; row < height; row++) {
    png_write_row(png, pixels + (size_t)row * width * (size_t)channels);
  }
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  *bytes = output->bytes;
  *count = output->count;
  free(output);
  return 0;
}

void cp_png_free(uint8_t *bytes) { free(bytes); }
