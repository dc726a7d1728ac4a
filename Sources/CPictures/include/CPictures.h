// What pictures need of C: libpng, whose errors jump, and loops over millions of pixels.
#ifndef CPICTURES_H
#define CPICTURES_H

#include "cp_orient.h"
#include "cp_png.h"
#include "cp_resample.h"

#endif
