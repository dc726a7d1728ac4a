#include <stdio.h>
#include <string.h>

#include "internal.h"

#if ODN_VERSION_3
static void copy_dims(odn_raw raw, dnnl_query_t what, int count, int64_t *out) {
  dnnl_dim_t *values = NULL;
  if (dnnl_memory_desc_query(raw, what, &values) == dnnl_success && values) {
    memcpy(out, values, (size_t)count * sizeof *out);
  }
}
#endif

void odn_md_look(const odn_md *md, odn_md_fields *fields) {
  memset(fields, 0, sizeof *fields);
  if (!md) return;
#if ODN_VERSION_3
  odn_raw raw = md->desc;
  dnnl_data_type_t type = dnnl_data_type_undef;
  dnnl_format_kind_t kind = dnnl_format_kind_undef;
  dnnl_memory_desc_query(raw, dnnl_query_ndims_s32, &fields->rank);
  dnnl_memory_desc_query(raw, dnnl_query_data_type, &type);
  dnnl_memory_desc_query(raw, dnnl_query_format_kind, &kind);
  fields->type = odn_type_from_library(type);
  copy_dims(raw, dnnl_query_dims, fields->rank, fields->dims);
  copy_dims(raw, dnnl_query_padded_dims, fields->rank, fields->padded);
  if (kind == dnnl_blocked) {
    copy_dims(raw, dnnl_query_strides, fields->rank, fields->strides);
    dnnl_memory_desc_query(raw, dnnl_query_inner_nblks_s32, &fields->block_count);
    copy_dims(raw, dnnl_query_inner_blks, fields->block_count, fields->block_sizes);
    copy_dims(raw, dnnl_query_inner_idxs, fields->block_count, fields->block_axes);
    dnnl_memory_desc_query(raw, dnnl_query_submemory_offset_s64, &fields->offset);
  }
#else
  const dnnl_memory_desc_t *raw = &md->desc;
  dnnl_format_kind_t kind = raw->format_kind;
  fields->rank = raw->ndims;
  fields->type = odn_type_from_library(raw->data_type);
  memcpy(fields->dims, raw->dims, (size_t)raw->ndims * sizeof(int64_t));
  memcpy(fields->padded, raw->padded_dims, (size_t)raw->ndims * sizeof(int64_t));
  if (kind == dnnl_blocked) {
    const dnnl_blocking_desc_t *blocking = &raw->format_desc.blocking;
    size_t blocks = (size_t)blocking->inner_nblks * sizeof(int64_t);
    memcpy(fields->strides, blocking->strides, (size_t)raw->ndims * sizeof(int64_t));
    fields->block_count = blocking->inner_nblks;
    memcpy(fields->block_sizes, blocking->inner_blks, blocks);
    memcpy(fields->block_axes, blocking->inner_idxs, blocks);
    fields->offset = raw->offset0;
  }
  fields->extra = raw->extra.flags;
#endif
  if (kind == dnnl_format_kind_any) {
    fields->layout = ODN_LAYOUT_ANY;
  } else if (kind != dnnl_blocked) {
    fields->layout = ODN_LAYOUT_OPAQUE;
  } else {
    fields->layout = fields->block_count > 0 ? ODN_LAYOUT_BLOCKED : ODN_LAYOUT_PLAIN;
  }
#if ODN_VERSION_3
  // The library does not say what it appends to weights, but it counts the bytes.
  if (kind == dnnl_blocked && fields->offset == 0) {
    uint64_t bytes = (uint64_t)odn_fields_span(fields) * dnnl_data_type_size(type);
    fields->extra = dnnl_memory_desc_get_size(raw) - bytes;
  }
#endif
}

void odn_fields_blocks(const odn_md_fields *fields, int64_t *blocks) {
  for (int axis = 0; axis < fields->rank; axis++) blocks[axis] = 1;
  for (int i = 0; i < fields->block_count; i++) {
    blocks[fields->block_axes[i]] *= fields->block_sizes[i];
  }
}

int64_t odn_fields_span(const odn_md_fields *fields) {
  int64_t blocks[ODN_MAX_RANK];
  odn_fields_blocks(fields, blocks);
  int64_t inner = 1;
  for (int i = 0; i < fields->block_count; i++) inner *= fields->block_sizes[i];
  int64_t span = inner;
  for (int axis = 0; axis < fields->rank; axis++) {
    int64_t extent = fields->padded[axis] / blocks[axis] * fields->strides[axis];
    if (fields->padded[axis] == 0) return 0;
    if (extent > span) span = extent;
  }
  return span;
}

/// Whether axis `a` lies outside axis `b`, where `a` < `b`.
static int lies_outside(const odn_md_fields *fields, const int64_t *blocks, int64_t a, int64_t b) {
  if (fields->strides[a] != fields->strides[b]) return fields->strides[a] > fields->strides[b];
  // An axis of one step has the stride of whatever is next to it on the outside.
  int a_is_single = fields->padded[a] / blocks[a] <= 1;
  int b_is_single = fields->padded[b] / blocks[b] <= 1;
  return !a_is_single || b_is_single;
}

void odn_fields_order(const odn_md_fields *fields, int64_t *order) {
  int64_t blocks[ODN_MAX_RANK];
  odn_fields_blocks(fields, blocks);
  int ordered = fields->layout == ODN_LAYOUT_ANY || fields->layout == ODN_LAYOUT_OPAQUE;
  for (int axis = 0; axis < fields->rank; axis++) {
    int at = axis;
    while (!ordered && at > 0 && !lies_outside(fields, blocks, order[at - 1], axis)) {
      order[at] = order[at - 1];
      at--;
    }
    order[at] = axis;
  }
}

int odn_md_equal(const odn_md *a, const odn_md *b) {
  if (!a || !b) return a == b;
  return dnnl_memory_desc_equal(odn_md_raw(a), odn_md_raw(b)) != 0;
}

static void mix(uint64_t *hash, int64_t value) {
  *hash = (*hash ^ (uint64_t)value) * 0x9E3779B97F4A7C15u;
  *hash ^= *hash >> 29;
}

uint64_t odn_md_hash(const odn_md *md) {
  odn_md_fields fields;
  odn_md_look(md, &fields);
  uint64_t hash = 0xCBF29CE484222325u;
  mix(&hash, fields.type);
  mix(&hash, fields.layout);
  mix(&hash, fields.rank);
  for (int axis = 0; axis < fields.rank; axis++) {
    mix(&hash, fields.dims[axis]);
    // Equal descriptors may differ in the stride of an axis that is never stepped along.
    if (fields.padded[axis] > 1) mix(&hash, fields.padded[axis]);
  }
  for (int i = 0; i < fields.block_count; i++) {
    mix(&hash, fields.block_sizes[i]);
    mix(&hash, fields.block_axes[i]);
  }
  mix(&hash, (int64_t)odn_md_size(md));
  return hash;
}

size_t odn_md_size(const odn_md *md) {
  if (!md || odn_md_layout(md) == ODN_LAYOUT_ANY) return 0;
  return dnnl_memory_desc_get_size(odn_md_raw(md));
}

odn_type odn_md_type(const odn_md *md) {
  odn_md_fields fields;
  odn_md_look(md, &fields);
  return fields.type;
}

odn_layout odn_md_layout(const odn_md *md) {
  odn_md_fields fields;
  odn_md_look(md, &fields);
  return fields.layout;
}

int odn_md_rank(const odn_md *md) {
  odn_md_fields fields;
  odn_md_look(md, &fields);
  return fields.rank;
}

void odn_md_dims(const odn_md *md, int64_t *out) {
  odn_md_fields fields;
  odn_md_look(md, &fields);
  memcpy(out, fields.dims, (size_t)fields.rank * sizeof *out);
}

void odn_md_padded_dims(const odn_md *md, int64_t *out) {
  odn_md_fields fields;
  odn_md_look(md, &fields);
  memcpy(out, fields.padded, (size_t)fields.rank * sizeof *out);
}

void odn_md_strides(const odn_md *md, int64_t *out) {
  odn_md_fields fields;
  odn_md_look(md, &fields);
  memcpy(out, fields.strides, (size_t)fields.rank * sizeof *out);
}

void odn_md_order(const odn_md *md, int64_t *out) {
  odn_md_fields fields;
  odn_md_look(md, &fields);
  odn_fields_order(&fields, out);
}

int odn_md_inner_blocks(const odn_md *md, int64_t *sizes, int64_t *axes) {
  odn_md_fields fields;
  odn_md_look(md, &fields);
  size_t bytes = (size_t)fields.block_count * sizeof(int64_t);
  if (sizes) memcpy(sizes, fields.block_sizes, bytes);
  if (axes) memcpy(axes, fields.block_axes, bytes);
  return fields.block_count;
}

int64_t odn_md_offset(const odn_md *md) {
  odn_md_fields fields;
  odn_md_look(md, &fields);
  return fields.offset;
}

int odn_md_has_padding(const odn_md *md) {
  odn_md_fields fields;
  odn_md_look(md, &fields);
  if (fields.layout == ODN_LAYOUT_ANY) return 0;
  return memcmp(fields.dims, fields.padded, (size_t)fields.rank * sizeof(int64_t)) != 0;
}

int odn_md_has_extra(const odn_md *md) {
  odn_md_fields fields;
  odn_md_look(md, &fields);
  return fields.extra != 0;
}

int odn_md_is_dense(const odn_md *md) {
  odn_md_fields fields;
  odn_md_look(md, &fields);
  if (fields.layout == ODN_LAYOUT_ANY || fields.layout == ODN_LAYOUT_OPAQUE) return 0;
  if (fields.extra != 0 || fields.offset != 0) return 0;
  int64_t volume = 1;
  for (int axis = 0; axis < fields.rank; axis++) volume *= fields.dims[axis];
  return volume == odn_fields_span(&fields);
}

static const char *type_name(odn_type type) {
  static const char *const names[] = {"?", "f32", "bf16", "f16", "s32", "s8", "u8"};
  return names[type];
}

int odn_md_text(const odn_md *md, char *out, int capacity) {
  odn_md_fields fields;
  odn_md_look(md, &fields);
  char text[512];
  size_t room = sizeof text;
  int length = snprintf(text, room, "%s ", type_name(fields.type));
  for (int axis = 0; axis < fields.rank; axis++) {
    length += snprintf(
        text + length, room - (size_t)length, axis ? "x%lld" : "%lld",
        (long long)fields.dims[axis]);
  }
  if (fields.layout == ODN_LAYOUT_ANY) {
    length += snprintf(text + length, room - (size_t)length, " any");
  } else if (fields.layout == ODN_LAYOUT_OPAQUE) {
    length += snprintf(text + length, room - (size_t)length, " opaque");
  } else {
    int64_t order[ODN_MAX_RANK];
    int64_t blocks[ODN_MAX_RANK];
    odn_fields_order(&fields, order);
    odn_fields_blocks(&fields, blocks);
    text[length++] = ' ';
    for (int place = 0; place < fields.rank; place++) {
      text[length++] = (char)((blocks[order[place]] > 1 ? 'A' : 'a') + order[place]);
    }
    text[length] = 0;
    for (int i = 0; i < fields.block_count; i++) {
      length += snprintf(
          text + length, room - (size_t)length, "%lld%c", (long long)fields.block_sizes[i],
          (char)('a' + fields.block_axes[i]));
    }
    if (fields.offset != 0) {
      length += snprintf(
          text + length, room - (size_t)length, " from %lld", (long long)fields.offset);
    }
    if (fields.extra != 0) length += snprintf(text + length, room - (size_t)length, " + extra");
  }
  if (out && capacity > 0) snprintf(out, (size_t)capacity, "%s", text);
  return length;
}
