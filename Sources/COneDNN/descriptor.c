#include <stdlib.h>
#include <string.h>

#include "internal.h"

_Static_assert(ODN_MAX_RANK == DNNL_MAX_NDIMS, "descriptors hold as many axes as the library's");

dnnl_data_type_t odn_type_to_library(odn_type type) {
  switch (type) {
    case ODN_F32:
      return dnnl_f32;
    case ODN_BF16:
      return dnnl_bf16;
    case ODN_F16:
      return dnnl_f16;
    case ODN_S32:
      return dnnl_s32;
    case ODN_S8:
      return dnnl_s8;
    case ODN_U8:
      return dnnl_u8;
    default:
      return dnnl_data_type_undef;
  }
}

odn_type odn_type_from_library(dnnl_data_type_t type) {
  switch (type) {
    case dnnl_f32:
      return ODN_F32;
    case dnnl_bf16:
      return ODN_BF16;
    case dnnl_f16:
      return ODN_F16;
    case dnnl_s32:
      return ODN_S32;
    case dnnl_s8:
      return ODN_S8;
    case dnnl_u8:
      return ODN_U8;
    default:
      return ODN_UNKNOWN;
  }
}

int odn_md_wrap(odn_raw raw, odn_md **out) {
  *out = NULL;
  odn_md *md = calloc(1, sizeof *md);
  if (!md) return odn_fail(ODN_OUT_OF_MEMORY, "memory descriptor: out of memory");
#if ODN_VERSION_3
  dnnl_status_t status = dnnl_memory_desc_clone(&md->desc, raw);
  if (status != dnnl_success) {
    free(md);
    return odn_fail(
        odn_status_from_library(status), "memory descriptor: %s", odn_status_words(status));
  }
#else
  md->desc = *raw;
#endif
  *out = md;
  return ODN_OK;
}

void odn_md_destroy(odn_md *md) {
  if (!md) return;
#if ODN_VERSION_3
  dnnl_memory_desc_destroy(md->desc);
#endif
  free(md);
}

/// Takes over a descriptor that the library has just made.
static int adopt(dnnl_status_t status, dnnl_memory_desc_t *desc, const char *what, odn_md **out) {
  *out = NULL;
  if (status != dnnl_success) {
    return odn_fail(odn_status_from_library(status), "%s: %s", what, odn_status_words(status));
  }
#if ODN_VERSION_3
  int result = odn_md_wrap(*desc, out);
  dnnl_memory_desc_destroy(*desc);
  return result;
#else
  return odn_md_wrap(desc, out);
#endif
}

/// Refuses what the library would take and then compute sizes from that do not fit in 64 bits.
static int check_shape(const char *what, odn_type type, int rank, const int64_t *dims) {
  if (odn_type_to_library(type) == dnnl_data_type_undef) {
    return odn_fail(ODN_INVALID, "%s: unknown element type %d", what, (int)type);
  }
  if (rank < 1 || rank > ODN_MAX_RANK) {
    return odn_fail(
        ODN_INVALID, "%s: %d axes, where 1 to %d are possible", what, rank, ODN_MAX_RANK);
  }
  if (!dims) return odn_fail(ODN_INVALID, "%s: no shape", what);
  int64_t volume = 1;
  for (int axis = 0; axis < rank; axis++) {
    if (dims[axis] < 0) {
      return odn_fail(
          ODN_INVALID, "%s: axis %d has size %lld", what, axis, (long long)dims[axis]);
    }
    int64_t size = dims[axis] > 0 ? dims[axis] : 1;
    if (__builtin_mul_overflow(volume, size, &volume) || volume > INT64_MAX / 1024) {
      return odn_fail(ODN_INVALID, "%s: too many elements", what);
    }
  }
  return ODN_OK;
}

static int create_with_tag(
    odn_type type, int rank, const int64_t *dims, dnnl_format_tag_t tag, odn_md **out) {
  dnnl_memory_desc_t desc;
  dnnl_dims_t copy = {0};
  memcpy(copy, dims, (size_t)rank * sizeof *dims);
#if ODN_VERSION_3
  dnnl_status_t status =
      dnnl_memory_desc_create_with_tag(&desc, rank, copy, odn_type_to_library(type), tag);
#else
  dnnl_status_t status =
      dnnl_memory_desc_init_by_tag(&desc, rank, copy, odn_type_to_library(type), tag);
#endif
  return adopt(status, &desc, "memory descriptor", out);
}

int odn_md_create(
    odn_type type, int rank, const int64_t *dims, const int64_t *strides, odn_md **out) {
  *out = NULL;
  int result = check_shape("memory descriptor", type, rank, dims);
  if (result != ODN_OK) return result;
  dnnl_dims_t copy = {0};
  dnnl_dims_t steps = {0};
  memcpy(copy, dims, (size_t)rank * sizeof *dims);
  int64_t step = 1;
  for (int axis = rank - 1; axis >= 0; axis--) {
    steps[axis] = strides ? strides[axis] : step;
    step *= dims[axis] > 0 ? dims[axis] : 1;
    int64_t extent;
    if (steps[axis] < 0 || __builtin_mul_overflow(steps[axis], dims[axis], &extent) ||
        extent > INT64_MAX / 1024) {
      return odn_fail(
          ODN_INVALID, "memory descriptor: axis %d has stride %lld", axis,
          (long long)steps[axis]);
    }
  }
  dnnl_memory_desc_t desc;
#if ODN_VERSION_3
  dnnl_status_t status =
      dnnl_memory_desc_create_with_strides(&desc, rank, copy, odn_type_to_library(type), steps);
#else
  dnnl_status_t status =
      dnnl_memory_desc_init_by_strides(&desc, rank, copy, odn_type_to_library(type), steps);
#endif
  return adopt(status, &desc, "memory descriptor with strides", out);
}

int odn_md_create_any(odn_type type, int rank, const int64_t *dims, odn_md **out) {
  *out = NULL;
  int result = check_shape("memory descriptor", type, rank, dims);
  if (result != ODN_OK) return result;
  return create_with_tag(type, rank, dims, dnnl_format_tag_any, out);
}

int odn_md_create_channels_last(odn_type type, int rank, const int64_t *dims, odn_md **out) {
  *out = NULL;
  int result = check_shape("memory descriptor", type, rank, dims);
  if (result != ODN_OK) return result;
  int64_t strides[ODN_MAX_RANK] = {0};
  int64_t step = 1;
  for (int place = 0; place < rank; place++) {
    // From the innermost: channels, then the spatial axes backwards, then the batch.
    int axis = rank == 1 ? 0 : place == 0 ? 1 : place == rank - 1 ? 0 : rank - place;
    strides[axis] = step;
    step *= dims[axis] > 0 ? dims[axis] : 1;
  }
  return odn_md_create(type, rank, dims, strides, out);
}

int odn_md_create_channel_blocked(
    odn_type type, int rank, const int64_t *dims, int64_t block, odn_md **out) {
  int64_t axis = 1;
  return odn_md_create_blocked(type, rank, dims, NULL, 1, &block, &axis, out);
}

/// Works out the fields a dense blocked layout has.
static int plan_blocked(
    odn_md_fields *plan, int rank, const int64_t *dims, const int64_t *order, int block_count,
    const int64_t *block_sizes, const int64_t *block_axes) {
  const char *what = "blocked memory descriptor";
  int64_t blocks[ODN_MAX_RANK];
  int seen[ODN_MAX_RANK] = {0};
  for (int axis = 0; axis < rank; axis++) blocks[axis] = 1;
  if (block_count < 0 || block_count > ODN_MAX_RANK) {
    return odn_fail(ODN_INVALID, "%s: %d blocks", what, block_count);
  }
  int64_t step = 1;
  for (int i = 0; i < block_count; i++) {
    int64_t axis = block_axes[i];
    if (axis < 0 || axis >= rank || block_sizes[i] < 1 || block_sizes[i] > 1024 ||
        step > 1 << 20) {
      return odn_fail(
          ODN_INVALID, "%s: block of %lld along axis %lld", what, (long long)block_sizes[i],
          (long long)axis);
    }
    plan->block_sizes[i] = block_sizes[i];
    plan->block_axes[i] = axis;
    blocks[axis] *= block_sizes[i];
    step *= block_sizes[i];
  }
  plan->block_count = block_count;
  for (int place = rank - 1; place >= 0; place--) {
    int64_t axis = order ? order[place] : place;
    if (axis < 0 || axis >= rank || seen[axis]) {
      return odn_fail(ODN_INVALID, "%s: the order is not a permutation of the axes", what);
    }
    seen[axis] = 1;
    int64_t count = (dims[axis] + blocks[axis] - 1) / blocks[axis];
    plan->strides[axis] = step;
    if (__builtin_mul_overflow(step, count > 0 ? count : 1, &step) || step > INT64_MAX / 1024) {
      return odn_fail(ODN_INVALID, "%s: too many elements", what);
    }
  }
  return ODN_OK;
}

int odn_md_create_blocked(
    odn_type type, int rank, const int64_t *dims, const int64_t *order, int block_count,
    const int64_t *block_sizes, const int64_t *block_axes, odn_md **out) {
  *out = NULL;
  int result = check_shape("blocked memory descriptor", type, rank, dims);
  if (result != ODN_OK) return result;
  odn_md_fields plan;
  result = plan_blocked(&plan, rank, dims, order, block_count, block_sizes, block_axes);
  if (result != ODN_OK) return result;
  if (block_count == 0) return odn_md_create(type, rank, dims, plan.strides, out);
  // Version 3 makes blocked descriptors from names only, so the name is looked for in both.
  for (int tag = dnnl_format_tag_any + 1; tag < dnnl_format_tag_last; tag++) {
    odn_md *candidate;
    if (create_with_tag(type, rank, dims, (dnnl_format_tag_t)tag, &candidate) != ODN_OK) continue;
    odn_md_fields fields;
    odn_md_look(candidate, &fields);
    size_t blocks = (size_t)block_count * sizeof(int64_t);
    size_t axes = (size_t)rank * sizeof(int64_t);
    if (fields.block_count == block_count &&
        memcmp(fields.block_sizes, plan.block_sizes, blocks) == 0 &&
        memcmp(fields.block_axes, plan.block_axes, blocks) == 0 &&
        memcmp(fields.strides, plan.strides, axes) == 0) {
      *out = candidate;
      return ODN_OK;
    }
    odn_md_destroy(candidate);
  }
  return odn_fail(
      ODN_UNSUPPORTED, "blocked memory descriptor: oneDNN has no name for this order of blocks");
}

int odn_md_clone(const odn_md *md, odn_md **out) {
  *out = NULL;
  if (!md) return odn_fail(ODN_INVALID, "memory descriptor: nothing to copy");
  return odn_md_wrap(odn_md_raw(md), out);
}

int odn_md_reshape(const odn_md *md, int rank, const int64_t *dims, odn_md **out) {
  *out = NULL;
  if (!md) return odn_fail(ODN_INVALID, "reshape: no memory descriptor");
  int result = check_shape("reshape", odn_md_type(md), rank, dims);
  if (result != ODN_OK) return result;
  dnnl_dims_t copy = {0};
  memcpy(copy, dims, (size_t)rank * sizeof *dims);
  dnnl_memory_desc_t desc;
  dnnl_status_t status = dnnl_memory_desc_reshape(&desc, odn_md_raw(md), rank, copy);
  return adopt(status, &desc, "reshape of a memory descriptor", out);
}

int odn_md_permute(const odn_md *md, const int *permutation, odn_md **out) {
  *out = NULL;
  if (!md || !permutation) return odn_fail(ODN_INVALID, "permutation: no memory descriptor");
  dnnl_memory_desc_t desc;
  dnnl_status_t status = dnnl_memory_desc_permute_axes(&desc, odn_md_raw(md), permutation);
  return adopt(status, &desc, "permutation of a memory descriptor", out);
}

int odn_md_view(
    const odn_md *md, const int64_t *dims, const int64_t *starts, odn_md **out) {
  *out = NULL;
  if (!md || !dims || !starts) return odn_fail(ODN_INVALID, "view: no memory descriptor");
  int rank = odn_md_rank(md);
  dnnl_dims_t copy = {0};
  dnnl_dims_t offsets = {0};
  memcpy(copy, dims, (size_t)rank * sizeof *dims);
  memcpy(offsets, starts, (size_t)rank * sizeof *starts);
  dnnl_memory_desc_t desc;
#if ODN_VERSION_3
  dnnl_status_t status =
      dnnl_memory_desc_create_submemory(&desc, odn_md_raw(md), copy, offsets);
#else
  dnnl_status_t status =
      dnnl_memory_desc_init_submemory(&desc, odn_md_raw(md), copy, offsets);
#endif
  return adopt(status, &desc, "view of a memory descriptor", out);
}
