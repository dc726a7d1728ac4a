// The loop bodies that exist once per instruction set, as one table per set.
#ifndef FK_NN_KERNELS_H
#define FK_NN_KERNELS_H

#include "../isa.h"

#define FK_NN_KERNELS(X) \
  X(max_pool_rows) \
  X(max_pool_backward_rows) \
  X(average_pool_rows) \
  X(average_pool_backward_rows) \
  X(global_pool_planes) \
  X(global_pool_spread) \
  X(batch_norm_columns) \
  X(batch_norm_sums) \
  X(batch_norm_prepare) \
  X(batch_norm_prepare_gradient) \
  X(batch_norm_write) \
  X(layer_norm_rows) \
  X(layer_norm_backward_blocks) \
  X(layer_norm_combine) \
  X(group_norm_groups) \
  X(group_norm_backward_groups) \
  X(group_norm_combine) \
  X(response_strips) \
  X(response_backward_strips) \
  X(softmax_tasks) \
  X(cross_entropy_tasks) \
  X(resample_rows) \
  X(resample_backward_planes)

typedef struct fk_nn_kernels {
#define FK_FIELD(name) fk_body name;
  FK_NN_KERNELS(FK_FIELD)
#undef FK_FIELD
} fk_nn_kernels;

extern const fk_nn_kernels fk_nn_portable;
#if FK_X86
extern const fk_nn_kernels fk_nn_avx2, fk_nn_avx512;
#endif

static inline const fk_nn_kernels *fk_nn_active(void) {
  return FK_SELECT(fk_nn);
}

#endif
