#include <string.h>

#include "internal.h"

int odn_window_make(
    odn_window *window, int spatial, const int64_t *kernel, const int64_t *strides,
    const int64_t *dilations, const int64_t *low, const int64_t *high) {
  memset(window, 0, sizeof *window);
  if (spatial < 1 || spatial > ODN_MAX_SPATIAL) {
    return odn_fail(ODN_INVALID, "window: %d spatial axes", spatial);
  }
  for (int axis = 0; axis < spatial; axis++) {
    window->kernel[axis] = kernel ? kernel[axis] : 1;
    window->strides[axis] = strides ? strides[axis] : 1;
    // oneDNN counts the gaps between taps.
    window->dilations[axis] = dilations ? dilations[axis] - 1 : 0;
    window->low[axis] = low ? low[axis] : 0;
    window->high[axis] = high ? high[axis] : 0;
    if (window->kernel[axis] < 1 || window->strides[axis] < 1 || window->dilations[axis] < 0) {
      return odn_fail(
          ODN_INVALID, "window: kernel %lld, stride %lld, dilation %lld along spatial axis %d",
          (long long)window->kernel[axis], (long long)window->strides[axis],
          (long long)window->dilations[axis] + 1, axis);
    }
  }
  return ODN_OK;
}

int odn_grouped_weights(const odn_md *weights, int64_t groups, int src_rank, odn_md **out) {
  *out = NULL;
  odn_md_fields fields;
  odn_md_look(weights, &fields);
  if (groups < 1) return odn_fail(ODN_INVALID, "weights: %lld groups", (long long)groups);
  if (fields.rank == src_rank + 1) {
    if (fields.dims[0] == groups) return odn_md_clone(weights, out);
    return odn_fail(
        ODN_INVALID, "weights: shaped for %lld groups, used with %lld",
        (long long)fields.dims[0], (long long)groups);
  }
  if (groups == 1) return odn_md_clone(weights, out);
  if (fields.rank == 0 || fields.dims[0] % groups != 0 || fields.rank == ODN_MAX_RANK) {
    return odn_fail(
        ODN_INVALID, "weights: %lld output channels do not divide into %lld groups",
        (long long)fields.dims[0], (long long)groups);
  }
  int64_t dims[ODN_MAX_RANK];
  dims[0] = groups;
  dims[1] = fields.dims[0] / groups;
  memcpy(&dims[2], &fields.dims[1], (size_t)(fields.rank - 1) * sizeof *dims);
  return odn_md_reshape(weights, fields.rank + 1, dims, out);
}

static dnnl_alg_kind_t to_library(odn_algorithm algorithm) {
  switch (algorithm) {
    case ODN_ALGORITHM_WINOGRAD:
      return dnnl_convolution_winograd;
    case ODN_ALGORITHM_AUTO:
      return dnnl_convolution_auto;
    default:
      return dnnl_convolution_direct;
  }
}

int odn_convolution_forward(
    odn_algorithm algorithm, int training, const odn_md *src, const odn_md *weights,
    const odn_md *bias, const odn_md *dst, int64_t groups, const int64_t *strides,
    const int64_t *dilations, const int64_t *padding_low, const int64_t *padding_high,
    const odn_attributes *attributes, odn_primitive **out) {
  odn_draft draft;
  odn_window window;
  odn_md *grouped = NULL;
  int rank = odn_md_rank(src);
  odn_scaling scaling = {
      .axis = 1,
      .arg = DNNL_ARG_WEIGHTS,
      // Output channels are axes 0 and 1 of grouped weights.
      .mask = odn_md_rank(weights) > rank || groups > 1 ? 3 : 1,
      .rank = rank,
      .bias = bias,
  };
  int status = odn_draft_begin(&draft, "convolution forward", attributes, &scaling);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "src", src);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "weights", weights);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "dst", dst);
  if (status == ODN_OK) {
    status = odn_window_make(
        &window, rank - 2, NULL, strides, dilations, padding_low, padding_high);
  }
  if (status == ODN_OK) status = odn_grouped_weights(weights, groups, rank, &grouped);
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
    dnnl_prop_kind_t kind = training ? dnnl_forward_training : dnnl_forward_inference;
#if ODN_VERSION_3
    library = dnnl_convolution_forward_primitive_desc_create(
        &draft.desc, odn_engine(), kind, to_library(algorithm), odn_md_raw(src),
        odn_md_raw(grouped), draft.bias, odn_md_raw(dst), window.strides, window.dilations,
        window.low, window.high, draft.attr);
#else
    dnnl_convolution_desc_t op;
    library = dnnl_dilated_convolution_forward_desc_init(
        &op, kind, to_library(algorithm), odn_md_raw(src), odn_md_raw(grouped), draft.bias,
        odn_md_raw(dst), window.strides, window.dilations, window.low, window.high);
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, NULL);
#endif
  }
  odn_md_destroy(grouped);
  return odn_draft_finish(&draft, status, library, out);
}

int odn_convolution_backward_data(
    odn_algorithm algorithm, const odn_md *diff_src, const odn_md *weights,
    const odn_md *diff_dst, int64_t groups, const int64_t *strides, const int64_t *dilations,
    const int64_t *padding_low, const int64_t *padding_high, const odn_attributes *attributes,
    odn_primitive **out) {
  odn_draft draft;
  odn_window window;
  odn_md *grouped = NULL;
  int rank = odn_md_rank(diff_src);
  int status = odn_draft_begin(&draft, "convolution backward data", attributes, NULL);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "diff_src", diff_src);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "weights", weights);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "diff_dst", diff_dst);
  if (status == ODN_OK) {
    status = odn_window_make(
        &window, rank - 2, NULL, strides, dilations, padding_low, padding_high);
  }
  if (status == ODN_OK) status = odn_grouped_weights(weights, groups, rank, &grouped);
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
#if ODN_VERSION_3
    library = dnnl_convolution_backward_data_primitive_desc_create(
        &draft.desc, odn_engine(), to_library(algorithm), odn_md_raw(diff_src),
        odn_md_raw(grouped), odn_md_raw(diff_dst), window.strides, window.dilations, window.low,
        window.high, NULL, draft.attr);
#else
    dnnl_convolution_desc_t op;
    library = dnnl_dilated_convolution_backward_data_desc_init(
        &op, to_library(algorithm), odn_md_raw(diff_src), odn_md_raw(grouped),
        odn_md_raw(diff_dst), window.strides, window.dilations, window.low, window.high);
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, NULL);
#endif
  }
  odn_md_destroy(grouped);
  return odn_draft_finish(&draft, status, library, out);
}

int odn_convolution_backward_weights(
    odn_algorithm algorithm, const odn_md *src, const odn_md *diff_weights,
    const odn_md *diff_bias, const odn_md *diff_dst, int64_t groups, const int64_t *strides,
    const int64_t *dilations, const int64_t *padding_low, const int64_t *padding_high,
    const odn_attributes *attributes, odn_primitive **out) {
  odn_draft draft;
  odn_window window;
  odn_md *grouped = NULL;
  int rank = odn_md_rank(src);
  int status = odn_draft_begin(&draft, "convolution backward weights", attributes, NULL);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "src", src);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "diff_weights", diff_weights);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "diff_dst", diff_dst);
  if (status == ODN_OK) {
    status = odn_window_make(
        &window, rank - 2, NULL, strides, dilations, padding_low, padding_high);
  }
  if (status == ODN_OK) status = odn_grouped_weights(diff_weights, groups, rank, &grouped);
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
#if ODN_VERSION_3
    library = dnnl_convolution_backward_weights_primitive_desc_create(
        &draft.desc, odn_engine(), to_library(algorithm), odn_md_raw(src), odn_md_raw(grouped),
        odn_md_raw(diff_bias), odn_md_raw(diff_dst), window.strides, window.dilations, window.low,
        window.high, NULL, draft.attr);
#else
    dnnl_convolution_desc_t op;
    library = dnnl_dilated_convolution_backward_weights_desc_init(
        &op, to_library(algorithm), odn_md_raw(src), odn_md_raw(grouped), odn_md_raw(diff_bias),
        odn_md_raw(diff_dst), window.strides, window.dilations, window.low, window.high);
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, NULL);
#endif
  }
  odn_md_destroy(grouped);
  return odn_draft_finish(&draft, status, library, out);
}
