/// What the Glibc overlay hides, one header a subject.
#pragma once
#include "threads_shim.h"
#include "output_shim.h"
#include "receive_shim.h"
