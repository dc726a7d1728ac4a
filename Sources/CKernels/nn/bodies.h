// Every loop body and the table of them, compiled for the instruction set in force.
#include "vector.h"

#include "math_body.h"

#include "pool_body.h"
#include "pool_backward_body.h"

#include "batch_norm_body.h"
#include "batch_norm_backward_body.h"
#include "batch_norm_rows_body.h"
#include "batch_norm_tasks_body.h"
#include "row_norm_body.h"
#include "response_body.h"

#include "softmax_body.h"
#include "cross_entropy_body.h"
#include "resample_body.h"

#define FK_ENTRY(name) .name = name,
#define FK_NN_TABLE {FK_NN_KERNELS(FK_ENTRY)}
