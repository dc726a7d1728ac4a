#include "contexts.h"

// Two vectors of four are one of eight.
#define LANES 8
#define MOST_TILES 3
#include "bodies.h"

const fk_winograd_kernels fk_winograd_portable = FK_WINOGRAD_TABLE;
