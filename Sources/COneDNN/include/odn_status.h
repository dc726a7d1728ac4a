#ifndef FOVEA_ODN_STATUS_H
#define FOVEA_ODN_STATUS_H

#include <stddef.h>
#include <stdint.h>

typedef enum odn_status {
  ODN_OK = 0,
  ODN_OUT_OF_MEMORY = 1,
  ODN_INVALID = 2,
  ODN_UNSUPPORTED = 3,
  ODN_FAILED = 4,
} odn_status;

typedef enum odn_type {
  ODN_UNKNOWN = 0,
  ODN_F32 = 1,
  ODN_BF16 = 2,
  ODN_F16 = 3,
  ODN_S32 = 4,
  ODN_S8 = 5,
  ODN_U8 = 6,
} odn_type;

/// The largest number of axes, and of inner blocks, of a memory descriptor.
enum { ODN_MAX_RANK = 12 };

/// What the last failed call of this thread has to say; never NULL.
const char *odn_last_error(void);

/// The version of the loaded library: 2.6.3 is 20603.
int odn_version(void);

/// The instruction set oneDNN computes with, such as "avx512_core_bf16"; never NULL.
const char *odn_instructions(void);

/// How many primitives oneDNN remembers; compiling one that it remembers takes no time.
int odn_set_primitive_cache_capacity(int capacity);

#endif
