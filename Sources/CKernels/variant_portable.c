// All vectorised kernels, compiled for the least the target promises: SSE2 or NEON.
#include "variant.h"

#define FK_VARIANT(name) name##_portable
#define FK_LANES 4
#if defined(__aarch64__) || defined(__FMA__)
#define FK_HAS_FMA 1
#else
#define FK_HAS_FMA 0
#endif
#include "variant.inc"
