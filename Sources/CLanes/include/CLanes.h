/// Vector builtins and the plain structs kernels are given. Header-only: everything is inlined
/// into the room that includes it, with that room's instruction set.
#pragma once
#include "kernel_types.h"
#include "pack_kernels.h"
