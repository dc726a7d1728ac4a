#include "internal.h"

static dnnl_alg_kind_t to_library(odn_pooling kind) {
  switch (kind) {
    case ODN_POOLING_MAX:
      return dnnl_pooling_max;
    case ODN_POOLING_AVERAGE:
      return dnnl_pooling_avg_exclude_padding;
    default:
      return dnnl_pooling_avg_include_padding;
  }
}

int odn_pooling_forward(
    odn_pooling kind, int training, const odn_md *src, const odn_md *dst, const int64_t *kernel,
    const int64_t *strides, const int64_t *dilations, const int64_t *padding_low,
    const int64_t *padding_high, const odn_attributes *attributes, odn_primitive **out) {
  odn_draft draft;
  odn_window window;
  int status = odn_draft_begin(&draft, "pooling forward", attributes, NULL);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "src", src);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "dst", dst);
  if (status == ODN_OK) {
    status = odn_window_make(
        &window, odn_md_rank(src) - 2, kernel, strides, dilations, padding_low, padding_high);
  }
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
    dnnl_prop_kind_t direction = training ? dnnl_forward_training : dnnl_forward_inference;
#if ODN_VERSION_3
    library = dnnl_pooling_forward_primitive_desc_create(
        &draft.desc, odn_engine(), direction, to_library(kind), odn_md_raw(src), odn_md_raw(dst),
        window.strides, window.kernel, window.dilations, window.low, window.high, draft.attr);
#else
    dnnl_pooling_v2_desc_t op;
    library = dnnl_pooling_v2_forward_desc_init(
        &op, direction, to_library(kind), odn_md_raw(src), odn_md_raw(dst), window.strides,
        window.kernel, window.dilations, window.low, window.high);
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, NULL);
#endif
  }
  return odn_draft_finish(&draft, status, library, out);
}

int odn_pooling_backward(
    const odn_primitive *forward, odn_pooling kind, const odn_md *diff_src,
    const odn_md *diff_dst, const int64_t *kernel, const int64_t *strides,
    const int64_t *dilations, const int64_t *padding_low, const int64_t *padding_high,
    const odn_attributes *attributes, odn_primitive **out) {
  odn_draft draft;
  odn_window window;
  int status = odn_draft_begin(&draft, "pooling backward", attributes, NULL);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "diff_src", diff_src);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "diff_dst", diff_dst);
  if (status == ODN_OK && !forward) {
    status = odn_fail(ODN_INVALID, "pooling backward: the forward primitive is missing");
  }
  if (status == ODN_OK) {
    status = odn_window_make(
        &window, odn_md_rank(diff_src) - 2, kernel, strides, dilations, padding_low,
        padding_high);
  }
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
#if ODN_VERSION_3
    library = dnnl_pooling_backward_primitive_desc_create(
        &draft.desc, odn_engine(), to_library(kind), odn_md_raw(diff_src), odn_md_raw(diff_dst),
        window.strides, window.kernel, window.dilations, window.low, window.high, forward->desc,
        draft.attr);
#else
    dnnl_pooling_v2_desc_t op;
    library = dnnl_pooling_v2_backward_desc_init(
        &op, to_library(kind), odn_md_raw(diff_src), odn_md_raw(diff_dst), window.strides,
        window.kernel, window.dilations, window.low, window.high);
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, forward);
#endif
  }
  return odn_draft_finish(&draft, status, library, out);
}
