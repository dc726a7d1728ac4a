#ifndef FOVEA_ODN_ATTRIBUTES_H
#define FOVEA_ODN_ATTRIBUTES_H

#include "odn_memory.h"

// What a primitive does besides its main work.

typedef struct odn_attributes odn_attributes;

typedef enum odn_eltwise {
  ODN_RELU = 1,  // alpha: slope below zero
  ODN_TANH,
  ODN_ELU,  // alpha
  ODN_SQUARE,
  ODN_ABS,
  ODN_SQRT,
  ODN_LINEAR,  // alpha * x + beta
  ODN_SOFTPLUS,
  ODN_LOGISTIC,
  ODN_EXP,
  ODN_GELU_TANH,
  ODN_GELU_ERF,
  ODN_SWISH,  // x * logistic(alpha * x)
  ODN_LOG,
  ODN_CLIP,  // alpha: low, beta: high
  ODN_POW,   // alpha * x ^ beta
  ODN_ROUND,
  ODN_LOGSIGMOID,
  ODN_MISH,
  ODN_HARDSWISH,    // x * clip(x / 6 + 1/2, 0, 1)
  ODN_HARDSIGMOID,  // clip(alpha * x + beta, 0, 1); with version 2 only as a post-op
  // Backward from the result instead of the operand.
  ODN_RELU_FROM_RESULT = 101,
  ODN_TANH_FROM_RESULT,
  ODN_ELU_FROM_RESULT,
  ODN_SQRT_FROM_RESULT,
  ODN_LOGISTIC_FROM_RESULT,
  ODN_EXP_FROM_RESULT,
} odn_eltwise;

typedef enum odn_binary {
  ODN_ADD = 1,
  ODN_MULTIPLY,
  ODN_MAXIMUM,
  ODN_MINIMUM,
  ODN_DIVIDE,
  ODN_SUBTRACT,
  ODN_GREATER_OR_EQUAL,
  ODN_GREATER,
  ODN_LESS_OR_EQUAL,
  ODN_LESS,
  ODN_EQUAL,
  ODN_NOT_EQUAL,
} odn_binary;

int odn_attributes_create(odn_attributes **out);
void odn_attributes_destroy(odn_attributes *attributes);

// Post-ops run in the order they were added, and are numbered from 0 for `ODN_ARG_POST_OP`.

int odn_attributes_add_eltwise(
    odn_attributes *attributes, odn_eltwise kind, float alpha, float beta);

/// result += scale * (what dst held before).
int odn_attributes_add_sum(odn_attributes *attributes, float scale);

/// The same where dst held numbers of another kind in as many bytes, such as s8 under u8.
int odn_attributes_add_sum_of(odn_attributes *attributes, float scale, odn_type type);

/// Combines with another tensor; axes of size 1 are repeated. `operand` may be any or plain.
int odn_attributes_add_binary(
    odn_attributes *attributes, odn_binary kind, const odn_md *operand);

/// A depthwise 3×3 convolution with padding 1 after a 1×1 one; bias_type ODN_UNKNOWN is no bias.
/// The dst passed to the convolution is that of the 1×1; the primitive's own is the final one.
int odn_attributes_add_depthwise(
    odn_attributes *attributes, odn_type weights_type, odn_type bias_type, odn_type dst_type,
    int64_t stride);

/// result = post-ops(scale * sum of products + bias), in both versions of the library. One scale,
/// or one per index of axis `axis` of dst: the channel in convolution and inner product, the last
/// axis in a matrix product, any axis in a reorder.
int odn_attributes_set_scales(
    odn_attributes *attributes, int64_t count, const float *scales, int axis);

/// A bias of the primitive's own, one number per channel, instead of one that is an argument: it is
/// added after the scales, before the post-ops, and costs nothing beside them. For convolutions.
int odn_attributes_set_bias(odn_attributes *attributes, int64_t count, const float *bias);

/// Takes the n-th implementation that fits (counted by distinct names) instead of the first, to
/// measure them all.
int odn_attributes_set_implementation(odn_attributes *attributes, int index);

#endif
