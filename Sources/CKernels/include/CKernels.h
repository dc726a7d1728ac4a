// Kernels for everything oneDNN does not do: element-wise chains, copies, reductions, random numbers.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "fk_base.h"

#endif
