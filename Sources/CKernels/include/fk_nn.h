// The layers of networks that are not element-wise chains, convolutions or matrix products.
#ifndef FK_NN_H
#define FK_NN_H

#include "fk_image.h"
#include "fk_norm.h"
#include "fk_pool.h"
#include "fk_resample.h"
#include "fk_softmax.h"

#endif
