#include "internal.h"

int odn_matmul(
    const odn_md *src, const odn_md *weights, const odn_md *bias, const odn_md *dst,
    const odn_attributes *attributes, odn_primitive **out) {
  odn_draft draft;
  int rank = odn_md_rank(dst);
  odn_scaling scaling = {
      .axis = rank - 1,
      .arg = DNNL_ARG_WEIGHTS,
      .mask = rank > 0 ? 1 << (rank - 1) : 0,
      .rank = rank,
      .bias = bias,
  };
  int status = odn_draft_begin(&draft, "matrix product", attributes, &scaling);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "src", src);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "weights", weights);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "dst", dst);
  if (status == ODN_OK && bias && odn_md_rank(bias) != rank) {
    status = odn_fail(
        ODN_INVALID, "matrix product: the bias has %d axes, dst %d", odn_md_rank(bias), rank);
  }
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
#if ODN_VERSION_3
    library = dnnl_matmul_primitive_desc_create(
        &draft.desc, odn_engine(), odn_md_raw(src), odn_md_raw(weights), draft.bias,
        odn_md_raw(dst), draft.attr);
#else
    dnnl_matmul_desc_t op;
    library = dnnl_matmul_desc_init(
        &op, odn_md_raw(src), odn_md_raw(weights), draft.bias, odn_md_raw(dst));
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, NULL);
#endif
  }
  return odn_draft_finish(&draft, status, library, out);
}

int odn_inner_product_forward(
    int training, const odn_md *src, const odn_md *weights, const odn_md *bias, const odn_md *dst,
    const odn_attributes *attributes, odn_primitive **out) {
  odn_draft draft;
  odn_scaling scaling = {
      .axis = 1, .arg = DNNL_ARG_WEIGHTS, .mask = 1, .rank = odn_md_rank(dst), .bias = bias};
  int status = odn_draft_begin(&draft, "inner product forward", attributes, &scaling);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "src", src);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "weights", weights);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "dst", dst);
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
    dnnl_prop_kind_t kind = training ? dnnl_forward_training : dnnl_forward_inference;
#if ODN_VERSION_3
    library = dnnl_inner_product_forward_primitive_desc_create(
        &draft.desc, odn_engine(), kind, odn_md_raw(src), odn_md_raw(weights), draft.bias,
        odn_md_raw(dst), draft.attr);
#else
    dnnl_inner_product_desc_t op;
    library = dnnl_inner_product_forward_desc_init(
        &op, kind, odn_md_raw(src), odn_md_raw(weights), draft.bias, odn_md_raw(dst));
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, NULL);
#endif
  }
  return odn_draft_finish(&draft, status, library, out);
}

int odn_inner_product_backward_data(
    const odn_md *diff_src, const odn_md *weights, const odn_md *diff_dst,
    const odn_attributes *attributes, odn_primitive **out) {
  odn_draft draft;
  int status = odn_draft_begin(&draft, "inner product backward data", attributes, NULL);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "diff_src", diff_src);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "weights", weights);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "diff_dst", diff_dst);
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
#if ODN_VERSION_3
    library = dnnl_inner_product_backward_data_primitive_desc_create(
        &draft.desc, odn_engine(), odn_md_raw(diff_src), odn_md_raw(weights),
        odn_md_raw(diff_dst), NULL, draft.attr);
#else
    dnnl_inner_product_desc_t op;
    library = dnnl_inner_product_backward_data_desc_init(
        &op, odn_md_raw(diff_src), odn_md_raw(weights), odn_md_raw(diff_dst));
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, NULL);
#endif
  }
  return odn_draft_finish(&draft, status, library, out);
}

int odn_inner_product_backward_weights(
    const odn_md *src, const odn_md *diff_weights, const odn_md *diff_bias,
    const odn_md *diff_dst, const odn_attributes *attributes, odn_primitive **out) {
  odn_draft draft;
  int status = odn_draft_begin(&draft, "inner product backward weights", attributes, NULL);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "src", src);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "diff_weights", diff_weights);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "diff_dst", diff_dst);
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
#if ODN_VERSION_3
    library = dnnl_inner_product_backward_weights_primitive_desc_create(
        &draft.desc, odn_engine(), odn_md_raw(src), odn_md_raw(diff_weights),
        odn_md_raw(diff_bias), odn_md_raw(diff_dst), NULL, draft.attr);
#else
    dnnl_inner_product_desc_t op;
    library = dnnl_inner_product_backward_weights_desc_init(
        &op, odn_md_raw(src), odn_md_raw(diff_weights), odn_md_raw(diff_bias),
        odn_md_raw(diff_dst));
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, NULL);
#endif
  }
  return odn_draft_finish(&draft, status, library, out);
}
