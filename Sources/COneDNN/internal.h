#ifndef FOVEA_ONEDNN_INTERNAL_H
#define FOVEA_ONEDNN_INTERNAL_H

#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_version.h>
#include <stdatomic.h>

#include "include/COneDNN.h"

#define ODN_VERSION_3 (DNNL_VERSION_MAJOR >= 3)

/// A borrowed descriptor, as the library's functions take it.
#if ODN_VERSION_3
typedef const_dnnl_memory_desc_t odn_raw;
#else
typedef const dnnl_memory_desc_t *odn_raw;
#endif

struct odn_md {
  dnnl_memory_desc_t desc;
};

static inline odn_raw odn_md_raw(const odn_md *md) {
#if ODN_VERSION_3
  return md ? md->desc : NULL;
#else
  return md ? &md->desc : NULL;
#endif
}

/// Copies a borrowed descriptor.
int odn_md_wrap(odn_raw raw, odn_md **out);

/// What both versions of the library tell about a descriptor.
typedef struct odn_md_fields {
  int rank;
  odn_type type;
  odn_layout layout;
  dnnl_dims_t dims;
  dnnl_dims_t padded;
  dnnl_dims_t strides;
  int block_count;
  dnnl_dims_t block_sizes;
  dnnl_dims_t block_axes;
  int64_t offset;
  uint64_t extra;
} odn_md_fields;

void odn_md_look(const odn_md *md, odn_md_fields *fields);
/// Writes the axes from the outermost to the innermost.
void odn_fields_order(const odn_md_fields *fields, int64_t *order);
/// Elements in an inner block, for every axis.
void odn_fields_blocks(const odn_md_fields *fields, int64_t *blocks);
/// Elements the layout spans, from the first to the last, padding included.
int64_t odn_fields_span(const odn_md_fields *fields);

dnnl_data_type_t odn_type_to_library(odn_type type);
odn_type odn_type_from_library(dnnl_data_type_t type);

/// Leaves a message for `odn_last_error` and returns the status.
int odn_fail(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));
int odn_status_from_library(dnnl_status_t status);
const char *odn_status_words(dnnl_status_t status);

/// The one engine of the process, or NULL with a message.
dnnl_engine_t odn_engine(void);

enum { ODN_MAX_POST_OPS = 16 };

typedef enum odn_post_op_kind {
  ODN_POST_OP_ELTWISE,
  ODN_POST_OP_SUM,
  ODN_POST_OP_BINARY,
  ODN_POST_OP_DEPTHWISE,
} odn_post_op_kind;

typedef struct odn_post_op {
  odn_post_op_kind kind;
  int algorithm;
  float alpha;
  float beta;
  odn_md *operand;
  odn_type weights_type;
  odn_type bias_type;
  odn_type dst_type;
  int64_t stride;
} odn_post_op;

struct odn_attributes {
  int post_op_count;
  odn_post_op post_ops[ODN_MAX_POST_OPS];
  int64_t scale_count;
  float *scales;
  int scale_axis;
  int64_t bias_count;
  float *bias;
  int implementation;
};

enum { ODN_IMPLICIT_ARGS = 2 };

/// An argument that every call of a primitive passes on its own.
typedef struct odn_implicit_arg {
  float *values;
  int arg;
  dnnl_memory_t memory;
} odn_implicit_arg;

/// The library's name of an algorithm; 0 (`dnnl_alg_kind_undef`) if this version has none.
dnnl_alg_kind_t odn_eltwise_to_library(odn_eltwise kind, float *alpha, float *beta);
dnnl_alg_kind_t odn_binary_to_library(odn_binary kind);

struct odn_primitive {
  atomic_int references;
  const char *name;
  dnnl_primitive_t handle;
  dnnl_primitive_desc_t desc;
  /// Where the library counts each post-op of the caller; one may become two.
  int post_op_count;
  int post_op_index[ODN_MAX_POST_OPS];
  odn_post_op_kind post_op_kind[ODN_MAX_POST_OPS];
  /// With version 2, a bias behind output scales travels as a post-op of this number; otherwise -1.
  int bias_post_op;
  /// The caller's descriptor of that bias.
  odn_md *bias;
  /// The scales, with version 3, and a bias of the primitive's own.
  int implicit_count;
  odn_implicit_arg implicit[ODN_IMPLICIT_ARGS];
};

/// Gives a primitive numbers of its own to pass as an argument.
int odn_primitive_pass(
    odn_primitive *primitive, int library_arg, int64_t count, const float *values);
/// The library's number for an argument, or -1.
int odn_primitive_library_arg(const odn_primitive *primitive, int arg);
/// The library's own descriptor of an argument, or NULL; a bias that is a post-op has the rank of
/// dst here.
odn_raw odn_primitive_raw(const odn_primitive *primitive, int arg);
void odn_primitive_retain(const odn_primitive *primitive);

enum { ODN_DRAFT_OPERANDS = 4 };

/// A primitive on its way to existence.
typedef struct odn_draft {
  odn_primitive *primitive;
  dnnl_primitive_attr_t attr;
  dnnl_primitive_desc_t desc;
  int implementation;
  int operand_count;
  const char *operand_names[ODN_DRAFT_OPERANDS];
  const odn_md *operands[ODN_DRAFT_OPERANDS];
  /// What the primitive is to be given as bias: NULL where it became a post-op.
  odn_raw bias;
  /// The descriptor of a bias of the primitive's own.
  odn_md *own_bias;
} odn_draft;

/// How scales and bias enter a primitive.
typedef struct odn_scaling {
  /// The axis of dst that scales may follow; -1 for any, which a reorder has.
  int axis;
  /// The argument that is scaled in version 3, and its mask when there are many scales; 0 stands
  /// for the mask of the caller's axis. In a reorder the mask holds for version 2 as well.
  int arg;
  int mask;
  /// The rank of dst, for a bias that becomes a post-op.
  int rank;
  const odn_md *bias;
} odn_scaling;

/// Starts a draft. Every path from here ends in `odn_draft_finish`. `scaling` NULL: none allowed.
int odn_draft_begin(
    odn_draft *draft, const char *name, const odn_attributes *attributes,
    const odn_scaling *scaling);
/// Notes an operand for messages, and refuses one that is missing.
int odn_draft_operand(odn_draft *draft, const char *name, const odn_md *md);
#if !ODN_VERSION_3
/// Makes the primitive descriptor from an operation descriptor.
dnnl_status_t odn_draft_describe(
    odn_draft *draft, const_dnnl_op_desc_t op, const odn_primitive *hint);
#endif
/// Compiles the primitive if all went well (`status` is ours, `library` the library's), and frees
/// the draft in any case.
int odn_draft_finish(odn_draft *draft, int status, dnnl_status_t library, odn_primitive **out);

/// The plain form of grouped weights: a new descriptor, shaped [groups, out / groups, …].
int odn_grouped_weights(const odn_md *weights, int64_t groups, int src_rank, odn_md **out);

enum { ODN_MAX_SPATIAL = ODN_MAX_RANK - 2 };

/// Strides, dilations and paddings in the library's convention.
typedef struct odn_window {
  dnnl_dims_t kernel;
  dnnl_dims_t strides;
  dnnl_dims_t dilations;
  dnnl_dims_t low;
  dnnl_dims_t high;
} odn_window;

int odn_window_make(
    odn_window *window, int spatial, const int64_t *kernel, const int64_t *strides,
    const int64_t *dilations, const int64_t *low, const int64_t *high);

#endif
