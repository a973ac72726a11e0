/// Floats to half floats by F16C: what the baseline does by a library call for each number.
///
/// Every CPU we take has F16C (x86-64-v3); the function asks for it itself, so that a room built
/// for the baseline can call it.
#pragma once
#include <immintrin.h>
#include <stdint.h>

/// Colours of four floats to four halves each: rounded to nearest, ties to even, NaN as 0, the rest
/// held within the range of a half (±65504).
static inline __attribute__((target("avx2,f16c"))) void cyc_halves(
    const float *colors, int64_t count, uint64_t *halves)
{
    const __m128 most = _mm_set1_ps(65504), least = _mm_set1_ps(-65504);
    for (int64_t i = 0; i < count; i++) {
        __m128 color = _mm_loadu_ps(colors + 4 * i);
        color = _mm_and_ps(color, _mm_cmpord_ps(color, color));
        color = _mm_max_ps(least, _mm_min_ps(most, color));
        _mm_storel_epi64(
            (__m128i *)(halves + i),
            _mm_cvtps_ph(color, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
    }
}
