// What the loop bodies need from outside, included before a variant's instruction set is switched on.
#include <math.h>
#include <string.h>

#include "contexts.h"
#include "norm_contexts.h"
#include "softmax_contexts.h"

// Vectors wider than the registers never leave a source file: every function that takes one is inlined.
#pragma clang diagnostic ignored "-Wpsabi"
