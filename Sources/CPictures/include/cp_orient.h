// Turning and mirroring.
#ifndef CP_ORIENT_H
#define CP_ORIENT_H

#include <stdint.h>

// Writes the pixels as they are meant to be seen; `orientation` is EXIF's number, 1 to 8. From 5 on
// the target is `height` wide and `width` high.
void cp_orient(const uint8_t *source, int64_t width, int64_t height, int channels, int orientation,
               uint8_t *target);

#endif
