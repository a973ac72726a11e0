/// Counts heap calls of the threads that asked to be watched. Linked into the probe only.
#pragma once
#include <stdint.h>

/// Watches the calling thread from now on (1) or no longer (0).
void probe_watch(int on);

/// Heap calls (malloc, calloc, realloc, free, aligned ones) of all watched threads so far.
int64_t probe_count(void);

/// Makes the next counted call stop the program, so that a debugger shows who made it.
void probe_trap_on_next(void);
