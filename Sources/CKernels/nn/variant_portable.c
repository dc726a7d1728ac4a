#include "kernels.h"

#include "variant.h"

#include "bodies.h"

const fk_nn_kernels fk_nn_portable = FK_NN_TABLE;
