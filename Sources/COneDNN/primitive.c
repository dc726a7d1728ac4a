#include <stdlib.h>
#include <string.h>

#include "internal.h"

// The numbers of plain arguments are the library's, in both versions.
_Static_assert(ODN_ARG_SRC == DNNL_ARG_SRC, "argument");
_Static_assert(ODN_ARG_SRC_1 == DNNL_ARG_SRC_1, "argument");
_Static_assert(ODN_ARG_DST == DNNL_ARG_DST, "argument");
_Static_assert(ODN_ARG_WEIGHTS == DNNL_ARG_WEIGHTS, "argument");
_Static_assert(ODN_ARG_BIAS == DNNL_ARG_BIAS, "argument");
_Static_assert(ODN_ARG_MEAN == DNNL_ARG_MEAN, "argument");
_Static_assert(ODN_ARG_VARIANCE == DNNL_ARG_VARIANCE, "argument");
_Static_assert(ODN_ARG_SCALE == DNNL_ARG_SCALE, "argument");
_Static_assert(ODN_ARG_SHIFT == DNNL_ARG_SHIFT, "argument");
_Static_assert(ODN_ARG_WORKSPACE == DNNL_ARG_WORKSPACE, "argument");
_Static_assert(ODN_ARG_SCRATCHPAD == DNNL_ARG_SCRATCHPAD, "argument");
_Static_assert(ODN_ARG_DIFF_SRC == DNNL_ARG_DIFF_SRC, "argument");
_Static_assert(ODN_ARG_DIFF_DST == DNNL_ARG_DIFF_DST, "argument");
_Static_assert(ODN_ARG_DIFF_WEIGHTS == DNNL_ARG_DIFF_WEIGHTS, "argument");
_Static_assert(ODN_ARG_DIFF_BIAS == DNNL_ARG_DIFF_BIAS, "argument");
_Static_assert(ODN_ARG_DIFF_SCALE == DNNL_ARG_DIFF_SCALE, "argument");
_Static_assert(ODN_ARG_DIFF_SHIFT == DNNL_ARG_DIFF_SHIFT, "argument");
_Static_assert(ODN_ARG_SOURCES == DNNL_ARG_MULTIPLE_SRC, "argument");

int odn_primitive_library_arg(const odn_primitive *primitive, int arg) {
  if (arg == ODN_ARG_BIAS && primitive->bias_post_op >= 0) {
    return DNNL_ARG_ATTR_MULTIPLE_POST_OP(primitive->bias_post_op) | DNNL_ARG_SRC_1;
  }
  if (arg < 1) return -1;
  if (arg < ODN_ARG_POST_OP) return arg;
  int wants_bias = arg >= ODN_ARG_POST_OP_BIAS;
  int index = arg - (wants_bias ? ODN_ARG_POST_OP_BIAS : ODN_ARG_POST_OP);
  if (index < 0 || index >= primitive->post_op_count) return -1;
  if (primitive->post_op_kind[index] == ODN_POST_OP_DEPTHWISE) {
    return DNNL_ARG_ATTR_POST_OP_DW | (wants_bias ? DNNL_ARG_BIAS : DNNL_ARG_WEIGHTS);
  }
  if (primitive->post_op_kind[index] == ODN_POST_OP_BINARY && !wants_bias) {
    return DNNL_ARG_ATTR_MULTIPLE_POST_OP(primitive->post_op_index[index]) | DNNL_ARG_SRC_1;
  }
  return -1;
}

odn_raw odn_primitive_raw(const odn_primitive *primitive, int arg) {
  int number = odn_primitive_library_arg(primitive, arg);
  if (number < 0) return NULL;
  odn_raw raw = dnnl_primitive_desc_query_md(primitive->desc, dnnl_query_exec_arg_md, number);
  if (!raw) return NULL;
#if ODN_VERSION_3
  int rank = 0;
  dnnl_memory_desc_query(raw, dnnl_query_ndims_s32, &rank);
  return rank > 0 ? raw : NULL;
#else
  return raw->ndims > 0 ? raw : NULL;
#endif
}

int odn_primitive_md(const odn_primitive *primitive, int arg, odn_md **out) {
  *out = NULL;
  if (!primitive) return odn_fail(ODN_INVALID, "argument %d: no primitive", arg);
  if (arg == ODN_ARG_BIAS && primitive->bias) return odn_md_clone(primitive->bias, out);
  odn_raw raw = odn_primitive_raw(primitive, arg);
  if (!raw) return odn_fail(ODN_INVALID, "%s: has no argument %d", primitive->name, arg);
  return odn_md_wrap(raw, out);
}

size_t odn_primitive_scratchpad_size(const odn_primitive *primitive) {
  odn_raw raw = dnnl_primitive_desc_query_md(primitive->desc, dnnl_query_scratchpad_md, 0);
  return raw ? dnnl_memory_desc_get_size(raw) : 0;
}

const char *odn_primitive_implementation(const odn_primitive *primitive) {
  const char *name = NULL;
  dnnl_primitive_desc_query(primitive->desc, dnnl_query_impl_info_str, 0, &name);
  return name ? name : "";
}

int odn_primitive_pass(
    odn_primitive *primitive, int library_arg, int64_t count, const float *values) {
  if (primitive->implicit_count == ODN_IMPLICIT_ARGS) {
    return odn_fail(
        ODN_INVALID, "%s: more than %d own arguments", primitive->name, ODN_IMPLICIT_ARGS);
  }
  odn_implicit_arg *implicit = &primitive->implicit[primitive->implicit_count++];
  size_t bytes = (size_t)count * sizeof *values;
  implicit->values = malloc(bytes);
  if (!implicit->values) {
    return odn_fail(ODN_OUT_OF_MEMORY, "%s: out of memory", primitive->name);
  }
  memcpy(implicit->values, values, bytes);
  implicit->arg = library_arg;
  odn_md *md;
  int result = odn_md_create(ODN_F32, 1, &count, NULL, &md);
  if (result != ODN_OK) return result;
  dnnl_status_t status =
      dnnl_memory_create(&implicit->memory, odn_md_raw(md), odn_engine(), implicit->values);
  odn_md_destroy(md);
  if (status == dnnl_success) return ODN_OK;
  return odn_fail(
      odn_status_from_library(status), "%s: own argument: %s", primitive->name,
      odn_status_words(status));
}

void odn_primitive_retain(const odn_primitive *primitive) {
  // Counting references does not change what the primitive is.
  atomic_fetch_add_explicit(
      &((odn_primitive *)primitive)->references, 1, memory_order_relaxed);
}

void odn_primitive_destroy(odn_primitive *primitive) {
  if (!primitive) return;
  if (atomic_fetch_sub_explicit(&primitive->references, 1, memory_order_acq_rel) > 1) return;
  if (primitive->handle) dnnl_primitive_destroy(primitive->handle);
  if (primitive->desc) dnnl_primitive_desc_destroy(primitive->desc);
  for (int i = 0; i < primitive->implicit_count; i++) {
    if (primitive->implicit[i].memory) dnnl_memory_destroy(primitive->implicit[i].memory);
    free(primitive->implicit[i].values);
  }
  odn_md_destroy(primitive->bias);
  free(primitive);
}
