/// Sixteen lanes: one zmm register on x86-64-v4, two ymm registers on -v3. One source, so both
/// compute the same thing; only loads of part of a row and shuffles differ.
#pragma once
#include <stdint.h>
#include "kernel_types.h"

#define CYC_INLINE static inline __attribute__((always_inline))

#if defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
#include <immintrin.h>
// Sixteen lanes are two registers on -v3. Every function here is inlined, so no call has an ABI.
#pragma clang assume_nonnull begin
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

typedef float cyc_f16 __attribute__((ext_vector_type(16), aligned(4)));
typedef int32_t cyc_i16 __attribute__((ext_vector_type(16), aligned(4)));

/// The x86-64 level this is compiled for.
CYC_INLINE int32_t cyc_compiled_level(void) {
#ifdef __AVX512F__
    return 4;
#else
    return 3;
#endif
}

/// What was written to `x` is in memory, not in registers.
#define CYC_IN_MEMORY(x) __asm__("" : "+m"(x))

CYC_INLINE cyc_f16 cyc_splat(float x) { return (cyc_f16)x; }

/// 0, 1 … 15.
CYC_INLINE cyc_f16 cyc_ramp(void) {
    return (cyc_f16){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
}

/// The larger one; a NaN in `a` gives `b` (the order vmaxps has).
CYC_INLINE cyc_f16 cyc_max(cyc_f16 a, cyc_f16 b) { return a > b ? a : b; }
/// The smaller one; a NaN in `a` gives `b`.
CYC_INLINE cyc_f16 cyc_min(cyc_f16 a, cyc_f16 b) { return a < b ? a : b; }
/// Into [low, high]; a NaN gives `low`.
CYC_INLINE cyc_f16 cyc_clamp(cyc_f16 x, float low, float high) {
    return cyc_min(cyc_max(x, cyc_splat(low)), cyc_splat(high));
}
CYC_INLINE cyc_f16 cyc_abs(cyc_f16 x) { return __builtin_elementwise_abs(x); }
CYC_INLINE cyc_f16 cyc_floor(cyc_f16 x) { return __builtin_elementwise_floor(x); }
CYC_INLINE cyc_f16 cyc_sqrt(cyc_f16 x) { return __builtin_elementwise_sqrt(x); }
CYC_INLINE cyc_f16 cyc_fma(cyc_f16 a, cyc_f16 b, cyc_f16 c) {
    return __builtin_elementwise_fma(a, b, c);
}
/// Whole numbers of floats that are whole numbers in range (else the conversion is not defined).
CYC_INLINE cyc_i16 cyc_int(cyc_f16 x) { return __builtin_convertvector(x, cyc_i16); }
/// The greatest whole number not above x, of numbers in range.
CYC_INLINE cyc_i16 cyc_int_floor(cyc_f16 x) {
#ifdef __AVX512F__
    return (cyc_i16)_mm512_cvt_roundps_epi32((__m512)x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
#else
    return cyc_int(cyc_floor(x));
#endif
}
CYC_INLINE cyc_f16 cyc_float(cyc_i16 x) { return __builtin_convertvector(x, cyc_f16); }
CYC_INLINE cyc_i16 cyc_bits(cyc_f16 x) { return (cyc_i16)x; }
CYC_INLINE cyc_f16 cyc_from_bits(cyc_i16 x) { return (cyc_f16)x; }

/// Sixteen lanes of two registers.
CYC_INLINE cyc_f16 cyc_join(__m256 low, __m256 high) {
    typedef float cyc_f8 __attribute__((ext_vector_type(8)));
    cyc_f8 a = (cyc_f8)low, b = (cyc_f8)high;
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

/// value.at + x·along_x + y·along_y at sixteen places of one row.
CYC_INLINE cyc_f16 cyc_along(cyc_linear value, cyc_f16 x, float y) {
    return cyc_fma(
        cyc_splat(value.along_x), x, cyc_splat(__builtin_fmaf(value.along_y, y, value.at)));
}

CYC_INLINE cyc_f16 cyc_load_all(const float *p) { return *(const cyc_f16 *)p; }
CYC_INLINE void cyc_store_all(float *p, cyc_f16 v) { *(cyc_f16 *)p = v; }

/// Sixteen floats of which the first `count` (1 … 16) are read; the rest are 0.
CYC_INLINE cyc_f16 cyc_load(const float *p, int32_t count) {
    if (__builtin_expect(count >= 16, 1)) return cyc_load_all(p);
#ifdef __AVX512F__
    return (cyc_f16)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), p);
#else
    float some[16] = {0};
    for (int32_t i = 0; i < count; ++i) some[i] = p[i];
    return cyc_load_all(some);
#endif
}

/// Writes the first `count` (1 … 16) of sixteen floats.
CYC_INLINE void cyc_store(float *p, cyc_f16 v, int32_t count) {
    if (__builtin_expect(count >= 16, 1)) {
        cyc_store_all(p, v);
        return;
    }
#ifdef __AVX512F__
    _mm512_mask_storeu_ps(p, (__mmask16)((1u << count) - 1), (__m512)v);
#else
    float some[16];
    cyc_store_all(some, v);
    for (int32_t i = 0; i < count; ++i) p[i] = some[i];
#endif
}

typedef uint16_t cyc_u16 __attribute__((ext_vector_type(16), aligned(2)));

/// Writes the first `count` (1 … 16) of sixteen whole numbers below 65536.
CYC_INLINE void cyc_store_codes(uint16_t *p, cyc_i16 v, int32_t count) {
    cyc_u16 codes = __builtin_convertvector(v, cyc_u16);
    if (__builtin_expect(count >= 16, 1)) {
        *(cyc_u16 *)p = codes;
        return;
    }
#ifdef __AVX512BW__
    _mm256_mask_storeu_epi16(p, (__mmask16)((1u << count) - 1), (__m256i)codes);
#else
    uint16_t some[16];
    *(cyc_u16 *)some = codes;
    for (int32_t i = 0; i < count; ++i) p[i] = some[i];
#endif
}
#pragma clang diagnostic pop
#pragma clang assume_nonnull end
#endif
