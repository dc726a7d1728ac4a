#ifndef FOVEA_ONEDNN_H
#define FOVEA_ONEDNN_H


// oneDNN, versions 2 and 3, behind one interface.
//
// A function that can fail returns a status: 0, or one of `odn_status`. The words for the last
// failure of the calling thread are in `odn_last_error()`. Results are left in the last argument,
// which is set to NULL on failure. Whoever creates a thing destroys it; destroying NULL is allowed.
// Axes are numbered from 0 in logical order (batch, channel, spatial…), however memory is laid out.

#include "odn_attributes.h"
#include "odn_call.h"
#include "odn_memory.h"
#include "odn_primitives.h"
#include "odn_status.h"

#endif
