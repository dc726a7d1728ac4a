#include <stdlib.h>

#include "internal.h"

static unsigned to_library(int flags) {
  unsigned result = dnnl_normalization_flags_none;
  if (flags & ODN_NORM_GIVEN_STATISTICS) result |= dnnl_use_global_stats;
  if (flags & ODN_NORM_SCALE) result |= dnnl_use_scale;
  if (flags & ODN_NORM_SHIFT) result |= dnnl_use_shift;
  if (flags & ODN_NORM_RELU) result |= dnnl_fuse_norm_relu;
  return result;
}

#if !ODN_VERSION_3
/// Version 2 insists on a shift in the backward pass, where nothing depends on it.
static int pass_shift(odn_draft *draft, const odn_md *data) {
  odn_md_fields fields;
  odn_md_look(data, &fields);
  float *zeros = calloc((size_t)fields.dims[1] + 1, sizeof *zeros);
  if (!zeros) return odn_fail(ODN_OUT_OF_MEMORY, "%s: out of memory", draft->primitive->name);
  int result = odn_primitive_pass(draft->primitive, DNNL_ARG_SHIFT, fields.dims[1], zeros);
  free(zeros);
  return result;
}
#endif

int odn_batch_norm_forward(
    int training, int flags, const odn_md *data, float epsilon, const odn_attributes *attributes,
    odn_primitive **out) {
  odn_draft draft;
  int status = odn_draft_begin(&draft, "batch normalisation forward", attributes, NULL);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "data", data);
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
    dnnl_prop_kind_t kind = training ? dnnl_forward_training : dnnl_forward_inference;
#if ODN_VERSION_3
    library = dnnl_batch_normalization_forward_primitive_desc_create(
        &draft.desc, odn_engine(), kind, odn_md_raw(data), odn_md_raw(data), epsilon,
        to_library(flags), draft.attr);
#else
    dnnl_batch_normalization_desc_t op;
    library = dnnl_batch_normalization_forward_desc_init(
        &op, kind, odn_md_raw(data), epsilon, to_library(flags));
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, NULL);
#endif
  }
  return odn_draft_finish(&draft, status, library, out);
}

int odn_batch_norm_backward(
    const odn_primitive *forward, int flags, const odn_md *diff_data, const odn_md *data,
    float epsilon, const odn_attributes *attributes, odn_primitive **out) {
  odn_draft draft;
  int status = odn_draft_begin(&draft, "batch normalisation backward", attributes, NULL);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "diff_data", diff_data);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "data", data);
  if (status == ODN_OK && !forward) {
    status = odn_fail(ODN_INVALID, "batch normalisation backward: forward is missing");
  }
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
    // Without scale and shift there is nothing but data to differentiate.
    dnnl_prop_kind_t kind =
        flags & (ODN_NORM_SCALE | ODN_NORM_SHIFT) ? dnnl_backward : dnnl_backward_data;
#if ODN_VERSION_3
    library = dnnl_batch_normalization_backward_primitive_desc_create(
        &draft.desc, odn_engine(), kind, odn_md_raw(diff_data), odn_md_raw(diff_data),
        odn_md_raw(data), epsilon, to_library(flags), forward->desc, draft.attr);
#else
    dnnl_batch_normalization_desc_t op;
    library = dnnl_batch_normalization_backward_desc_init(
        &op, kind, odn_md_raw(diff_data), odn_md_raw(data), epsilon, to_library(flags));
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, forward);
    if (library == dnnl_success && flags & ODN_NORM_SHIFT) status = pass_shift(&draft, data);
#endif
  }
  return odn_draft_finish(&draft, status, library, out);
}

int odn_lrn_forward(
    int training, int across_channels, const odn_md *data, int64_t size, float alpha, float beta,
    float k, const odn_attributes *attributes, odn_primitive **out) {
  odn_draft draft;
  int status = odn_draft_begin(&draft, "local response normalisation forward", attributes, NULL);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "data", data);
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
    dnnl_prop_kind_t kind = training ? dnnl_forward_training : dnnl_forward_inference;
    dnnl_alg_kind_t algorithm =
        across_channels ? dnnl_lrn_across_channels : dnnl_lrn_within_channel;
#if ODN_VERSION_3
    library = dnnl_lrn_forward_primitive_desc_create(
        &draft.desc, odn_engine(), kind, algorithm, odn_md_raw(data), odn_md_raw(data), size,
        alpha, beta, k, draft.attr);
#else
    dnnl_lrn_desc_t op;
    library = dnnl_lrn_forward_desc_init(
        &op, kind, algorithm, odn_md_raw(data), size, alpha, beta, k);
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, NULL);
#endif
  }
  return odn_draft_finish(&draft, status, library, out);
}

int odn_lrn_backward(
    const odn_primitive *forward, int across_channels, const odn_md *diff_data,
    const odn_md *data, int64_t size, float alpha, float beta, float k,
    const odn_attributes *attributes, odn_primitive **out) {
  odn_draft draft;
  int status = odn_draft_begin(&draft, "local response normalisation backward", attributes, NULL);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "diff_data", diff_data);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "data", data);
  if (status == ODN_OK && !forward) {
    status = odn_fail(ODN_INVALID, "local response normalisation backward: forward is missing");
  }
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
    dnnl_alg_kind_t algorithm =
        across_channels ? dnnl_lrn_across_channels : dnnl_lrn_within_channel;
#if ODN_VERSION_3
    library = dnnl_lrn_backward_primitive_desc_create(
        &draft.desc, odn_engine(), algorithm, odn_md_raw(diff_data), odn_md_raw(diff_data),
        odn_md_raw(data), size, alpha, beta, k, forward->desc, draft.attr);
#else
    dnnl_lrn_desc_t op;
    library = dnnl_lrn_backward_desc_init(
        &op, algorithm, odn_md_raw(diff_data), odn_md_raw(data), size, alpha, beta, k);
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, forward);
#endif
  }
  return odn_draft_finish(&draft, status, library, out);
}
