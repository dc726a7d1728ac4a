#include <stdlib.h>
#include <string.h>

#include "internal.h"

dnnl_alg_kind_t odn_eltwise_to_library(odn_eltwise kind, float *alpha, float *beta) {
  switch (kind) {
    case ODN_RELU:
      return dnnl_eltwise_relu;
    case ODN_TANH:
      return dnnl_eltwise_tanh;
    case ODN_ELU:
      return dnnl_eltwise_elu;
    case ODN_SQUARE:
      return dnnl_eltwise_square;
    case ODN_ABS:
      return dnnl_eltwise_abs;
    case ODN_SQRT:
      return dnnl_eltwise_sqrt;
    case ODN_LINEAR:
      return dnnl_eltwise_linear;
    case ODN_SOFTPLUS:
      *alpha = 1;  // version 3: log(1 + exp(alpha * x)) / alpha
      return dnnl_eltwise_soft_relu;
    case ODN_LOGISTIC:
      return dnnl_eltwise_logistic;
    case ODN_EXP:
      return dnnl_eltwise_exp;
    case ODN_GELU_TANH:
      return dnnl_eltwise_gelu_tanh;
    case ODN_GELU_ERF:
      return dnnl_eltwise_gelu_erf;
    case ODN_SWISH:
      return dnnl_eltwise_swish;
    case ODN_LOG:
      return dnnl_eltwise_log;
    case ODN_CLIP:
      return dnnl_eltwise_clip;
    case ODN_POW:
      return dnnl_eltwise_pow;
    case ODN_ROUND:
      return dnnl_eltwise_round;
    case ODN_LOGSIGMOID:
#if ODN_VERSION_3
      *alpha = -1;
      return dnnl_eltwise_soft_relu;
#else
      return dnnl_eltwise_logsigmoid;
#endif
    case ODN_MISH:
      return dnnl_eltwise_mish;
    case ODN_HARDSWISH:
      // Version 2 has these numbers built in and ignores them.
      *alpha = 1.0f / 6;
      *beta = 0.5f;
      return dnnl_eltwise_hardswish;
    case ODN_HARDSIGMOID:
#if ODN_VERSION_3
      return dnnl_eltwise_hardsigmoid;
#else
      return dnnl_alg_kind_undef;
#endif
    case ODN_RELU_FROM_RESULT:
      return dnnl_eltwise_relu_use_dst_for_bwd;
    case ODN_TANH_FROM_RESULT:
      return dnnl_eltwise_tanh_use_dst_for_bwd;
    case ODN_ELU_FROM_RESULT:
      return dnnl_eltwise_elu_use_dst_for_bwd;
    case ODN_SQRT_FROM_RESULT:
      return dnnl_eltwise_sqrt_use_dst_for_bwd;
    case ODN_LOGISTIC_FROM_RESULT:
      return dnnl_eltwise_logistic_use_dst_for_bwd;
    case ODN_EXP_FROM_RESULT:
      return dnnl_eltwise_exp_use_dst_for_bwd;
  }
  return dnnl_alg_kind_undef;
}

dnnl_alg_kind_t odn_binary_to_library(odn_binary kind) {
  switch (kind) {
    case ODN_ADD:
      return dnnl_binary_add;
    case ODN_MULTIPLY:
      return dnnl_binary_mul;
    case ODN_MAXIMUM:
      return dnnl_binary_max;
    case ODN_MINIMUM:
      return dnnl_binary_min;
    case ODN_DIVIDE:
      return dnnl_binary_div;
    case ODN_SUBTRACT:
      return dnnl_binary_sub;
    case ODN_GREATER_OR_EQUAL:
      return dnnl_binary_ge;
    case ODN_GREATER:
      return dnnl_binary_gt;
    case ODN_LESS_OR_EQUAL:
      return dnnl_binary_le;
    case ODN_LESS:
      return dnnl_binary_lt;
    case ODN_EQUAL:
      return dnnl_binary_eq;
    case ODN_NOT_EQUAL:
      return dnnl_binary_ne;
  }
  return dnnl_alg_kind_undef;
}

int odn_attributes_create(odn_attributes **out) {
  *out = calloc(1, sizeof **out);
  return *out ? ODN_OK : odn_fail(ODN_OUT_OF_MEMORY, "attributes: out of memory");
}

void odn_attributes_destroy(odn_attributes *attributes) {
  if (!attributes) return;
  for (int i = 0; i < attributes->post_op_count; i++) {
    odn_md_destroy(attributes->post_ops[i].operand);
  }
  free(attributes->scales);
  free(attributes->bias);
  free(attributes);
}

static int add(odn_attributes *attributes, odn_post_op op) {
  if (attributes->post_op_count == ODN_MAX_POST_OPS) {
    odn_md_destroy(op.operand);
    return odn_fail(ODN_UNSUPPORTED, "post-ops: more than %d", ODN_MAX_POST_OPS);
  }
  attributes->post_ops[attributes->post_op_count++] = op;
  return ODN_OK;
}

int odn_attributes_add_eltwise(
    odn_attributes *attributes, odn_eltwise kind, float alpha, float beta) {
  if (kind != ODN_HARDSIGMOID &&
      odn_eltwise_to_library(kind, &alpha, &beta) == dnnl_alg_kind_undef) {
    return odn_fail(ODN_INVALID, "post-op: unknown element-wise function %d", (int)kind);
  }
  odn_post_op op = {
      .kind = ODN_POST_OP_ELTWISE, .algorithm = (int)kind, .alpha = alpha, .beta = beta};
  return add(attributes, op);
}

int odn_attributes_add_sum(odn_attributes *attributes, float scale) {
  odn_post_op op = {.kind = ODN_POST_OP_SUM, .alpha = scale};
  return add(attributes, op);
}

int odn_attributes_add_sum_of(odn_attributes *attributes, float scale, odn_type type) {
  odn_post_op op = {.kind = ODN_POST_OP_SUM, .alpha = scale, .dst_type = type};
  return add(attributes, op);
}

int odn_attributes_add_binary(
    odn_attributes *attributes, odn_binary kind, const odn_md *operand) {
  if (odn_binary_to_library(kind) == dnnl_alg_kind_undef) {
    return odn_fail(ODN_INVALID, "post-op: unknown binary function %d", (int)kind);
  }
  odn_post_op op = {.kind = ODN_POST_OP_BINARY, .algorithm = (int)kind};
  int result = odn_md_clone(operand, &op.operand);
  return result == ODN_OK ? add(attributes, op) : result;
}

int odn_attributes_add_depthwise(
    odn_attributes *attributes, odn_type weights_type, odn_type bias_type, odn_type dst_type,
    int64_t stride) {
  if (stride != 1 && stride != 2) {
    return odn_fail(
        ODN_UNSUPPORTED, "post-op: depthwise convolution with stride %lld, where 1 and 2 exist",
        (long long)stride);
  }
  odn_post_op op = {
      .kind = ODN_POST_OP_DEPTHWISE,
      .weights_type = weights_type,
      .bias_type = bias_type,
      .dst_type = dst_type,
      .stride = stride,
  };
  return add(attributes, op);
}

int odn_attributes_set_scales(
    odn_attributes *attributes, int64_t count, const float *scales, int axis) {
  if (count < 1 || !scales || axis < 0 || axis >= ODN_MAX_RANK) {
    return odn_fail(
        ODN_INVALID, "scales: %lld of them along axis %d", (long long)count, axis);
  }
  float *copy = malloc((size_t)count * sizeof *copy);
  if (!copy) return odn_fail(ODN_OUT_OF_MEMORY, "scales: out of memory");
  memcpy(copy, scales, (size_t)count * sizeof *copy);
  free(attributes->scales);
  attributes->scales = copy;
  attributes->scale_count = count;
  attributes->scale_axis = axis;
  return ODN_OK;
}

int odn_attributes_set_bias(odn_attributes *attributes, int64_t count, const float *bias) {
  if (count < 1 || !bias) return odn_fail(ODN_INVALID, "bias: %lld numbers", (long long)count);
  float *copy = malloc((size_t)count * sizeof *copy);
  if (!copy) return odn_fail(ODN_OUT_OF_MEMORY, "bias: out of memory");
  memcpy(copy, bias, (size_t)count * sizeof *copy);
  free(attributes->bias);
  attributes->bias = copy;
  attributes->bias_count = count;
  return ODN_OK;
}

int odn_attributes_set_implementation(odn_attributes *attributes, int index) {
  if (index < 0) return odn_fail(ODN_INVALID, "implementation %d: counted from 0", index);
  attributes->implementation = index;
  return ODN_OK;
}
