#ifndef FOVEA_ODN_MEMORY_H
#define FOVEA_ODN_MEMORY_H

#include "odn_status.h"

typedef struct odn_md odn_md;

typedef enum odn_layout {
  /// The primitive chooses; such a descriptor has no size.
  ODN_LAYOUT_ANY = 0,
  /// Strides alone.
  ODN_LAYOUT_PLAIN = 1,
  /// Strides between blocks, and dense inner blocks.
  ODN_LAYOUT_BLOCKED = 2,
  /// Known to the library alone, such as transformed Winograd weights.
  ODN_LAYOUT_OPAQUE = 3,
} odn_layout;

/// A plain descriptor; strides count elements, and NULL means row-major.
int odn_md_create(
    odn_type type, int rank, const int64_t *dims, const int64_t *strides, odn_md **out);

/// A descriptor whose layout the primitive chooses.
int odn_md_create_any(odn_type type, int rank, const int64_t *dims, odn_md **out);

/// Row-major with axis 1 moved to the end (nhwc).
int odn_md_create_channels_last(odn_type type, int rank, const int64_t *dims, odn_md **out);

/// Blocks of `block` channels: nChw16c for 16. Channels are padded with zeros to whole blocks.
int odn_md_create_channel_blocked(
    odn_type type, int rank, const int64_t *dims, int64_t block, odn_md **out);

/// A dense blocked layout from the answers of `odn_md_order` and `odn_md_inner_blocks`.
/// `order` lists the axes from the outermost to the innermost, NULL is 0, 1, 2…
/// Only layouts that oneDNN has a name for exist.
int odn_md_create_blocked(
    odn_type type, int rank, const int64_t *dims, const int64_t *order, int block_count,
    const int64_t *block_sizes, const int64_t *block_axes, odn_md **out);

int odn_md_clone(const odn_md *md, odn_md **out);
void odn_md_destroy(odn_md *md);

/// The same elements in another shape, where the layout allows it without moving memory.
int odn_md_reshape(const odn_md *md, int rank, const int64_t *dims, odn_md **out);

/// Axis `i` of `md` becomes axis `permutation[i]` of the result.
int odn_md_permute(const odn_md *md, const int *permutation, odn_md **out);

/// A window into `md`, bound to the same pointer; starts must fall on whole blocks.
int odn_md_view(
    const odn_md *md, const int64_t *dims, const int64_t *starts, odn_md **out);

int odn_md_equal(const odn_md *a, const odn_md *b);
uint64_t odn_md_hash(const odn_md *md);
/// Bytes of memory behind the descriptor, padding and compensation included; 0 for "any".
size_t odn_md_size(const odn_md *md);
odn_type odn_md_type(const odn_md *md);
odn_layout odn_md_layout(const odn_md *md);
int odn_md_rank(const odn_md *md);
/// Each writes `odn_md_rank` numbers.
void odn_md_dims(const odn_md *md, int64_t *out);
void odn_md_padded_dims(const odn_md *md, int64_t *out);
/// Elements from block to block (from element to element when plain); zeros when any or opaque.
void odn_md_strides(const odn_md *md, int64_t *out);
/// The axes from the outermost to the innermost; 0, 1, 2… when any or opaque.
void odn_md_order(const odn_md *md, int64_t *out);
/// Returns how many inner blocks there are, outermost first; arrays hold `ODN_MAX_RANK`, or NULL.
int odn_md_inner_blocks(const odn_md *md, int64_t *sizes, int64_t *axes);
/// Elements before the first one; not zero in views only.
int64_t odn_md_offset(const odn_md *md);
/// Whether blocks hold channels that do not exist (they are zeros, and must stay zeros).
int odn_md_has_padding(const odn_md *md);
/// Whether memory holds more than elements, such as the compensation of int8 weights.
int odn_md_has_extra(const odn_md *md);
/// Whether every byte is an element, with no holes, padding or extra: element-wise work may then
/// run over memory in its own order.
int odn_md_is_dense(const odn_md *md);
/// For people: "f32 2x64x56x56 aBcd16b". Returns the length; writes at most `capacity` bytes.
int odn_md_text(const odn_md *md, char *out, int capacity);

#endif
