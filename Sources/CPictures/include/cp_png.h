// libpng behind two calls that answer instead of jumping.
#ifndef CP_PNG_H
#define CP_PNG_H

#include <stddef.h>
#include <stdint.h>

enum { CP_REASON_SIZE = 200 };

// Decodes a whole PNG file of exactly width x height into 8-bit rows without gaps: 1 channel, which
// only gray files can give, or 3. Of 16 bits the upper 8 stay; transparency is dropped.
// Answers 0, or -1 with libpng's words in `reason`, which has room for CP_REASON_SIZE.
int cp_png_read(const uint8_t *bytes, size_t count, uint32_t width, uint32_t height, int channels,
                uint8_t *pixels, char *reason);

// Encodes 8-bit rows without gaps, of 1 or 3 channels. The caller frees `*bytes` with `cp_png_free`.
// Answers 0, or -1 with libpng's words in `reason` and nothing to free.
int cp_png_write(const uint8_t *pixels, uint32_t width, uint32_t height, int channels,
                 uint8_t **bytes, size_t *count, char *reason);

void cp_png_free(uint8_t *bytes);

// The version of the library, as "1.6.39".
const char *cp_png_version(void);

#endif
