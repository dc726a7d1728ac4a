#include <stdlib.h>

#include "internal.h"

int odn_binary_operation(
    odn_binary kind, const odn_md *first, const odn_md *second, const odn_md *dst,
    const odn_attributes *attributes, odn_primitive **out) {
  odn_draft draft;
  int status = odn_draft_begin(&draft, "binary operation", attributes, NULL);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "first", first);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "second", second);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "dst", dst);
  dnnl_alg_kind_t algorithm = odn_binary_to_library(kind);
  if (status == ODN_OK && algorithm == dnnl_alg_kind_undef) {
    status = odn_fail(ODN_INVALID, "binary operation: unknown function %d", (int)kind);
  }
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
#if ODN_VERSION_3
    library = dnnl_binary_primitive_desc_create(
        &draft.desc, odn_engine(), algorithm, odn_md_raw(first), odn_md_raw(second),
        odn_md_raw(dst), draft.attr);
#else
    dnnl_binary_desc_t op;
    library = dnnl_binary_desc_init(
        &op, algorithm, odn_md_raw(first), odn_md_raw(second), odn_md_raw(dst));
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, NULL);
#endif
  }
  return odn_draft_finish(&draft, status, library, out);
}

/// The sources as the library takes them: one array, to be freed.
static dnnl_memory_desc_t *gather(
    odn_draft *draft, int count, const odn_md *const *sources, int *status) {
  if (count < 1 || !sources) {
    *status = odn_fail(ODN_INVALID, "%s: no sources", draft->primitive->name);
    return NULL;
  }
  dnnl_memory_desc_t *array = calloc((size_t)count, sizeof *array);
  if (!array) {
    *status = odn_fail(ODN_OUT_OF_MEMORY, "%s: out of memory", draft->primitive->name);
    return NULL;
  }
  for (int i = 0; i < count && *status == ODN_OK; i++) {
    *status = odn_draft_operand(draft, "source", sources[i]);
    if (*status == ODN_OK) array[i] = sources[i]->desc;
  }
  return array;
}

int odn_sum(
    int count, const float *scales, const odn_md *const *sources, const odn_md *dst,
    const odn_attributes *attributes, odn_primitive **out) {
  odn_draft draft;
  float *ones = NULL;
  dnnl_memory_desc_t *array = NULL;
  int status = odn_draft_begin(&draft, "sum", attributes, NULL);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "dst", dst);
  if (status == ODN_OK) array = gather(&draft, count, sources, &status);
  if (status == ODN_OK && !scales) {
    ones = malloc((size_t)count * sizeof *ones);
    if (!ones) status = odn_fail(ODN_OUT_OF_MEMORY, "sum: out of memory");
    for (int i = 0; ones && i < count; i++) ones[i] = 1;
    scales = ones;
  }
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
#if ODN_VERSION_3
    library = dnnl_sum_primitive_desc_create(
        &draft.desc, odn_engine(), odn_md_raw(dst), count, scales,
        (const_dnnl_memory_desc_t const *)array, draft.attr);
#else
    library = dnnl_sum_primitive_desc_create(
        &draft.desc, odn_md_raw(dst), count, scales, array, draft.attr, odn_engine());
#endif
  }
  free(ones);
  free(array);
  return odn_draft_finish(&draft, status, library, out);
}

int odn_concat(
    int axis, int count, const odn_md *const *sources, const odn_md *dst,
    const odn_attributes *attributes, odn_primitive **out) {
  odn_draft draft;
  dnnl_memory_desc_t *array = NULL;
  int status = odn_draft_begin(&draft, "concatenation", attributes, NULL);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "dst", dst);
  if (status == ODN_OK) array = gather(&draft, count, sources, &status);
  if (status == ODN_OK && (axis < 0 || axis >= odn_md_rank(dst))) {
    status = odn_fail(ODN_INVALID, "concatenation: no axis %d", axis);
  }
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
#if ODN_VERSION_3
    library = dnnl_concat_primitive_desc_create(
        &draft.desc, odn_engine(), odn_md_raw(dst), count, axis,
        (const_dnnl_memory_desc_t const *)array, draft.attr);
#else
    library = dnnl_concat_primitive_desc_create(
        &draft.desc, odn_md_raw(dst), count, axis, array, draft.attr, odn_engine());
#endif
  }
  free(array);
  return odn_draft_finish(&draft, status, library, out);
}

int odn_reorder(
    const odn_md *src, const odn_md *dst, const odn_attributes *attributes, odn_primitive **out) {
  odn_draft draft;
  odn_md *from = NULL;
  odn_md *to = NULL;
  odn_md_fields src_fields;
  odn_md_fields dst_fields;
  odn_md_look(src, &src_fields);
  odn_md_look(dst, &dst_fields);
  int grouping = src_fields.rank - dst_fields.rank;
  int along_output = attributes && attributes->scale_axis == 0 && grouping != 0;
  odn_scaling scaling = {
      .axis = along_output ? 0 : -1, .arg = DNNL_ARG_SRC, .mask = along_output ? 3 : 0};
  int status = odn_draft_begin(&draft, "reorder", attributes, &scaling);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "src", src);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "dst", dst);
  if (status == ODN_OK) {
    // One side may have the axis of groups that the other lacks.
    status = grouping == -1
                 ? odn_grouped_weights(src, dst_fields.dims[0], src_fields.rank, &from)
                 : odn_md_clone(src, &from);
  }
  if (status == ODN_OK) {
    status = grouping == 1 ? odn_grouped_weights(dst, src_fields.dims[0], dst_fields.rank, &to)
                           : odn_md_clone(dst, &to);
  }
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
    library = dnnl_reorder_primitive_desc_create(
        &draft.desc, odn_md_raw(from), odn_engine(), odn_md_raw(to), odn_engine(), draft.attr);
  }
  odn_md_destroy(from);
  odn_md_destroy(to);
  return odn_draft_finish(&draft, status, library, out);
}

int odn_shuffle(
    int backward, const odn_md *data, int axis, int64_t group_size,
    const odn_attributes *attributes, odn_primitive **out) {
  odn_draft draft;
  int status = odn_draft_begin(
      &draft, backward ? "shuffle backward" : "shuffle forward", attributes, NULL);
  if (status == ODN_OK) status = odn_draft_operand(&draft, "data", data);
  dnnl_status_t library = dnnl_success;
  if (status == ODN_OK) {
#if ODN_VERSION_3
    odn_raw raw = odn_md_raw(data);
    library = backward ? dnnl_shuffle_backward_primitive_desc_create(
                             &draft.desc, odn_engine(), raw, raw, axis, group_size, NULL,
                             draft.attr)
                       : dnnl_shuffle_forward_primitive_desc_create(
                             &draft.desc, odn_engine(), dnnl_forward_inference, raw, raw, axis,
                             group_size, draft.attr);
#else
    dnnl_shuffle_desc_t op;
    library = backward
                  ? dnnl_shuffle_backward_desc_init(&op, odn_md_raw(data), axis, group_size)
                  : dnnl_shuffle_forward_desc_init(
                        &op, dnnl_forward_inference, odn_md_raw(data), axis, group_size);
    if (library == dnnl_success) library = odn_draft_describe(&draft, &op, NULL);
#endif
  }
  return odn_draft_finish(&draft, status, library, out);
}
