#include "internal.h"

int odn_resampling_forward(
    int linear, int training, const odn_md *src, const odn_md *dst,
    const odn_attributes *attributes, odn_primitive **out) {
  odn_draft draft;
  int status = odn_draft_begin(&draft, "resampling forward", attributes, NULL);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "src", src);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "dst", dst);
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
    dnnl_prop_kind_t kind = training ? dnnl_forward_training : dnnl_forward_inference;
    dnnl_alg_kind_t algorithm = linear ? dnnl_resampling_linear : dnnl_resampling_nearest;
#if ODN_VERSION_3
    library = dnnl_resampling_forward_primitive_desc_create(
        &draft.desc, odn_engine(), kind, algorithm, NULL, odn_md_raw(src), odn_md_raw(dst),
        draft.attr);
#else
    dnnl_resampling_desc_t op;
    library = dnnl_resampling_forward_desc_init(
        &op, kind, algorithm, NULL, odn_md_raw(src), odn_md_raw(dst));
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, NULL);
#endif
  }
  return odn_draft_finish(&draft, status, library, out);
}

int odn_resampling_backward(
    int linear, const odn_md *diff_src, const odn_md *diff_dst, const odn_attributes *attributes,
    odn_primitive **out) {
  odn_draft draft;
  int status = odn_draft_begin(&draft, "resampling backward", attributes, NULL);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "diff_src", diff_src);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "diff_dst", diff_dst);
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
    dnnl_alg_kind_t algorithm = linear ? dnnl_resampling_linear : dnnl_resampling_nearest;
#if ODN_VERSION_3
    library = dnnl_resampling_backward_primitive_desc_create(
        &draft.desc, odn_engine(), algorithm, NULL, odn_md_raw(diff_src), odn_md_raw(diff_dst),
        NULL, draft.attr);
#else
    dnnl_resampling_desc_t op;
    library = dnnl_resampling_backward_desc_init(
        &op, algorithm, NULL, odn_md_raw(diff_src), odn_md_raw(diff_dst));
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, NULL);
#endif
  }
  return odn_draft_finish(&draft, status, library, out);
}

static dnnl_alg_kind_t to_library(odn_reduction kind) {
  switch (kind) {
    case ODN_REDUCE_MAX:
      return dnnl_reduction_max;
    case ODN_REDUCE_MIN:
      return dnnl_reduction_min;
    case ODN_REDUCE_SUM:
      return dnnl_reduction_sum;
    case ODN_REDUCE_MULTIPLY:
      return dnnl_reduction_mul;
    case ODN_REDUCE_MEAN:
      return dnnl_reduction_mean;
  }
  return dnnl_alg_kind_undef;
}

int odn_reduce(
    odn_reduction kind, const odn_md *src, const odn_md *dst, const odn_attributes *attributes,
    odn_primitive **out) {
  odn_draft draft;
  int status = odn_draft_begin(&draft, "reduction", attributes, NULL);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "src", src);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "dst", dst);
  if (status == ODN_OK && to_library(kind) == dnnl_alg_kind_undef) {
    status = odn_fail(ODN_INVALID, "reduction: unknown function %d", (int)kind);
  }
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
#if ODN_VERSION_3
    library = dnnl_reduction_primitive_desc_create(
        &draft.desc, odn_engine(), to_library(kind), odn_md_raw(src), odn_md_raw(dst), 0, 0,
        draft.attr);
#else
    dnnl_reduction_desc_t op;
    library = dnnl_reduction_desc_init(
        &op, to_library(kind), odn_md_raw(src), odn_md_raw(dst), 0, 0);
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, NULL);
#endif
  }
  return odn_draft_finish(&draft, status, library, out);
}
