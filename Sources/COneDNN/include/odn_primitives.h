#ifndef FOVEA_ODN_PRIMITIVES_H
#define FOVEA_ODN_PRIMITIVES_H

#include "odn_attributes.h"

typedef struct odn_primitive odn_primitive;

/// Where a tensor goes. Concatenation and sum use ODN_ARG_SOURCES + i.
typedef enum odn_arg {
  ODN_ARG_SRC = 1,
  ODN_ARG_SRC_1 = 2,
  ODN_ARG_DST = 17,
  ODN_ARG_WEIGHTS = 33,
  ODN_ARG_BIAS = 41,
  ODN_ARG_MEAN = 49,
  ODN_ARG_VARIANCE = 50,
  ODN_ARG_SCALE = 51,
  ODN_ARG_SHIFT = 52,
  ODN_ARG_WORKSPACE = 64,
  ODN_ARG_SCRATCHPAD = 80,
  ODN_ARG_DIFF_SRC = 129,
  ODN_ARG_DIFF_DST = 145,
  ODN_ARG_DIFF_WEIGHTS = 161,
  ODN_ARG_DIFF_BIAS = 169,
  ODN_ARG_DIFF_SCALE = 255,
  ODN_ARG_DIFF_SHIFT = 256,
  ODN_ARG_SOURCES = 1024,
  /// Plus the number of the post-op: the operand of a binary one, the weights of a depthwise one.
  ODN_ARG_POST_OP = 65536,
  /// Plus the number of the post-op: the bias of a depthwise one.
  ODN_ARG_POST_OP_BIAS = 131072,
} odn_arg;

void odn_primitive_destroy(odn_primitive *primitive);
/// The descriptor chosen for an argument; fails if the primitive has no such argument.
int odn_primitive_md(const odn_primitive *primitive, int arg, odn_md **out);
/// Bytes the caller lends for ODN_ARG_SCRATCHPAD, at an address that is a multiple of 64.
size_t odn_primitive_scratchpad_size(const odn_primitive *primitive);
/// The library's name for the implementation, such as "jit_wino_4x3:avx512_core".
const char *odn_primitive_implementation(const odn_primitive *primitive);

typedef enum odn_algorithm {
  ODN_ALGORITHM_DIRECT = 0,
  ODN_ALGORITHM_WINOGRAD = 1,
  ODN_ALGORITHM_AUTO = 2,
} odn_algorithm;

// Convolution. Weights are [out, in / groups, spatial…], and with groups > 1 the shim reads that as
// [groups, out / groups, in / groups, spatial…], which is the shape of the descriptor that
// `odn_primitive_md` returns (blocks are within a group) and may be passed in as well. Arrays have
// one number per spatial axis; NULL means strides 1, dilations 1 (dense), paddings 0.

int odn_convolution_forward(
    odn_algorithm algorithm, int training, const odn_md *src, const odn_md *weights,
    const odn_md *bias, const odn_md *dst, int64_t groups, const int64_t *strides,
    const int64_t *dilations, const int64_t *padding_low, const int64_t *padding_high,
    const odn_attributes *attributes, odn_primitive **out);

int odn_convolution_backward_data(
    odn_algorithm algorithm, const odn_md *diff_src, const odn_md *weights,
    const odn_md *diff_dst, int64_t groups, const int64_t *strides, const int64_t *dilations,
    const int64_t *padding_low, const int64_t *padding_high, const odn_attributes *attributes,
    odn_primitive **out);

/// `diff_bias` may be NULL.
int odn_convolution_backward_weights(
    odn_algorithm algorithm, const odn_md *src, const odn_md *diff_weights,
    const odn_md *diff_bias, const odn_md *diff_dst, int64_t groups, const int64_t *strides,
    const int64_t *dilations, const int64_t *padding_low, const int64_t *padding_high,
    const odn_attributes *attributes, odn_primitive **out);

/// dst[…, m, n] = src[…, m, k] · weights[…, k, n] + bias; batch axes of size 1 are repeated, and
/// the bias has the rank of dst.
int odn_matmul(
    const odn_md *src, const odn_md *weights, const odn_md *bias, const odn_md *dst,
    const odn_attributes *attributes, odn_primitive **out);

// Inner product: src [n, in, spatial…] in any layout, weights [out, in, spatial…], dst [n, out].

int odn_inner_product_forward(
    int training, const odn_md *src, const odn_md *weights, const odn_md *bias, const odn_md *dst,
    const odn_attributes *attributes, odn_primitive **out);

int odn_inner_product_backward_data(
    const odn_md *diff_src, const odn_md *weights, const odn_md *diff_dst,
    const odn_attributes *attributes, odn_primitive **out);

int odn_inner_product_backward_weights(
    const odn_md *src, const odn_md *diff_weights, const odn_md *diff_bias,
    const odn_md *diff_dst, const odn_attributes *attributes, odn_primitive **out);

typedef enum odn_pooling {
  ODN_POOLING_MAX = 0,
  ODN_POOLING_AVERAGE = 1,
  ODN_POOLING_AVERAGE_WITH_PADDING = 2,
} odn_pooling;

/// In training, maximum pooling writes ODN_ARG_WORKSPACE for its backward.
int odn_pooling_forward(
    odn_pooling kind, int training, const odn_md *src, const odn_md *dst, const int64_t *kernel,
    const int64_t *strides, const int64_t *dilations, const int64_t *padding_low,
    const int64_t *padding_high, const odn_attributes *attributes, odn_primitive **out);

int odn_pooling_backward(
    const odn_primitive *forward, odn_pooling kind, const odn_md *diff_src,
    const odn_md *diff_dst, const int64_t *kernel, const int64_t *strides,
    const int64_t *dilations, const int64_t *padding_low, const int64_t *padding_high,
    const odn_attributes *attributes, odn_primitive **out);

/// Flags of batch normalisation.
enum {
  /// Mean and variance are operands.
  ODN_NORM_GIVEN_STATISTICS = 1,
  ODN_NORM_SCALE = 2,
  ODN_NORM_SHIFT = 4,
  /// max(0, result); in training its mask goes to ODN_ARG_WORKSPACE.
  ODN_NORM_RELU = 8,
};

int odn_batch_norm_forward(
    int training, int flags, const odn_md *data, float epsilon, const odn_attributes *attributes,
    odn_primitive **out);

/// Takes ODN_ARG_SRC, MEAN, VARIANCE, DIFF_DST, and SCALE and WORKSPACE if forward had them.
int odn_batch_norm_backward(
    const odn_primitive *forward, int flags, const odn_md *diff_data, const odn_md *data,
    float epsilon, const odn_attributes *attributes, odn_primitive **out);

int odn_lrn_forward(
    int training, int across_channels, const odn_md *data, int64_t size, float alpha, float beta,
    float k, const odn_attributes *attributes, odn_primitive **out);

int odn_lrn_backward(
    const odn_primitive *forward, int across_channels, const odn_md *diff_data,
    const odn_md *data, int64_t size, float alpha, float beta, float k,
    const odn_attributes *attributes, odn_primitive **out);

int odn_softmax_forward(
    int logarithm, int training, const odn_md *src, const odn_md *dst, int axis,
    const odn_attributes *attributes, odn_primitive **out);

int odn_softmax_backward(
    int logarithm, const odn_md *diff_src, const odn_md *diff_dst, const odn_md *dst, int axis,
    const odn_attributes *attributes, odn_primitive **out);

int odn_eltwise_forward(
    odn_eltwise kind, int training, const odn_md *data, float alpha, float beta,
    const odn_attributes *attributes, odn_primitive **out);

/// ODN_ARG_SRC is the operand, or ODN_ARG_DST the result for the …_FROM_RESULT kinds.
int odn_eltwise_backward(
    odn_eltwise kind, const odn_md *diff_data, const odn_md *data, float alpha, float beta,
    const odn_attributes *attributes, odn_primitive **out);

int odn_binary_operation(
    odn_binary kind, const odn_md *first, const odn_md *second, const odn_md *dst,
    const odn_attributes *attributes, odn_primitive **out);

/// dst = scales[0] * sources[0] + …; NULL scales are ones.
int odn_sum(
    int count, const float *scales, const odn_md *const *sources, const odn_md *dst,
    const odn_attributes *attributes, odn_primitive **out);

int odn_concat(
    int axis, int count, const odn_md *const *sources, const odn_md *dst,
    const odn_attributes *attributes, odn_primitive **out);

/// Also between [out, in, …] and [groups, out / groups, in, …].
int odn_reorder(
    const odn_md *src, const odn_md *dst, const odn_attributes *attributes, odn_primitive **out);

/// Pixel centres at half-integers; the factors follow from the sizes.
int odn_resampling_forward(
    int linear, int training, const odn_md *src, const odn_md *dst,
    const odn_attributes *attributes, odn_primitive **out);

int odn_resampling_backward(
    int linear, const odn_md *diff_src, const odn_md *diff_dst, const odn_attributes *attributes,
    odn_primitive **out);

typedef enum odn_reduction {
  ODN_REDUCE_MAX = 1,
  ODN_REDUCE_MIN,
  ODN_REDUCE_SUM,
  ODN_REDUCE_MULTIPLY,
  ODN_REDUCE_MEAN,
} odn_reduction;

/// Axes that are 1 in dst are reduced.
int odn_reduce(
    odn_reduction kind, const odn_md *src, const odn_md *dst, const odn_attributes *attributes,
    odn_primitive **out);

/// `backward` undoes the permutation and takes ODN_ARG_DIFF_DST to ODN_ARG_DIFF_SRC.
int odn_shuffle(
    int backward, const odn_md *data, int axis, int64_t group_size,
    const odn_attributes *attributes, odn_primitive **out);

#endif
