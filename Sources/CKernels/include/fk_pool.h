// Pooling in one to three spatial axes. Elements are f32, or bf16 (half != 0) with f32 arithmetic.
#ifndef FK_POOL_H
#define FK_POOL_H

#include "fk_image.h"

// The larger image, and for each axis what a window is. The output image has the same batch, channels and block,
// and `out` for its spatial sizes, which decide how far windows reach beyond the end. Positions of an image fit in
// 32 bits: its spatial sizes multiply to less than 2^31.
typedef struct fk_pool {
  fk_image image;
  int64_t out[3], kernel[3], stride[3], dilation[3];
  int64_t low[3];
  // Padding after the last element as it was declared; read by FK_DIVISOR_WINDOW alone.
  int64_t high[3];
} fk_pool;

// y = the largest element of each window. index, which may be NULL, becomes the flat position of that element in
// the plane before padding, (d * H + h) * W + w: the first of equal ones in scan order, the last NaN if there is
// one. A window without elements gives -infinity and -1.
void fk_max_pool(fk_pool pool, int half, const void *x, void *y, int32_t *index);

// dx = the gradient of fk_max_pool, given the indices it wrote.
void fk_max_pool_backward(fk_pool pool, int half, const void *dy, const int32_t *index, void *dx);

// What the sum of a window is divided by.
typedef enum fk_divisor {
  // The positions of the window that lie before size + high, padding included (PyTorch's count_include_pad).
  FK_DIVISOR_WINDOW = 0,
  // The elements of the window.
  FK_DIVISOR_VALID = 1,
  // A number given by the caller.
  FK_DIVISOR_FIXED = 2,
} fk_divisor;

// y = the mean of each window; 0 for one without elements.
void fk_average_pool(
  fk_pool pool, fk_divisor divisor, float fixed, int half, const void *x, void *y);
void fk_average_pool_backward(
  fk_pool pool, fk_divisor divisor, float fixed, int half, const void *dy, void *dx);

// The next three move elements between an image and one of `out` spatial elements per channel, by indices as
// fk_max_pool writes them. An index of -1 stands for no element. They answer -1, or the place in `index` of one
// that lies outside the image, in which case nothing was written.

// small = image[index], 0 where index is -1.
int64_t fk_pool_gather(
  fk_image image, int64_t out, int half, const void *large, const int32_t *index, void *small);
// image = 0, then image[index] += small, in scan order; f32 alone, since sums in bf16 would lose what is added.
int64_t fk_pool_scatter(
  fk_image image, int64_t out, const float *small, const int32_t *index, float *large);
// image = 0, then image[index] = small; of several the last in scan order stays.
int64_t fk_pool_unpool(
  fk_image image, int64_t out, int half, const void *small, const int32_t *index, void *large);

#endif
