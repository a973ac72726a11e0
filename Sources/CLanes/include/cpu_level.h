/// What the processor at hand can run, asked by CPUID and the operating system's register state.
#pragma once
#include <stdint.h>

/// The highest x86-64 level (psABI 1.0) that both processor and operating system support, of 3 and
/// 4; 2 when below -v3.
static inline int32_t cyc_cpu_level(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("x86-64-v4")) return 4;
    if (__builtin_cpu_supports("x86-64-v3")) return 3;
#endif
    return 2;
}
