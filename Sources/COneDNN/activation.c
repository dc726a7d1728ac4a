#include "internal.h"

int odn_softmax_forward(
    int logarithm, int training, const odn_md *src, const odn_md *dst, int axis,
    const odn_attributes *attributes, odn_primitive **out) {
  odn_draft draft;
  int status = odn_draft_begin(&draft, "softmax forward", attributes, NULL);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "src", src);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "dst", dst);
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
    dnnl_prop_kind_t kind = training ? dnnl_forward_training : dnnl_forward_inference;
    dnnl_alg_kind_t algorithm = logarithm ? dnnl_softmax_log : dnnl_softmax_accurate;
#if ODN_VERSION_3
    library = dnnl_softmax_forward_primitive_desc_create(
        &draft.desc, odn_engine(), kind, algorithm, odn_md_raw(src), odn_md_raw(dst), axis,
        draft.attr);
#else
    dnnl_softmax_v2_desc_t op;
    library = dnnl_softmax_v2_forward_desc_init(
        &op, kind, algorithm, odn_md_raw(src), odn_md_raw(dst), axis);
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, NULL);
#endif
  }
  return odn_draft_finish(&draft, status, library, out);
}

int odn_softmax_backward(
    int logarithm, const odn_md *diff_src, const odn_md *diff_dst, const odn_md *dst, int axis,
    const odn_attributes *attributes, odn_primitive **out) {
  odn_draft draft;
  int status = odn_draft_begin(&draft, "softmax backward", attributes, NULL);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "diff_src", diff_src);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "diff_dst", diff_dst);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "dst", dst);
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
    dnnl_alg_kind_t algorithm = logarithm ? dnnl_softmax_log : dnnl_softmax_accurate;
#if ODN_VERSION_3
    library = dnnl_softmax_backward_primitive_desc_create(
        &draft.desc, odn_engine(), algorithm, odn_md_raw(diff_src), odn_md_raw(diff_dst),
        odn_md_raw(dst), axis, NULL, draft.attr);
#else
    dnnl_softmax_v2_desc_t op;
    library = dnnl_softmax_v2_backward_desc_init(
        &op, algorithm, odn_md_raw(diff_src), odn_md_raw(diff_dst), odn_md_raw(dst), axis);
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, NULL);
#endif
  }
  return odn_draft_finish(&draft, status, library, out);
}

static int find_algorithm(
    const odn_draft *draft, odn_eltwise kind, float *alpha, float *beta,
    dnnl_alg_kind_t *algorithm) {
  *algorithm = odn_eltwise_to_library(kind, alpha, beta);
  if (*algorithm != dnnl_alg_kind_undef) return ODN_OK;
  if (kind == ODN_HARDSIGMOID) {
    return odn_fail(
        ODN_UNSUPPORTED, "%s: version 2 of oneDNN has no hardsigmoid", draft->primitive->name);
  }
  return odn_fail(ODN_INVALID, "%s: unknown function %d", draft->primitive->name, (int)kind);
}

int odn_eltwise_forward(
    odn_eltwise kind, int training, const odn_md *data, float alpha, float beta,
    const odn_attributes *attributes, odn_primitive **out) {
  odn_draft draft;
  dnnl_alg_kind_t algorithm = dnnl_alg_kind_undef;
  int status = odn_draft_begin(&draft, "element-wise forward", attributes, NULL);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "data", data);
  if (status == ODN_OK) status = find_algorithm(&draft, kind, &alpha, &beta, &algorithm);
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
    dnnl_prop_kind_t direction = training ? dnnl_forward_training : dnnl_forward_inference;
#if ODN_VERSION_3
    library = dnnl_eltwise_forward_primitive_desc_create(
        &draft.desc, odn_engine(), direction, algorithm, odn_md_raw(data), odn_md_raw(data),
        alpha, beta, draft.attr);
#else
    dnnl_eltwise_desc_t op;
    library = dnnl_eltwise_forward_desc_init(
        &op, direction, algorithm, odn_md_raw(data), alpha, beta);
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, NULL);
#endif
  }
  return odn_draft_finish(&draft, status, library, out);
}

int odn_eltwise_backward(
    odn_eltwise kind, const odn_md *diff_data, const odn_md *data, float alpha, float beta,
    const odn_attributes *attributes, odn_primitive **out) {
  odn_draft draft;
  dnnl_alg_kind_t algorithm = dnnl_alg_kind_undef;
  int status = odn_draft_begin(&draft, "element-wise backward", attributes, NULL);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "diff_data", diff_data);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "data", data);
  if (status == ODN_OK) status = find_algorithm(&draft, kind, &alpha, &beta, &algorithm);
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
#if ODN_VERSION_3
    library = dnnl_eltwise_backward_primitive_desc_create(
        &draft.desc, odn_engine(), algorithm, odn_md_raw(diff_data), odn_md_raw(diff_data),
        odn_md_raw(data), alpha, beta, NULL, draft.attr);
#else
    dnnl_eltwise_desc_t op;
    library = dnnl_eltwise_backward_desc_init(
        &op, algorithm, odn_md_raw(diff_data), odn_md_raw(data), alpha, beta);
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, NULL);
#endif
  }
  return odn_draft_finish(&draft, status, library, out);
}
