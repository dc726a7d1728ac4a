#include <string.h>

#include "contexts.h"

#define LANES 8
#define PIXELS 3
#define HALF 0
#include "bodies.h"

const fk_separable_kernels fk_separable_portable = FK_SEPARABLE_TABLE;
