// Kernels for what oneDNN does not do: element-wise chains, copies, reductions, random numbers.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "fk_base.h"
#include "fk_chain.h"
#include "fk_copy.h"
#include "fk_random.h"
#include "fk_reduce.h"

#endif
