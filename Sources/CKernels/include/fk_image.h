// The layout of a batch of images: [batch][ceil(channels / block)][spatial 0][spatial 1][spatial 2][block].
#ifndef FK_IMAGE_H
#define FK_IMAGE_H

#include <stdint.h>

// block is 1 (NCHW), 8 or 16 (oneDNN's nChw8c and nChw16c), or channels (channels last). Images with fewer than
// three axes leave the first ones 1. Lanes beyond `channels` in the last block hold zeros: every kernel that
// writes an image keeps them so.
typedef struct fk_image {
  int64_t batch, channels, block;
  int64_t spatial[3];
} fk_image;

// Elements an image occupies in memory, the unused lanes of its last block included.
int64_t fk_image_elements(fk_image image);

#endif
