/// A picture of squares brought up to pixels, bilinearly, sixteen pixels of a row at a time.
///
/// Squares are of `reduction` (2 or 4) pixels a side; square 0 ends where pixel 0 begins, so that
/// pixel x lies at (2x + reduction + 1) / (2·reduction) of the squares' centres: half-pixel
/// centres on both sides, and the picture does not move.
#pragma once
#include "lanes16.h"
/// Pixels' squares along one direction, in whole numbers: twice the reduction is 1 << shift.
typedef struct {
    int32_t add;
    int32_t shift;
} cyc_squares;

CYC_INLINE cyc_squares cyc_squares_of(int32_t reduction) {
    return (cyc_squares){reduction + 1, reduction == 2 ? 2 : 3};
}
/// The nearer-to-0 one of the two squares a pixel lies between.
CYC_INLINE int32_t cyc_square_before(cyc_squares s, int32_t pixel) {
    return (2 * pixel + s.add) >> s.shift;
}

#if defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
#pragma clang assume_nonnull begin
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

/// How far a pixel lies from that one to the next, 0 … 1.
CYC_INLINE float cyc_square_share(cyc_squares s, int32_t pixel) {
    return (float)((2 * pixel + s.add) & ((1 << s.shift) - 1)) / (float)(1 << s.shift);
}

/// What sixteen neighboring pixels need of a row of squares: the same for every sixteenth pixel.
typedef struct {
    /// Lane of the square before each pixel and the one after it.
    cyc_i16 before, after;
    /// How far each pixel lies from the one before.
    cyc_f16 share;
    /// Squares that sixteen pixels and eight pixels move on by.
    int32_t step, half;
} cyc_enlarge16;

CYC_INLINE cyc_enlarge16 cyc_enlarge_from(int32_t reduction, int32_t x) {
    cyc_squares s = cyc_squares_of(reduction);
    cyc_i16 ramp = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    cyc_i16 place = 2 * (ramp + x) + s.add;
    cyc_enlarge16 out;
    out.before = (place >> s.shift) - cyc_square_before(s, x);
    out.after = out.before + 1;
    out.share = cyc_float(place & ((1 << s.shift) - 1)) / (float)(1 << s.shift);
    out.step = 16 / reduction;
    out.half = 8 / reduction;
    return out;
}

/// The squares sixteen pixels look at; each half of a -v3 register pair has its own eight.
CYC_INLINE cyc_f16 cyc_load_squares(const float *p, int32_t half) {
#ifdef __AVX512F__
    (void)half;
    return cyc_load_all(p);
#else
    return cyc_join(_mm256_loadu_ps(p), _mm256_loadu_ps(p + half));
#endif
}

CYC_INLINE cyc_f16 cyc_pick_squares(cyc_f16 squares, cyc_i16 lanes) {
#ifdef __AVX512F__
    return (cyc_f16)_mm512_permutexvar_ps((__m512i)lanes, (__m512)squares);
#else
    // Pixels 8 … 15 look at the squares of their half as pixels 0 … 7 do at theirs.
    __m256i pick = (__m256i)__builtin_shufflevector(lanes, lanes, 0, 1, 2, 3, 4, 5, 6, 7);
    __m256 low = (__m256)__builtin_shufflevector(squares, squares, 0, 1, 2, 3, 4, 5, 6, 7);
    __m256 high = (__m256)__builtin_shufflevector(squares, squares, 8, 9, 10, 11, 12, 13, 14, 15);
    return cyc_join(
        _mm256_permutevar8x32_ps(low, pick), _mm256_permutevar8x32_ps(high, pick));
#endif
}

/// Sixteen pixels of one plane between two rows of squares, of which sixteen are read each.
CYC_INLINE cyc_f16 cyc_enlarged(
    const cyc_enlarge16 *e, const float *above, const float *below, float down) {
    cyc_f16 top = cyc_load_squares(above, e->half);
    cyc_f16 row = cyc_fma(cyc_splat(down), cyc_load_squares(below, e->half) - top, top);
    cyc_f16 left = cyc_pick_squares(row, e->before);
    return cyc_fma(e->share, cyc_pick_squares(row, e->after) - left, left);
}

/// Up to sixteen pixels of three planes; `at` and `below` are places in the squares' planes.
CYC_INLINE void cyc_enlarge_step(
    const cyc_enlarge16 *e, cyc_planes from, int64_t at, int64_t below, float down, cyc_planes to,
    int64_t to_at, int32_t count) {
    cyc_store(to.red + to_at, cyc_enlarged(e, from.red + at, from.red + below, down), count);
    cyc_store(to.green + to_at, cyc_enlarged(e, from.green + at, from.green + below, down), count);
    cyc_store(to.blue + to_at, cyc_enlarged(e, from.blue + at, from.blue + below, down), count);
}
#pragma clang diagnostic pop
#pragma clang assume_nonnull end
#endif
