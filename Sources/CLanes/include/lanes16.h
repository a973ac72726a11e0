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
CYC_INLINE cyc_f16 cyc_max(cyc_f16 a, cyc_f16 b) {
#ifdef __AVX512F__
    // Of numbers that were bits compilers make a comparison and a choice.
    return (cyc_f16)_mm512_max_ps((__m512)a, (__m512)b);
#else
    return a > b ? a : b;
#endif
}
/// The smaller one; a NaN in `a` gives `b`.
CYC_INLINE cyc_f16 cyc_min(cyc_f16 a, cyc_f16 b) {
#ifdef __AVX512F__
    return (cyc_f16)_mm512_min_ps((__m512)a, (__m512)b);
#else
    return a < b ? a : b;
#endif
}
/// Into [low, high]; a NaN gives `low`.
CYC_INLINE cyc_f16 cyc_clamp(cyc_f16 x, float low, float high) {
    return cyc_min(cyc_max(x, cyc_splat(low)), cyc_splat(high));
}
/// The greater one of numbers ≥ 0, which a −0 and a NaN are not: their bits rank as they do, and
/// more units compare those.
CYC_INLINE cyc_f16 cyc_greater(cyc_f16 a, cyc_f16 b) {
    return (cyc_f16)__builtin_elementwise_max((cyc_i16)a, (cyc_i16)b);
}
/// The lesser one of such numbers.
CYC_INLINE cyc_f16 cyc_lesser(cyc_f16 a, cyc_f16 b) {
    return (cyc_f16)__builtin_elementwise_min((cyc_i16)a, (cyc_i16)b);
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
/// `instead` where a < b, else the whole part of positive x.
CYC_INLINE cyc_i16 cyc_int_unless(cyc_f16 a, cyc_f16 b, cyc_i16 instead, cyc_f16 x) {
#ifdef __AVX512F__
    // A conversion that leaves lanes out; compilers make a second step of it.
    __mmask16 kept = _mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_NLT_UQ);
    return (cyc_i16)_mm512_mask_cvttps_epi32((__m512i)instead, kept, (__m512)x);
#else
    return a < b ? instead : cyc_int(x);
#endif
}
CYC_INLINE cyc_f16 cyc_float(cyc_i16 x) { return __builtin_convertvector(x, cyc_f16); }
CYC_INLINE cyc_i16 cyc_bits(cyc_f16 x) { return (cyc_i16)x; }
CYC_INLINE cyc_f16 cyc_from_bits(cyc_i16 x) { return (cyc_f16)x; }
/// Some of sixteen lanes.
#ifdef __AVX512F__
typedef __mmask16 cyc_mask16;
#else
typedef cyc_i16 cyc_mask16;
#endif
/// Where a ≥ b.
CYC_INLINE cyc_mask16 cyc_at_least(cyc_f16 a, cyc_f16 b) {
#ifdef __AVX512F__
    return _mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_GE_OQ);
#else
    return a >= b;
#endif
}
/// a in some lanes, b in the others.
CYC_INLINE cyc_f16 cyc_choose(cyc_mask16 lanes, cyc_f16 a, cyc_f16 b) {
#ifdef __AVX512F__
    return (cyc_f16)_mm512_mask_blend_ps(lanes, (__m512)b, (__m512)a);
#else
    return lanes ? a : b;
#endif
}
/// Any of sixteen numbers is above another.
CYC_INLINE int32_t cyc_any_above(cyc_f16 x, float than) {
#ifdef __AVX512F__
    return _mm512_cmp_ps_mask((__m512)x, _mm512_set1_ps(than), _CMP_GT_OQ) != 0;
#else
    const __m256 least = _mm256_set1_ps(than);
    return _mm256_movemask_ps(_mm256_cmp_ps((__m256)x.lo, least, _CMP_GT_OQ))
        | _mm256_movemask_ps(_mm256_cmp_ps((__m256)x.hi, least, _CMP_GT_OQ));
#endif
}
/// Mantissas of positive normal numbers, 1 ≤ m < 2.
CYC_INLINE cyc_f16 cyc_mantissa(cyc_f16 x) {
#ifdef __AVX512F__
    return (cyc_f16)_mm512_getmant_ps((__m512)x, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_zero);
#else
    return cyc_from_bits((cyc_bits(x) & 0x007FFFFF) | 0x3F800000);
#endif
}

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
/// Thirty-two lanes.
typedef uint16_t cyc_u32 __attribute__((ext_vector_type(32), aligned(2)));

/// Two vectors of whole numbers below 65536, one after the other.
CYC_INLINE cyc_u32 cyc_narrow(cyc_i16 first, cyc_i16 second) {
#ifdef __AVX512BW__
    // Packing goes quarter by quarter: four of the first, four of the second, and so on.
    const __m512i order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
    __m512i mixed = _mm512_packus_epi32((__m512i)first, (__m512i)second);
    return (cyc_u32)_mm512_permutexvar_epi64(order, mixed);
#else
    return __builtin_convertvector(
        __builtin_shufflevector(
            first, second, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
            21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31),
        cyc_u32);
#endif
}

/// Writes two vectors of whole numbers below 65536, none above `most`.
CYC_INLINE void cyc_store_two_codes(
    uint16_t *p, cyc_i16 first, cyc_i16 second, uint16_t most) {
    *(cyc_u32 *)p = __builtin_elementwise_min(cyc_narrow(first, second), (cyc_u32)most);
}

/// Writes the first `count` (1 … 16) of sixteen whole numbers below 65536, none above `most`.
CYC_INLINE void cyc_store_codes(uint16_t *p, cyc_i16 v, uint16_t most, int32_t count) {
    cyc_u16 codes = __builtin_elementwise_min(__builtin_convertvector(v, cyc_u16), (cyc_u16)most);
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
