#include <stdlib.h>

#include "internal.h"

struct odn_call {
  odn_primitive *primitive;
  int count;
  int library_count;
  int unbound;
  /// What each slot points to; NULL until bound.
  const void **pointers;
  dnnl_exec_arg_t *args;
};

static dnnl_memory_t create_memory(
    const odn_primitive *primitive, int arg, const odn_md *md, int *status) {
  int through_post_op = arg == ODN_ARG_BIAS && primitive->bias_post_op >= 0;
  odn_raw raw = md && !through_post_op ? odn_md_raw(md) : odn_primitive_raw(primitive, arg);
  if (!raw) {
    *status = odn_fail(ODN_INVALID, "%s: has no argument %d", primitive->name, arg);
    return NULL;
  }
  dnnl_memory_t memory = NULL;
  dnnl_status_t library = dnnl_memory_create(&memory, raw, odn_engine(), DNNL_MEMORY_NONE);
  if (library == dnnl_success) return memory;
  *status = odn_fail(
      odn_status_from_library(library), "%s: memory for argument %d: %s", primitive->name, arg,
      odn_status_words(library));
  return NULL;
}

int odn_call_create(
    const odn_primitive *primitive, int count, const int *args, const odn_md *const *mds,
    odn_call **out) {
  *out = NULL;
  if (!primitive || count < 0 || (count > 0 && !args)) {
    return odn_fail(ODN_INVALID, "call: no primitive, or no arguments");
  }
  odn_call *call = calloc(1, sizeof *call);
  if (!call) return odn_fail(ODN_OUT_OF_MEMORY, "%s: out of memory", primitive->name);
  odn_primitive_retain(primitive);
  call->primitive = (odn_primitive *)primitive;
  call->pointers = calloc((size_t)count + 1, sizeof *call->pointers);
  call->args = calloc((size_t)count + ODN_IMPLICIT_ARGS, sizeof *call->args);
  int status = ODN_OK;
  if (!call->pointers || !call->args) {
    status = odn_fail(ODN_OUT_OF_MEMORY, "%s: out of memory", primitive->name);
  }
  for (int slot = 0; slot < count && status == ODN_OK; slot++) {
    int number = odn_primitive_library_arg(primitive, args[slot]);
    if (number < 0) {
      status = odn_fail(ODN_INVALID, "%s: has no argument %d", primitive->name, args[slot]);
      break;
    }
    call->args[slot].arg = number;
    call->args[slot].memory =
        create_memory(primitive, args[slot], mds ? mds[slot] : NULL, &status);
    call->count = slot + 1;
  }
  if (status != ODN_OK) {
    odn_call_destroy(call);
    return status;
  }
  call->unbound = count;
  call->library_count = count;
  for (int i = 0; i < primitive->implicit_count; i++) {
    call->args[count + i].arg = primitive->implicit[i].arg;
    call->args[count + i].memory = primitive->implicit[i].memory;
    call->library_count = count + i + 1;
  }
  *out = call;
  return ODN_OK;
}

void odn_call_destroy(odn_call *call) {
  if (!call) return;
  for (int slot = 0; slot < call->count; slot++) {
    if (call->args[slot].memory) dnnl_memory_destroy(call->args[slot].memory);
  }
  odn_primitive_destroy(call->primitive);
  free(call->pointers);
  free(call->args);
  free(call);
}

int odn_call_bind(odn_call *call, int slot, const void *pointer) {
  if (slot < 0 || slot >= call->count) {
    return odn_fail(
        ODN_INVALID, "%s: slot %d of %d", call->primitive->name, slot, call->count);
  }
  if (call->pointers[slot] == pointer) return ODN_OK;
  // Neither version of the library touches the memory here: since 1.x set padding at this point,
  // the zeros of padded layouts have become the business of the primitive that writes them.
  dnnl_status_t status = dnnl_memory_set_data_handle(call->args[slot].memory, (void *)pointer);
  if (status != dnnl_success) {
    return odn_fail(
        odn_status_from_library(status), "%s: binding slot %d: %s", call->primitive->name, slot,
        odn_status_words(status));
  }
  call->unbound += (pointer == NULL) - (call->pointers[slot] == NULL);
  call->pointers[slot] = pointer;
  return ODN_OK;
}

int odn_call_run(odn_call *call, odn_stream *stream) {
  if (call->unbound > 0) {
    return odn_fail(
        ODN_INVALID, "%s: %d of %d slots are not bound", call->primitive->name, call->unbound,
        call->count);
  }
  // With the OpenMP runtime the work is done when this returns; there is nothing to wait for.
  dnnl_status_t status = dnnl_primitive_execute(
      call->primitive->handle, (dnnl_stream_t)stream, call->library_count, call->args);
  if (status == dnnl_success) return ODN_OK;
  return odn_fail(
      odn_status_from_library(status), "%s (%s): %s", call->primitive->name,
      odn_primitive_implementation(call->primitive), odn_status_words(status));
}
