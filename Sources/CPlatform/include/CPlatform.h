#pragma once
#include "output_shim.h"
