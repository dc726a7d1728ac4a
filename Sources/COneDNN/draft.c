#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static dnnl_status_t append_eltwise(dnnl_post_ops_t ops, odn_eltwise kind, float a, float b) {
  dnnl_alg_kind_t algorithm = odn_eltwise_to_library(kind, &a, &b);
#if ODN_VERSION_3
  return dnnl_post_ops_append_eltwise(ops, algorithm, a, b);
#else
  if (kind == ODN_HARDSIGMOID) {
    dnnl_status_t status = dnnl_post_ops_append_eltwise(ops, 1, dnnl_eltwise_linear, a, b);
    if (status != dnnl_success) return status;
    return dnnl_post_ops_append_eltwise(ops, 1, dnnl_eltwise_clip, 0, 1);
  }
  return dnnl_post_ops_append_eltwise(ops, 1, algorithm, a, b);
#endif
}

static dnnl_status_t append(dnnl_post_ops_t ops, const odn_post_op *op) {
  switch (op->kind) {
    case ODN_POST_OP_ELTWISE:
      return append_eltwise(ops, (odn_eltwise)op->algorithm, op->alpha, op->beta);
    case ODN_POST_OP_SUM:
#if ODN_VERSION_3
      return dnnl_post_ops_append_sum(ops, op->alpha, 0, odn_type_to_library(op->dst_type));
#else
      return dnnl_post_ops_append_sum_v2(ops, op->alpha, odn_type_to_library(op->dst_type));
#endif
    case ODN_POST_OP_BINARY:
      return dnnl_post_ops_append_binary(
          ops, odn_binary_to_library((odn_binary)op->algorithm), odn_md_raw(op->operand));
    case ODN_POST_OP_DEPTHWISE:
      return dnnl_post_ops_append_dw(
          ops, odn_type_to_library(op->weights_type), odn_type_to_library(op->bias_type),
          odn_type_to_library(op->dst_type), 3, op->stride, 1
#if !ODN_VERSION_3
          ,
          0, 0, NULL
#endif
      );
  }
  return dnnl_invalid_arguments;
}

#if !ODN_VERSION_3
/// Version 2 scales the sum of products and the bias together; the shim scales the former alone, so
/// the bias becomes the first thing added after the scales.
static dnnl_status_t append_bias(dnnl_post_ops_t ops, const odn_scaling *scaling) {
  odn_md *bias = NULL;
  if (odn_md_rank(scaling->bias) == scaling->rank) {
    if (odn_md_clone(scaling->bias, &bias) != ODN_OK) return dnnl_out_of_memory;
  } else {
    int64_t dims[ODN_MAX_RANK];
    for (int axis = 0; axis < ODN_MAX_RANK; axis++) dims[axis] = 1;
    odn_md_dims(scaling->bias, &dims[1]);
    if (odn_md_create(odn_md_type(scaling->bias), scaling->rank, dims, NULL, &bias) != ODN_OK) {
      return dnnl_invalid_arguments;
    }
  }
  dnnl_status_t status = dnnl_post_ops_append_binary(ops, dnnl_binary_add, odn_md_raw(bias));
  odn_md_destroy(bias);
  return status;
}
#endif

static int set_post_ops(
    odn_draft *draft, const odn_attributes *attributes, const odn_scaling *scaling) {
  odn_primitive *primitive = draft->primitive;
  dnnl_post_ops_t ops;
  dnnl_status_t status = dnnl_post_ops_create(&ops);
  if (status != dnnl_success) {
    return odn_fail(ODN_OUT_OF_MEMORY, "%s: post-ops: out of memory", primitive->name);
  }
#if !ODN_VERSION_3
  if (attributes->scales && scaling && scaling->bias) {
    status = append_bias(ops, scaling);
    if (status == dnnl_success && odn_md_clone(scaling->bias, &primitive->bias) != ODN_OK) {
      status = dnnl_out_of_memory;
    }
    primitive->bias_post_op = 0;
    draft->bias = NULL;
  }
#else
  (void)scaling;
#endif
  for (int i = 0; i < attributes->post_op_count && status == dnnl_success; i++) {
    primitive->post_op_index[i] = dnnl_post_ops_len(ops);
    primitive->post_op_kind[i] = attributes->post_ops[i].kind;
    primitive->post_op_count = i + 1;
    status = append(ops, &attributes->post_ops[i]);
  }
  if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(draft->attr, ops);
  dnnl_post_ops_destroy(ops);
  if (status == dnnl_success) return ODN_OK;
  return odn_fail(
      odn_status_from_library(status), "%s: post-op %d: %s", primitive->name,
      primitive->post_op_count - 1, odn_status_words(status));
}

static int set_scales(
    odn_draft *draft, const odn_attributes *attributes, const odn_scaling *scaling) {
  odn_primitive *primitive = draft->primitive;
  int many = attributes->scale_count > 1;
  if (!scaling) return odn_fail(ODN_INVALID, "%s: takes no scales", primitive->name);
  if (many && scaling->axis >= 0 && attributes->scale_axis != scaling->axis) {
    return odn_fail(
        ODN_INVALID, "%s: scales along axis %d, where only axis %d is possible",
        primitive->name, attributes->scale_axis, scaling->axis);
  }
#if ODN_VERSION_3
  int result = odn_primitive_pass(
      primitive, DNNL_ARG_ATTR_SCALES | scaling->arg, attributes->scale_count,
      attributes->scales);
  if (result != ODN_OK) return result;
  int mask = !many ? 0 : scaling->mask ? scaling->mask : 1 << attributes->scale_axis;
  dnnl_status_t status = dnnl_primitive_attr_set_scales_mask(draft->attr, scaling->arg, mask);
#else
  int own_mask = scaling->arg == DNNL_ARG_SRC && scaling->mask;
  int mask = !many ? 0 : own_mask ? scaling->mask : 1 << attributes->scale_axis;
  dnnl_status_t status = dnnl_primitive_attr_set_output_scales(
      draft->attr, attributes->scale_count, mask, attributes->scales);
#endif
  if (status == dnnl_success) return ODN_OK;
  return odn_fail(
      odn_status_from_library(status), "%s: scales: %s", primitive->name,
      odn_status_words(status));
}

/// Gives the primitive the bias it passes by itself.
static int set_bias(
    odn_draft *draft, const odn_attributes *attributes, const odn_scaling *scaling) {
  odn_primitive *primitive = draft->primitive;
  if (!scaling || scaling->arg != DNNL_ARG_WEIGHTS || scaling->bias) {
    return odn_fail(
        ODN_INVALID, "%s: takes no bias of its own%s", primitive->name,
        scaling && scaling->bias ? " beside that of the call" : "");
  }
  int64_t count = attributes->bias_count;
  int result = odn_md_create(ODN_F32, 1, &count, NULL, &draft->own_bias);
  if (result != ODN_OK) return result;
  draft->bias = odn_md_raw(draft->own_bias);
#if ODN_VERSION_3
  return odn_primitive_pass(primitive, DNNL_ARG_BIAS, count, attributes->bias);
#else
  // Version 2 scales the bias together with the sum of products.
  float *bias = malloc((size_t)count * sizeof *bias);
  if (!bias) return odn_fail(ODN_OUT_OF_MEMORY, "%s: out of memory", primitive->name);
  for (int64_t i = 0; i < count; i++) {
    float scale = attributes->scales ? attributes->scales[i % attributes->scale_count] : 1;
    bias[i] = attributes->bias[i] / scale;
  }
  result = odn_primitive_pass(primitive, DNNL_ARG_BIAS, count, bias);
  free(bias);
  return result;
#endif
}

int odn_draft_begin(
    odn_draft *draft, const char *name, const odn_attributes *attributes,
    const odn_scaling *scaling) {
  memset(draft, 0, sizeof *draft);
  if (!odn_engine()) return ODN_FAILED;
  odn_primitive *primitive = calloc(1, sizeof *primitive);
  if (!primitive) return odn_fail(ODN_OUT_OF_MEMORY, "%s: out of memory", name);
  atomic_init(&primitive->references, 1);
  primitive->name = name;
  primitive->bias_post_op = -1;
  draft->primitive = primitive;
  if (scaling && scaling->bias) draft->bias = odn_md_raw(scaling->bias);
  dnnl_status_t status = dnnl_primitive_attr_create(&draft->attr);
  if (status == dnnl_success) {
    status = dnnl_primitive_attr_set_scratchpad_mode(draft->attr, dnnl_scratchpad_mode_user);
  }
  if (status != dnnl_success) {
    return odn_fail(
        odn_status_from_library(status), "%s: attributes: %s", name, odn_status_words(status));
  }
  if (!attributes) return ODN_OK;
  draft->implementation = attributes->implementation;
  int result = set_post_ops(draft, attributes, scaling);
  if (result == ODN_OK && attributes->scales) result = set_scales(draft, attributes, scaling);
  if (result == ODN_OK && attributes->bias) result = set_bias(draft, attributes, scaling);
  return result;
}

int odn_draft_operand(odn_draft *draft, const char *name, const odn_md *md) {
  if (!md) return odn_fail(ODN_INVALID, "%s: %s is missing", draft->primitive->name, name);
  if (draft->operand_count < ODN_DRAFT_OPERANDS) {
    draft->operand_names[draft->operand_count] = name;
    draft->operands[draft->operand_count++] = md;
  }
  return ODN_OK;
}

/// The names of the implementations walked past.
typedef struct seen_names {
  int count;
  char names[32][48];
} seen_names;

/// Whether a name is new; remembers it.
static int is_new(seen_names *seen, dnnl_primitive_desc_t desc) {
  const char *name = NULL;
  dnnl_primitive_desc_query(desc, dnnl_query_impl_info_str, 0, &name);
  if (!name) return 0;
  char cut[sizeof seen->names[0]];
  snprintf(cut, sizeof cut, "%s", name);
  for (int i = 0; i < seen->count; i++) {
    if (strcmp(seen->names[i], cut) == 0) return 0;
  }
  if (seen->count < 32) memcpy(seen->names[seen->count++], cut, sizeof cut);
  return 1;
}

// The library's iterator does not advance when it finds its place in the primitive cache, and so it
// returns implementations again; counting names instead of steps gives the same answer every time.

#if ODN_VERSION_3
static dnnl_status_t walk(odn_draft *draft) {
  seen_names seen = {0};
  dnnl_status_t status = dnnl_success;
  int index = is_new(&seen, draft->desc) ? 0 : -1;
  while (status == dnnl_success && index < draft->implementation) {
    status = dnnl_primitive_desc_next_impl(draft->desc);
    if (status == dnnl_success && is_new(&seen, draft->desc)) index++;
  }
  return status;
}
#else
dnnl_status_t odn_draft_describe(
    odn_draft *draft, const_dnnl_op_desc_t op, const odn_primitive *hint) {
  dnnl_primitive_desc_iterator_t iterator;
  dnnl_status_t status = dnnl_primitive_desc_iterator_create(
      &iterator, op, draft->attr, odn_engine(), hint ? hint->desc : NULL);
  if (status != dnnl_success) return status;
  seen_names seen = {0};
  int index = -1;
  for (;;) {
    dnnl_primitive_desc_t desc = dnnl_primitive_desc_iterator_fetch(iterator);
    if (!desc) {
      status = dnnl_out_of_memory;
      break;
    }
    if (is_new(&seen, desc)) index++;
    if (index == draft->implementation) {
      draft->desc = desc;
      break;
    }
    dnnl_primitive_desc_destroy(desc);
    status = dnnl_primitive_desc_iterator_next(iterator);
    if (status != dnnl_success) break;
  }
  dnnl_primitive_desc_iterator_destroy(iterator);
  draft->implementation = 0;
  return status;
}
#endif

static int fail_with_operands(const odn_draft *draft, dnnl_status_t status) {
  char text[1024] = "";
  size_t length = 0;
  for (int i = 0; i < draft->operand_count; i++) {
    char operand[160];
    odn_md_text(draft->operands[i], operand, sizeof operand);
    int written = snprintf(
        text + length, sizeof text - length, "%s%s %s", i ? ", " : "", draft->operand_names[i],
        operand);
    length += (size_t)written;
    if (length >= sizeof text) break;
  }
  return odn_fail(
      odn_status_from_library(status), "%s (%s): %s", draft->primitive->name, text,
      odn_status_words(status));
}

int odn_draft_finish(odn_draft *draft, int status, dnnl_status_t library, odn_primitive **out) {
  *out = NULL;
  if (status == ODN_OK && library == dnnl_success) {
#if ODN_VERSION_3
    if (draft->implementation > 0) library = walk(draft);
#else
    // The kinds that version 2 does not iterate over have one implementation to offer.
    if (draft->implementation > 0) library = dnnl_iterator_ends;
#endif
    if (library == dnnl_success) {
      library = dnnl_primitive_create(&draft->primitive->handle, draft->desc);
    }
  }
  if (status == ODN_OK && library != dnnl_success) status = fail_with_operands(draft, library);
  if (draft->attr) dnnl_primitive_attr_destroy(draft->attr);
  odn_md_destroy(draft->own_bias);
  if (draft->primitive) draft->primitive->desc = draft->desc;
  if (status == ODN_OK) {
    *out = draft->primitive;
  } else {
    odn_primitive_destroy(draft->primitive);
  }
  return status;
}
