/// Tables of colors: where colors lie in one and what it makes of them, sixteen at a time.
#pragma once
#include "lanes16.h"
#if defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
#pragma clang assume_nonnull begin
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

typedef struct {
    cyc_f16 red, green, blue;
} cyc_rgb16;

/// Places between the points of a table: the lowest corner of each, the next on the way to the
/// highest, and, counted from the highest, the one before that, in floats from the table's first
/// and last points of a cell; how much of each of the four there is.
typedef struct {
    int32_t lowest[16], second[16], third[16];
    float weights[4][16];
} __attribute__((aligned(64))) cyc_between16;

/// From the lowest corner along the edges in the order of their fractions x, y and z, the largest
/// first. Where two are alike the corner between them has no weight, whichever it is.
CYC_INLINE void cyc_corners(
    const cyc_look *l, cyc_i16 lowest, cyc_f16 x, cyc_f16 y, cyc_f16 z, cyc_between16 *out) {
    cyc_i16 point = (cyc_i16)(int32_t)4, row = (cyc_i16)(4 * l->side);
    cyc_i16 sheet = (cyc_i16)(4 * l->side * l->side);
    cyc_i16 x_first = x >= y;
    cyc_f16 larger = cyc_greater(x, y), smaller = cyc_lesser(x, y);
    cyc_i16 longest = z > larger ? sheet : (x_first ? point : row);
    cyc_i16 shortest = z <= smaller ? sheet : (x_first ? row : point);
    *(cyc_i16 *)out->lowest = lowest;
    *(cyc_i16 *)out->second = lowest + longest;
    *(cyc_i16 *)out->third = lowest - shortest;
    cyc_f16 large = cyc_greater(larger, z), small = cyc_lesser(smaller, z);
    cyc_f16 middle = cyc_greater(smaller, cyc_lesser(larger, z));
    cyc_store_all(out->weights[0], 1 - large);
    cyc_store_all(out->weights[1], large - middle);
    cyc_store_all(out->weights[2], middle - small);
    cyc_store_all(out->weights[3], small);
}

/// A place along an edge of a look, 0 … last; NaN gives 0.
CYC_INLINE cyc_f16 cyc_along_edge(const cyc_look *l, int32_t axis, cyc_f16 code) {
    cyc_f16 place = cyc_fma(code, l->scale[axis], cyc_splat(l->offset[axis]));
    return cyc_lesser(cyc_max(place, cyc_splat(0)), cyc_splat((float)(l->side - 1)));
}

/// Where codes lie between the points of a look.
CYC_INLINE void cyc_codes_between(const cyc_look *l, cyc_rgb16 c, cyc_between16 *out) {
    cyc_f16 x = cyc_along_edge(l, 0, c.red), y = cyc_along_edge(l, 1, c.green);
    cyc_f16 z = cyc_along_edge(l, 2, c.blue);
    cyc_f16 last = cyc_splat((float)(l->side - 2));
    cyc_f16 i = cyc_floor(cyc_lesser(x, last)), j = cyc_floor(cyc_lesser(y, last));
    cyc_f16 k = cyc_floor(cyc_lesser(z, last));
    // Whole numbers a float has exactly: multiples of 4, below 2^26.
    float row = (float)(4 * l->side), sheet = (float)(4 * l->side * l->side);
    cyc_f16 lowest = cyc_fma(k, cyc_splat(sheet), cyc_fma(j, cyc_splat(row), 4.0f * i));
    cyc_corners(l, cyc_int(lowest), x - i, y - j, z - k, out);
}

/// Two points of a table, one a lane. In halves of 32 octets on every processor: quarters of 64
/// are slower to put together than their sums are to make.
CYC_INLINE __m256 cyc_two_points(const float *points, const int32_t *at) {
    return _mm256_insertf128_ps(
        _mm256_castps128_ps256(_mm_loadu_ps(points + at[0])), _mm_loadu_ps(points + at[4]), 1);
}

/// Colors of places j and 4 + j of eight from `first` on, one in each half.
#define CYC_TWO_BETWEEN(name, j)                                                                  \
    __m256 name = _mm256_mul_ps(                                                                   \
        cyc_two_points(low, t->lowest + first + (j)), _mm256_permute_ps(w0, 0x55 * (j)));          \
    name = _mm256_fmadd_ps(                                                                        \
        cyc_two_points(low, t->second + first + (j)), _mm256_permute_ps(w1, 0x55 * (j)), name);    \
    name = _mm256_fmadd_ps(                                                                        \
        cyc_two_points(high, t->third + first + (j)), _mm256_permute_ps(w2, 0x55 * (j)), name);    \
    name = _mm256_fmadd_ps(                                                                        \
        cyc_two_points(high, t->lowest + first + (j)), _mm256_permute_ps(w3, 0x55 * (j)), name);

typedef struct {
    __m256 red, green, blue;
} cyc_rgb8;

/// What a table makes of eight places from `first` on.
CYC_INLINE cyc_rgb8 cyc_eight_between(
    const cyc_look *l, const cyc_between16 *t, int32_t first) {
    const float *low = l->points, *high = low + 4 * (int64_t)(1 + l->side + l->side * l->side);
    __m256 w0 = _mm256_load_ps(t->weights[0] + first), w1 = _mm256_load_ps(t->weights[1] + first);
    __m256 w2 = _mm256_load_ps(t->weights[2] + first), w3 = _mm256_load_ps(t->weights[3] + first);
    CYC_TWO_BETWEEN(a, 0)
    CYC_TWO_BETWEEN(b, 1)
    CYC_TWO_BETWEEN(c, 2)
    CYC_TWO_BETWEEN(d, 3)
    // Each half is a color: turned, its rows are four reds, four greens, four blues.
    __m256 ab = _mm256_unpacklo_ps(a, b), cd = _mm256_unpacklo_ps(c, d);
    return (cyc_rgb8){
        _mm256_shuffle_ps(ab, cd, 0x44), _mm256_shuffle_ps(ab, cd, 0xEE),
        _mm256_shuffle_ps(_mm256_unpackhi_ps(a, b), _mm256_unpackhi_ps(c, d), 0x44)};
}

CYC_INLINE cyc_rgb16 cyc_joined(cyc_rgb8 low, cyc_rgb8 high) {
    return (cyc_rgb16){
        cyc_join(low.red, high.red), cyc_join(low.green, high.green),
        cyc_join(low.blue, high.blue)};
}

/// What a table's points make of sixteen places.
CYC_INLINE cyc_rgb16 cyc_all_between(const cyc_look *l, const cyc_between16 *t) {
    return cyc_joined(cyc_eight_between(l, t, 0), cyc_eight_between(l, t, 8));
}

/// Places in a table's tetrahedra: where each one begins, in octets from the first; how far along
/// red and green, and along blue and the whole 1, in 2^-14, two numbers side by side.
typedef struct {
    uint32_t at[16];
    int32_t along_red_green[16], along_blue_one[16];
} __attribute__((aligned(64))) cyc_inside16;

/// Into one of a cell's six tetrahedra (`cyc_tetrahedron`); x, y and z in 2^-14, less than 1. On a
/// face between two of them both have the same colors.
CYC_INLINE void cyc_enter(cyc_i16 cell, cyc_i16 x, cyc_i16 y, cyc_i16 z, cyc_inside16 *out) {
    const int32_t size = sizeof(cyc_tetrahedron);
    cyc_i16 at = y > x ? cell + 3 * size : cell;
    at = z > y ? at + size : at;
    at = z > x ? at + size : at;
    *(cyc_i16 *)out->at = at;
    *(cyc_i16 *)out->along_red_green = x | (y << 16);
    *(cyc_i16 *)out->along_blue_one = z | 0x4000 << 16;
}

/// A place along an edge of a look in 2^-14 of a cell, at most the last before the last point.
CYC_INLINE cyc_i16 cyc_fixed_along_edge(const cyc_look *l, int32_t axis, cyc_f16 code) {
    float one = 0x4000;
    cyc_f16 place =
        cyc_fma(code, l->scale[axis] * one, cyc_splat(l->offset[axis] * one + 0.5f));
    return cyc_int(
        cyc_min(cyc_max(place, cyc_splat(0)), cyc_splat((float)(l->side - 1) * one - 1)));
}

/// Where codes lie in the tetrahedra of a look.
CYC_INLINE void cyc_codes_inside(const cyc_look *l, cyc_rgb16 c, cyc_inside16 *out) {
    cyc_i16 x = cyc_fixed_along_edge(l, 0, c.red), y = cyc_fixed_along_edge(l, 1, c.green);
    cyc_i16 z = cyc_fixed_along_edge(l, 2, c.blue);
    int32_t cell = 6 * sizeof(cyc_tetrahedron), row = cell * (l->side - 1);
    int32_t sheet = row * (l->side - 1);
    cyc_enter(
        (x >> 14) * cell + (y >> 14) * row + (z >> 14) * sheet, x & 0x3FFF, y & 0x3FFF, z & 0x3FFF,
        out);
}

/// Bits of light + 2^-8, of which a table of whole grades has its first point at 0, and so many
/// octaves: the cell's number on top of the first one's, then the place in it. Light below 0 counts
/// as none.
CYC_INLINE cyc_i16 cyc_octaves(cyc_f16 light) {
    cyc_f16 above = cyc_max(light + 0x1p-8f, cyc_splat(0x1p-8f));
    return cyc_bits(cyc_lesser(above, cyc_splat(0x1.fffffep+7f)));
}

/// Where light lies in the tetrahedra of a table of whole grades, of which 16 octaves of 2^n cells
/// make an edge.
CYC_INLINE void cyc_light_inside(const cyc_look *l, cyc_rgb16 c, cyc_inside16 *out) {
    cyc_i16 x = cyc_octaves(c.red), y = cyc_octaves(c.green), z = cyc_octaves(c.blue);
    int32_t bits = 23 - l->octave_bits, edge_bits = 4 + l->octave_bits;
    int32_t first = 0x3B800000 >> bits;
    first += (first << edge_bits) + (first << 2 * edge_bits);
    cyc_i16 cell = (x >> bits) + ((y >> bits) << edge_bits) + ((z >> bits) << 2 * edge_bits);
    int32_t cut = bits - 14;
    cyc_enter(
        (cell - first) * (int32_t)(6 * sizeof(cyc_tetrahedron)), (x >> cut) & 0x3FFF,
        (y >> cut) & 0x3FFF, (z >> cut) & 0x3FFF, out);
}

/// Quarters of the tetrahedra of two places, four apart.
CYC_INLINE __m256i cyc_two_tetrahedra(const char *tetrahedra, const uint32_t *at) {
    return _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_load_si128((const __m128i *)(tetrahedra + at[0]))),
        _mm_load_si128((const __m128i *)(tetrahedra + at[4])), 1);
}

typedef struct {
    __m256i n0, n1, n2, n3;
} cyc_four_turned;

/// Halves of the tetrahedra of eight places, turned: every number of theirs for all eight.
CYC_INLINE cyc_four_turned cyc_eight_tetrahedra(const char *tetrahedra, const uint32_t *at) {
    __m256i a = cyc_two_tetrahedra(tetrahedra, at), b = cyc_two_tetrahedra(tetrahedra, at + 1);
    __m256i c = cyc_two_tetrahedra(tetrahedra, at + 2), d = cyc_two_tetrahedra(tetrahedra, at + 3);
    __m256i ab = _mm256_unpacklo_epi32(a, b), cd = _mm256_unpacklo_epi32(c, d);
    __m256i abHigh = _mm256_unpackhi_epi32(a, b), cdHigh = _mm256_unpackhi_epi32(c, d);
    return (cyc_four_turned){
        _mm256_unpacklo_epi64(ab, cd), _mm256_unpackhi_epi64(ab, cd),
        _mm256_unpacklo_epi64(abHigh, cdHigh), _mm256_unpackhi_epi64(abHigh, cdHigh)};
}

/// One channel of eight places: the sums of its steps along the edges and of what it begins with,
/// scaled by a power of 2.
CYC_INLINE __m256 cyc_channel_inside(
    __m256i red_green, __m256i blue_one, __m256i x_y, __m256i z_one, __m256i exponents) {
    __m256i sum = _mm256_add_epi32(
        _mm256_madd_epi16(red_green, x_y), _mm256_madd_epi16(blue_one, z_one));
    __m256i power = _mm256_and_si256(exponents, _mm256_set1_epi32(0x7F800000));
    return _mm256_mul_ps(_mm256_cvtepi32_ps(sum), _mm256_castsi256_ps(power));
}

/// What a table makes of eight places from `first` on.
CYC_INLINE cyc_rgb8 cyc_eight_inside(const cyc_look *l, const cyc_inside16 *t, int32_t first) {
    const char *tetrahedra = (const char *)l->tetrahedra;
    const uint32_t *at = t->at + first;
    __m256i x_y = _mm256_load_si256((const __m256i *)(t->along_red_green + first));
    __m256i z_one = _mm256_load_si256((const __m256i *)(t->along_blue_one + first));
    cyc_four_turned low = cyc_eight_tetrahedra(tetrahedra, at);
    cyc_four_turned high = cyc_eight_tetrahedra(tetrahedra + 16, at);
    return (cyc_rgb8){
        cyc_channel_inside(low.n0, low.n1, x_y, z_one, high.n2),
        cyc_channel_inside(low.n2, low.n3, x_y, z_one, _mm256_slli_epi32(high.n2, 8)),
        cyc_channel_inside(high.n0, high.n1, x_y, z_one, _mm256_slli_epi32(high.n2, 16))};
}

/// What a table's tetrahedra make of sixteen places.
CYC_INLINE cyc_rgb16 cyc_all_inside(const cyc_look *l, const cyc_inside16 *t) {
    return cyc_joined(cyc_eight_inside(l, t, 0), cyc_eight_inside(l, t, 8));
}

/// Places in a table: in its tetrahedra where it has them, else between its points.
typedef union {
    cyc_between16 between;
    cyc_inside16 inside;
} cyc_table_places16;

/// Where codes lie in a look.
CYC_INLINE void cyc_place_codes(const cyc_look *l, cyc_rgb16 c, cyc_table_places16 *out) {
    if (l->tetrahedra) {
        cyc_codes_inside(l, c, &out->inside);
    } else {
        cyc_codes_between(l, c, &out->between);
    }
}

/// What a table makes of sixteen places.
CYC_INLINE cyc_rgb16 cyc_of_table(const cyc_look *l, const cyc_table_places16 *places) {
    if (l->tetrahedra) return cyc_all_inside(l, &places->inside);
    return cyc_all_between(l, &places->between);
}
#pragma clang diagnostic pop
#pragma clang assume_nonnull end
#endif
