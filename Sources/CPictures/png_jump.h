// Where libpng jumps to when it fails, and the words it leaves.
#ifndef CP_PNG_JUMP_H
#define CP_PNG_JUMP_H

#include <png.h>
#include <setjmp.h>

struct jump {
  jmp_buf back;
  char *reason;
};

// Keeps the words; answers -1.
int cp_png_say(struct jump *jump, const char *words);

// What libpng calls: one jumps back, the other does nothing, for a warning is no reason to stop.
void cp_png_fail(png_structp png, png_const_charp words);
void cp_png_ignore(png_structp png, png_const_charp words);

#endif
