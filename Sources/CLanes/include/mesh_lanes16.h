/// What the mesh kernels share: masks, gathers, the sample grid, and places in a texture.
#pragma once
#include "lanes16.h"
#if defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
#pragma clang assume_nonnull begin
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

/// Before a loop of a few known turns: the Swift compiler leaves them loops otherwise, and what they
/// index stays in memory.
#define CYC_UNROLL _Pragma("clang loop unroll(full)")

/// Bit i says lane i is true (all ones).
CYC_INLINE uint32_t cyc_mask(cyc_i16 lanes) {
#ifdef __AVX512F__
    return _mm512_movepi32_mask((__m512i)lanes);
#else
    __m256 low = (__m256)__builtin_shufflevector(lanes, lanes, 0, 1, 2, 3, 4, 5, 6, 7);
    __m256 high = (__m256)__builtin_shufflevector(lanes, lanes, 8, 9, 10, 11, 12, 13, 14, 15);
    return (uint32_t)_mm256_movemask_ps(low) | (uint32_t)_mm256_movemask_ps(high) << 8;
#endif
}

/// Sixteen words at base + at[i] · 4 octets.
CYC_INLINE cyc_i16 cyc_gather(const int32_t *base, cyc_i16 at) {
#ifdef __AVX512F__
    return (cyc_i16)_mm512_i32gather_epi32((__m512i)at, base, 4);
#else
    __m256i low = (__m256i)__builtin_shufflevector(at, at, 0, 1, 2, 3, 4, 5, 6, 7);
    __m256i high = (__m256i)__builtin_shufflevector(at, at, 8, 9, 10, 11, 12, 13, 14, 15);
    return (cyc_i16)cyc_join(
        (__m256)_mm256_i32gather_epi32(base, low, 4),
        (__m256)_mm256_i32gather_epi32(base, high, 4));
#endif
}

CYC_INLINE cyc_f16 cyc_gather_floats(const float *base, cyc_i16 at) {
    return (cyc_f16)cyc_gather((const int32_t *)base, at);
}

/// Sixteen words at base + at[i] octets.
CYC_INLINE cyc_i16 cyc_gather_octets(const uint8_t *base, cyc_i16 at) {
#ifdef __AVX512F__
    return (cyc_i16)_mm512_i32gather_epi32((__m512i)at, base, 1);
#else
    __m256i low = (__m256i)__builtin_shufflevector(at, at, 0, 1, 2, 3, 4, 5, 6, 7);
    __m256i high = (__m256i)__builtin_shufflevector(at, at, 8, 9, 10, 11, 12, 13, 14, 15);
    const int32_t *words = (const int32_t *)(const void *)base;
    return (cyc_i16)cyc_join(
        (__m256)_mm256_i32gather_epi32(words, low, 1),
        (__m256)_mm256_i32gather_epi32(words, high, 1));
#endif
}

/// Entries 0 … 15 of a table of sixteen.
CYC_INLINE cyc_i16 cyc_lookup(const int32_t *table, cyc_i16 at) {
#ifdef __AVX512F__
    return (cyc_i16)_mm512_permutexvar_epi32((__m512i)at, _mm512_loadu_si512(table));
#else
    return cyc_gather(table, at);
#endif
}

/// The four samples of a pixel against its centre: a rotated grid, as graphics hardware has it, so
/// that an edge near an axis passes them one by one.
#define CYC_SAMPLE_X {-0.125f, 0.375f, -0.375f, 0.125f}
#define CYC_SAMPLE_Y {-0.375f, -0.125f, 0.125f, 0.375f}
/// How far a sample lies from its pixel's centre at most, along an axis.
#define CYC_SAMPLE_REACH 0.375f

/// Places of four pixels' samples against the first pixel's centre.
CYC_INLINE cyc_f16 cyc_samples_x(void) {
    const float x[4] = CYC_SAMPLE_X;
    return (cyc_f16){x[0], x[0] + 1, x[0] + 2, x[0] + 3, x[1], x[1] + 1, x[1] + 2, x[1] + 3,
                     x[2], x[2] + 1, x[2] + 2, x[2] + 3, x[3], x[3] + 1, x[3] + 2, x[3] + 3};
}
CYC_INLINE cyc_f16 cyc_samples_y(void) {
    const float y[4] = CYC_SAMPLE_Y;
    return (cyc_f16){y[0], y[0], y[0], y[0], y[1], y[1], y[1], y[1],
                     y[2], y[2], y[2], y[2], y[3], y[3], y[3], y[3]};
}

/// A value linear in the pixel, one a lane.
typedef struct {
    cyc_f16 at, x, y;
} cyc_linear16;

CYC_INLINE cyc_f16 cyc_value(cyc_linear16 value, cyc_f16 x, cyc_f16 y) {
    return cyc_fma(value.x, x, cyc_fma(value.y, y, value.at));
}

/// Binary logarithm of positive numbers, off by less than 0.09: enough for a mip level.
CYC_INLINE cyc_f16 cyc_rough_log2(cyc_f16 x) {
    return cyc_float(cyc_bits(x) - 0x3F800000) * 0x1p-23f;
}

/// A texture's coordinate in 0 … 1 by how it goes on; what is not a number is 0.
CYC_INLINE cyc_f16 cyc_wrap(cyc_f16 place, cyc_i16 mode) {
    cyc_f16 whole = place - cyc_floor(place);
    cyc_f16 pair = place - 2.0f * cyc_floor(place * 0.5f);
    cyc_f16 folded = cyc_min(pair, 2.0f - pair);
    cyc_f16 wrapped = mode == (cyc_i16)1 ? whole : (mode == (cyc_i16)2 ? folded : place);
    return cyc_clamp(wrapped, 0, 1);
}

/// Size and way of going on of each lane's texture.
typedef struct {
    cyc_f16 width, height, coarsest;
    cyc_i16 wrap_u, wrap_v;
} cyc_look16;

/// Upper left texel or octet of four, the step to the row below, and how far beyond.
typedef struct {
    cyc_i16 at, stride;
    cyc_f16 u, v;
} cyc_spot16;

/// Where a level of a texture is read; `first` is its texel (0, 0), u and v are wrapped.
CYC_INLINE cyc_spot16 cyc_spot(
    cyc_look16 look, cyc_f16 u, cyc_f16 v, cyc_i16 first, cyc_i16 level) {
    cyc_f16 scale = cyc_from_bits((127 - level) << 23);
    cyc_f16 columns = cyc_max(look.width * scale, cyc_splat(1));
    cyc_f16 rows = cyc_max(look.height * scale, cyc_splat(1));
    cyc_f16 pu = cyc_fma(u, columns, cyc_splat(-0.5f)), pv = cyc_fma(v, rows, cyc_splat(-0.5f));
    cyc_f16 column = cyc_floor(pu), row = cyc_floor(pv);
    cyc_spot16 spot;
    spot.stride = cyc_int(columns) + 2;
    spot.at = first + cyc_int(row) * spot.stride + cyc_int(column);
    spot.u = pu - column;
    spot.v = pv - row;
    return spot;
}

/// Mip level of a texel's footprint: the longer of its two axes covers 2^level texels.
CYC_INLINE cyc_f16 cyc_mip_level(
    cyc_look16 look, cyc_f16 ux, cyc_f16 uy, cyc_f16 vx, cyc_f16 vy) {
    cyc_f16 ax = ux * look.width, bx = vx * look.height;
    cyc_f16 ay = uy * look.width, by = vy * look.height;
    cyc_f16 across = cyc_fma(ax, ax, bx * bx), down = cyc_fma(ay, ay, by * by);
    cyc_f16 longest = cyc_min(cyc_max(cyc_max(across, down), cyc_splat(1)), cyc_splat(0x1p60f));
    return cyc_min(0.5f * cyc_rough_log2(longest), look.coarsest);
}
#pragma clang diagnostic pop
#pragma clang assume_nonnull end
#endif
