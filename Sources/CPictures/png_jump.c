#include "png_jump.h"

#include "cp_png.h"

#include <stdio.h>

int cp_png_say(struct jump *jump, const char *words) {
  snprintf(jump->reason, CP_REASON_SIZE, "%s", words);
  return -1;
}

void cp_png_fail(png_structp png, png_const_charp words) {
  struct jump *jump = png_get_error_ptr(png);
  cp_png_say(jump, words);
  longjmp(jump->back, 1);
}

void cp_png_ignore(png_structp png, png_const_charp words) {
  (void)png;
  (void)words;
}
