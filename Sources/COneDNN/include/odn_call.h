#ifndef FOVEA_ODN_CALL_H
#define FOVEA_ODN_CALL_H

#include "odn_primitives.h"

/// An execution context's queue. Work is finished when `odn_call_run` returns.
typedef struct odn_stream odn_stream;
int odn_stream_create(odn_stream **out);
void odn_stream_destroy(odn_stream *stream);

/// A primitive with a slot per argument. It keeps the primitive alive; one thread at a time uses it.
typedef struct odn_call odn_call;

/// Slots 0 ..< count carry `args`; a NULL descriptor (or array) stands for the primitive's own.
int odn_call_create(
    const odn_primitive *primitive, int count, const int *args, const odn_md *const *mds,
    odn_call **out);
void odn_call_destroy(odn_call *call);
/// Sets a slot's pointer. Memory is not touched: whoever writes a padded layout without a primitive
/// writes the zeros of its padding.
int odn_call_bind(odn_call *call, int slot, const void *pointer);
/// Fails unless every slot is bound.
int odn_call_run(odn_call *call, odn_stream *stream);

#endif
