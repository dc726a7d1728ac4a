// Numbers in 8 bits.
#ifndef FK_QUANTIZE_H
#define FK_QUANTIZE_H

#include "fk_base.h"

// Each row of `count` numbers on a scale of its own: the largest of a row becomes 127 or -127, what
// lies between two whole numbers goes to the nearer one, of two equally near ones to the even one.
// `steps[row]` is what 1 stands for. A row of zeros has a step of 1; what is not finite counts as 0.
fk_status fk_quantize_rows(
    int64_t rows, int64_t count, const float *from, int8_t *to, float *steps);

#endif
