#pragma once
#include "receive_shim.h"
