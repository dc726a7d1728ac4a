// What the bodies of the variants include; it has to come before the target attribute is pushed.
#ifndef FK_VARIANT_H
#define FK_VARIANT_H

#include "convert.h"
#include "tables.h"

#endif
