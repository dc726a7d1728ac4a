#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static _Thread_local char last_error[2048] = "no failure yet";

const char *odn_last_error(void) { return last_error; }

int odn_fail(int status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(last_error, sizeof last_error, format, arguments);
  va_end(arguments);
  return status;
}

int odn_status_from_library(dnnl_status_t status) {
  switch (status) {
    case dnnl_success:
      return ODN_OK;
    case dnnl_out_of_memory:
      return ODN_OUT_OF_MEMORY;
    case dnnl_invalid_arguments:
      return ODN_INVALID;
    // Running out of implementations is how an iterator says that none fits.
    case dnnl_unimplemented:
#if ODN_VERSION_3
    case dnnl_last_impl_reached:
#else
    case dnnl_iterator_ends:
#endif
      return ODN_UNSUPPORTED;
    default:
      return ODN_FAILED;
  }
}

const char *odn_status_words(dnnl_status_t status) {
  switch (odn_status_from_library(status)) {
    case ODN_OK:
      return "no error";
    case ODN_OUT_OF_MEMORY:
      return "out of memory";
    case ODN_INVALID:
      return "the arguments do not fit together";
    case ODN_UNSUPPORTED:
      return "oneDNN has no implementation for it";
    default:
      return "oneDNN failed while running";
  }
}

static pthread_once_t engine_once = PTHREAD_ONCE_INIT;
static dnnl_engine_t engine;
static dnnl_status_t engine_status;

// The library computes with no more than the kernels beside it. A library that cannot be told, or
// was told by its own variable, goes its own way.
static void limit_instructions(void) {
  const char *limit = getenv("FOVEA_INSTRUCTIONS");
  if (limit == NULL) return;
  if (strcmp(limit, "avx2") == 0) (void)dnnl_set_max_cpu_isa(dnnl_cpu_isa_avx2);
  if (strcmp(limit, "portable") == 0) (void)dnnl_set_max_cpu_isa(dnnl_cpu_isa_sse41);
}

static void create_engine(void) {
  limit_instructions();
  engine_status = dnnl_engine_create(&engine, dnnl_cpu, 0);
}

dnnl_engine_t odn_engine(void) {
  pthread_once(&engine_once, create_engine);
  if (engine_status != dnnl_success) {
    odn_fail(ODN_FAILED, "engine: %s", odn_status_words(engine_status));
    return NULL;
  }
  return engine;
}

int odn_version(void) {
  const dnnl_version_t *version = dnnl_version();
  return version->major * 10000 + version->minor * 100 + version->patch;
}

const char *odn_instructions(void) {
  // Limits are set when the engine is made.
  (void)odn_engine();
  // The numbers are part of the library's interface; its headers name only those of their own time.
  switch ((int)dnnl_get_effective_cpu_isa()) {
    case 0x1:
      return "sse41";
    case 0x3:
      return "avx";
    case 0x7:
      return "avx2";
    case 0x27:
      return "avx512_core";
    case 0x67:
      return "avx512_core_vnni";
    case 0xe7:
      return "avx512_core_bf16";
    case 0x1ef:
      return "avx512_core_fp16";
    case 0x3e7:
    case 0xfef:
    case 0x1fef:
      return "avx512_core_amx";
    case 0x407:
      return "avx2_vnni";
    case 0xc07:
      return "avx2_vnni_2";
    default:
      return "chosen by the library";
  }
}

int odn_set_primitive_cache_capacity(int capacity) {
  dnnl_status_t status = dnnl_set_primitive_cache_capacity(capacity);
  if (status == dnnl_success) return ODN_OK;
  return odn_fail(
      odn_status_from_library(status), "primitive cache capacity %d: %s", capacity,
      odn_status_words(status));
}

int odn_stream_create(odn_stream **out) {
  *out = NULL;
  dnnl_engine_t owner = odn_engine();
  if (!owner) return ODN_FAILED;
  dnnl_stream_t stream;
  dnnl_status_t status = dnnl_stream_create(&stream, owner, dnnl_stream_in_order);
  if (status != dnnl_success) {
    return odn_fail(odn_status_from_library(status), "stream: %s", odn_status_words(status));
  }
  *out = (odn_stream *)stream;
  return ODN_OK;
}

void odn_stream_destroy(odn_stream *stream) {
  if (stream) dnnl_stream_destroy((dnnl_stream_t)stream);
}
