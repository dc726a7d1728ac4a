#include "cp_png.h"
#include "png_jump.h"

#include <string.h>

struct input {
  const uint8_t *bytes;
  size_t left;
};

static void give(png_structp png, png_bytep target, size_t count) {
  struct input *input = png_get_io_ptr(png);
  if (count > input->left) png_error(png, "the file ends too early");
  memcpy(target, input->bytes, count);
  input->bytes += count;
  input->left -= count;
}

// Chunks that say nothing of the pixels are skipped unread: a few bytes of them can inflate to many.
static void skip_the_rest(png_structp png) {
  static const png_byte names[] =
      "bKGD\0cHRM\0eXIf\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0sRGB\0tEXt\0"
      "tIME\0tRNS\0zTXt";
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, names, (int)(sizeof names / 5));
}

static void ask_for_bytes(png_structp png, png_infop info, int channels) {
  int color = png_get_color_type(png, info);
  int is_gray = color == PNG_COLOR_TYPE_GRAY || color == PNG_COLOR_TYPE_GRAY_ALPHA;
  if (color == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
  if (color == PNG_COLOR_TYPE_GRAY) png_set_expand_gray_1_2_4_to_8(png);
  if (png_get_bit_depth(png, info) == 16) png_set_strip_16(png);
  if (color & PNG_COLOR_MASK_ALPHA) png_set_strip_alpha(png);
  if (is_gray && channels == 3) png_set_gray_to_rgb(png);
}

int cp_png_read(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, int channels,
                uint8_t *pixels, char *reason) {
  struct input input = {bytes, count};
  reason[0] = 0;
  struct jump jump = {.reason = reason};
  png_structp png =
      png_create_read_struct(PNG_LIBPNG_VER_STRING, &jump, cp_png_fail, cp_png_ignore);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    png_destroy_read_struct(&png, NULL, NULL);
    return cp_png_say(&jump, "there is no memory for libpng");
  }
  // Nothing that changes between here and a jump is read after it: both pointers are settled.
  if (setjmp(jump.back)) {
    png_destroy_read_struct(&png, &info, NULL);
    return -1;
  }
  png_set_read_fn(png, &input, give);
  png_set_user_limits(png, width, height);
  png_set_chunk_malloc_max(png, 1 << 20);
  skip_the_rest(png);
  png_read_info(png, info);
  if (png_get_image_width(png, info) != width || png_get_image_height(png, info) != height) {
    png_error(png, "the size changes within the file");
  }
  ask_for_bytes(png, info, channels);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  size_t row_bytes = (size_t)width * (size_t)channels;
  if (png_get_rowbytes(png, info) != row_bytes) png_error(png, "the rows have an unexpected size");
  for (int pass = 0; pass < passes; pass++) {
    for (uint32_t row = 0; row < height; row++) {
      png_read_row(png, pixels + row * row_bytes, NULL);
    }
  }
  png_read_end(png, NULL);
  png_destroy_read_struct(&png, &info, NULL);
  return 0;
}

const char *cp_png_version(void) { return png_get_libpng_ver(NULL); }
