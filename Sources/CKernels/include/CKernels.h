// Kernels for everything oneDNN does not do, or does more slowly.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "fk_base.h"
#include "fk_chain.h"
#include "fk_conv.h"
#include "fk_copy.h"
#include "fk_nn.h"
#include "fk_peak.h"
#include "fk_quantize.h"
#include "fk_random.h"
#include "fk_reduce.h"
#include "fk_separable.h"
#include "fk_winograd.h"

#endif
