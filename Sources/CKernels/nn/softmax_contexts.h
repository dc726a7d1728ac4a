// What the public functions hand to the loop bodies of softmax and resizing.
#ifndef FK_NN_SOFTMAX_CONTEXTS_H
#define FK_NN_SOFTMAX_CONTEXTS_H

#include "fk_resample.h"
#include "fk_softmax.h"

typedef struct fk_softmax_context {
  fk_axis shape;
  int logarithm;
  const float *x, *y, *dy;
  float *result;
} fk_softmax_context;

typedef struct fk_resample_context {
  fk_image image;
  int64_t out[3];
  fk_taps taps[3];
  const float *source;
  float *target;
} fk_resample_context;

#endif
