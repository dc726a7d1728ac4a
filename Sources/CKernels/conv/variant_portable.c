#include <string.h>

#include "contexts.h"

#define LANES 4
#define REGISTERS 12
#include "bodies.h"

const fk_conv_kernels fk_conv_portable = FK_CONV_TABLE;
