#include "contexts.h"
#include "kernels.h"
#include "norm_contexts.h"

static void run(fk_response_context *c, fk_body body) {
  const fk_image image = c->norm.image;
  const int64_t strips = (fk_plane(image) + 15) / 16;
  if (image.batch * strips <= 0 || image.channels <= 0 || c->norm.size <= 0) return;
  double each = (double)image.channels * (5 + (double)c->norm.size);
  fk_parallel_grain(image.batch * strips, fk_grain(each), body, c);
}

void fk_local_response_norm(fk_local_response norm, const float *x, float *y) {
  fk_response_context c = {.norm = norm, .x = x, .y = y};
  run(&c, fk_nn_active()->response_strips);
}

void fk_local_response_norm_backward(
  fk_local_response norm, const float *x, const float *dy, float *dx
) {
  fk_response_context c = {.norm = norm, .x = x, .dy = dy, .y = dx};
  run(&c, fk_nn_active()->response_backward_strips);
}
