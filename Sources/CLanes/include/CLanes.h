/// Vector builtins and the plain structs kernels are given. Header-only: everything is inlined
/// into the room that includes it, with that room's instruction set.
#pragma once
#include "cpu_level.h"
#include "kernel_types.h"
#include "pack_kernels.h"
#include "half8.h"
#include "movie8.h"
#include "noise8.h"
#include "lanes16.h"
#include "sample16.h"
#include "color16.h"
#include "steps16.h"
#include "enlarge16.h"
#include "upright16.h"
#include "filter16.h"
#include "mesh_setup16.h"
#include "mesh_raster16.h"
#include "mesh_shade16.h"
