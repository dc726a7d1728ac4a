// Softmax along one axis of [outer][axis][inner], and cross-entropy on top of it, f32.
#ifndef FK_SOFTMAX_H
#define FK_SOFTMAX_H

#include <stdint.h>

typedef struct fk_axis {
  int64_t outer, axis, inner;
} fk_axis;

// y = softmax(x), or its logarithm.
void fk_softmax(fk_axis shape, int logarithm, const float *x, float *y);

// The gradient of fk_softmax, given what it wrote.
void fk_softmax_backward(
  fk_axis shape, int logarithm, const float *y, const float *dy, float *dx);

// Cross-entropy of softmax(logits) along the axis, one loss for each of outer * inner places. What is aimed at is
// a label per place, or (labels NULL) a weight for every class; smoothing moves that share of it to all classes
// evenly.
typedef struct fk_cross_entropy {
  fk_axis shape;
  float smoothing;
  // With has_ignored, places labelled `ignored` have no loss and no gradient.
  int has_ignored;
  int32_t ignored;
  const float *logits;
  const int32_t *labels;
  const float *targets;
  // What the loss of each place is multiplied by in the gradient; NULL stands for ones.
  const float *weights;
  // [outer][inner] and [outer][axis][inner]; either may be NULL.
  float *loss, *gradient;
} fk_cross_entropy;

// Answers -1, or the first place whose label is no class, in which case nothing was written.
int64_t fk_softmax_cross_entropy(const fk_cross_entropy *entropy);

#endif
