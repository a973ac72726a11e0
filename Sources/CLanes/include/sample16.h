/// Sampling: sixteen bilinear samples of a half-float RGBA picture, and the places to sample.
#pragma once
#include "lanes16.h"
#if defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
#pragma clang assume_nonnull begin
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

typedef struct {
    cyc_f16 red, green, blue, alpha;
} cyc_rgba16;

/// Where sixteen samples lie: texel of the upper left neighbor, and how far beyond it.
typedef struct {
    cyc_i16 texel;
    cyc_f16 u, v;
    /// Texels from here to what a later row of pixels will sample; 0: unknown.
    int64_t ahead;
} cyc_place16;

/// Sixteen places in memory, where scalar loads find each lane's texel: taking the lanes apart in
/// registers would load the one shuffle port. A step keeps all its places before it loads the
/// first texel: a load that waits for its own place's division costs twice the time.
typedef struct {
    int32_t texel[16];
    float u[16], v[16];
    int64_t ahead;
} __attribute__((aligned(64))) cyc_kept16;

CYC_INLINE void cyc_keep_place(cyc_place16 place, cyc_kept16 *to) {
    *(cyc_i16 *)to->texel = place.texel;
    *(cyc_f16 *)to->u = place.u;
    *(cyc_f16 *)to->v = place.v;
    to->ahead = place.ahead;
}

/// Rows of pixels that texels are fetched ahead: about the time of a fetch from memory.
#define CYC_ROWS_AHEAD 8

/// Asks for the texels of a later row: too few of a row are read for the hardware to foresee it.
/// Addresses outside the picture do no harm.
CYC_INLINE void cyc_fetch_ahead(const uint64_t *texels, const int32_t *at, int64_t ahead) {
    if (ahead == 0) return;
    _mm_prefetch((const char *)(texels + at[0] + ahead), _MM_HINT_T0);
    _mm_prefetch((const char *)(texels + at[7] + ahead), _MM_HINT_T0);
    _mm_prefetch((const char *)(texels + at[15] + ahead), _MM_HINT_T0);
}

/// The rows of texels above and below sixteen places, and where in them the left one of each
/// place's two neighbors stands.
typedef struct {
    const uint64_t *above, *below;
    const int32_t *above_at, *below_at;
} cyc_neighbors16;

#ifdef __AVX512F__
/// Channels apart; RGBA of pixels j, 4 + j, 8 + j, 12 + j in the quarters of `a` (j = 0) … `d`.
CYC_INLINE cyc_rgba16 cyc_channels(__m512 a, __m512 b, __m512 c, __m512 d) {
    __m512 ab = _mm512_unpacklo_ps(a, b), cd = _mm512_unpacklo_ps(c, d);
    __m512 abHigh = _mm512_unpackhi_ps(a, b), cdHigh = _mm512_unpackhi_ps(c, d);
    cyc_rgba16 out;
    out.red = (cyc_f16)_mm512_shuffle_ps(ab, cd, 0x44);
    out.green = (cyc_f16)_mm512_shuffle_ps(ab, cd, 0xEE);
    out.blue = (cyc_f16)_mm512_shuffle_ps(abHigh, cdHigh, 0x44);
    out.alpha = (cyc_f16)_mm512_shuffle_ps(abHigh, cdHigh, 0xEE);
    return out;
}

/// Two neighboring texels of each of two pixels.
CYC_INLINE __m512 cyc_pair(const uint64_t *a, const uint64_t *b) {
    __m128i low = _mm_loadu_si128((const __m128i *)a);
    __m128i high = _mm_loadu_si128((const __m128i *)b);
    return _mm512_cvtph_ps(_mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1));
}

/// RGBA of pixels j, 4 + j, 8 + j, 12 + j, one in each quarter.
#define CYC_QUAD(name, j)                                                                   \
    __m512 name;                                                                            \
    {                                                                                       \
        const uint64_t *above = n.above, *below = n.below;                                  \
        const int32_t *at = n.above_at + (j), *low_at = n.below_at + (j);                   \
        __m512 f = _mm512_permute_ps((__m512)v, (j) * 0x55);                                \
        __m512 top = cyc_pair(above + at[0], above + at[4]);                                \
        __m512 next = cyc_pair(above + at[8], above + at[12]);                              \
        __m512 low = cyc_pair(below + low_at[0], below + low_at[4]);                        \
        __m512 lower = cyc_pair(below + low_at[8], below + low_at[12]);                     \
        top = _mm512_fmadd_ps(                                                              \
            _mm512_shuffle_f32x4(f, f, 0x50), _mm512_sub_ps(low, top), top);                \
        next = _mm512_fmadd_ps(                                                             \
            _mm512_shuffle_f32x4(f, f, 0xFA), _mm512_sub_ps(lower, next), next);            \
        __m512 left = _mm512_shuffle_f32x4(top, next, 0x88);                                \
        __m512 right = _mm512_shuffle_f32x4(top, next, 0xDD);                               \
        f = _mm512_permute_ps((__m512)u, (j) * 0x55);                                       \
        name = _mm512_fmadd_ps(f, _mm512_sub_ps(right, left), left);                        \
    }

/// Sixteen colors, channels together: RGBA of pixels j, 4 + j, 8 + j, 12 + j in the quarters of
/// `a` (j = 0) … `d`.
typedef struct {
    __m512 a, b, c, d;
} cyc_quads16;

/// Sixteen bilinear samples; vertical first, then horizontal.
CYC_INLINE cyc_quads16 cyc_quads(cyc_neighbors16 n, cyc_f16 u, cyc_f16 v) {
    CYC_QUAD(a, 0)
    CYC_QUAD(b, 1)
    CYC_QUAD(c, 2)
    CYC_QUAD(d, 3)
    return (cyc_quads16){a, b, c, d};
}

CYC_INLINE cyc_quads16 cyc_sum(cyc_quads16 p, cyc_quads16 q) {
    return (cyc_quads16){p.a + q.a, p.b + q.b, p.c + q.c, p.d + q.d};
}

CYC_INLINE cyc_rgba16 cyc_apart(cyc_quads16 q) { return cyc_channels(q.a, q.b, q.c, q.d); }
#else
typedef struct {
    __m256 red, green, blue, alpha;
} cyc_rgba8;

/// Channels apart; RGBA of pixels j and 4 + j in the halves of `a` (j = 0) … `d`.
CYC_INLINE cyc_rgba8 cyc_channels(__m256 a, __m256 b, __m256 c, __m256 d) {
    __m256 ab = _mm256_unpacklo_ps(a, b), cd = _mm256_unpacklo_ps(c, d);
    __m256 abHigh = _mm256_unpackhi_ps(a, b), cdHigh = _mm256_unpackhi_ps(c, d);
    cyc_rgba8 out;
    out.red = _mm256_shuffle_ps(ab, cd, 0x44);
    out.green = _mm256_shuffle_ps(ab, cd, 0xEE);
    out.blue = _mm256_shuffle_ps(abHigh, cdHigh, 0x44);
    out.alpha = _mm256_shuffle_ps(abHigh, cdHigh, 0xEE);
    return out;
}

/// Pixel j's two texels after the vertical step.
CYC_INLINE __m256 cyc_column(cyc_neighbors16 n, int32_t j, float v) {
    __m256 top = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(n.above + n.above_at[j])));
    __m256 low = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(n.below + n.below_at[j])));
    return _mm256_fmadd_ps(_mm256_set1_ps(v), _mm256_sub_ps(low, top), top);
}

/// RGBA of pixels j and 4 + j of eight from `first` on, one in each half.
#define CYC_QUAD(name, j)                                                                   \
    __m256 name;                                                                            \
    {                                                                                       \
        __m256 p = cyc_column(n, first + (j), v[first + (j)]);                              \
        __m256 q = cyc_column(n, first + 4 + (j), v[first + 4 + (j)]);                      \
        __m256 left = _mm256_permute2f128_ps(p, q, 0x20);                                   \
        __m256 right = _mm256_permute2f128_ps(p, q, 0x31);                                  \
        __m256 f = _mm256_permute_ps(u, (j) * 0x55);                                        \
        name = _mm256_fmadd_ps(f, _mm256_sub_ps(right, left), left);                        \
    }

/// Eight colors, channels together: RGBA of pixels j and 4 + j in the halves of `a` (j = 0) … `d`.
typedef struct {
    __m256 a, b, c, d;
} cyc_quads8;

CYC_INLINE cyc_quads8 cyc_eight_quads(
    cyc_neighbors16 n, int32_t first, __m256 u, const float *v) {
    CYC_QUAD(a, 0)
    CYC_QUAD(b, 1)
    CYC_QUAD(c, 2)
    CYC_QUAD(d, 3)
    return (cyc_quads8){a, b, c, d};
}

/// Sixteen colors, channels together.
typedef struct {
    cyc_quads8 low, high;
} cyc_quads16;

/// Sixteen bilinear samples; vertical first, then horizontal.
CYC_INLINE cyc_quads16 cyc_quads(cyc_neighbors16 n, cyc_f16 u, cyc_f16 v) {
    float us[16] __attribute__((aligned(64))), vs[16] __attribute__((aligned(64)));
    *(cyc_f16 *)us = u;
    *(cyc_f16 *)vs = v;
    return (cyc_quads16){
        cyc_eight_quads(n, 0, _mm256_load_ps(us), vs),
        cyc_eight_quads(n, 8, _mm256_load_ps(us + 8), vs)};
}

CYC_INLINE cyc_quads16 cyc_sum(cyc_quads16 p, cyc_quads16 q) {
    return (cyc_quads16){
        {p.low.a + q.low.a, p.low.b + q.low.b, p.low.c + q.low.c, p.low.d + q.low.d},
        {p.high.a + q.high.a, p.high.b + q.high.b, p.high.c + q.high.c, p.high.d + q.high.d}};
}

CYC_INLINE cyc_rgba16 cyc_apart(cyc_quads16 q) {
    cyc_rgba8 low = cyc_channels(q.low.a, q.low.b, q.low.c, q.low.d);
    cyc_rgba8 high = cyc_channels(q.high.a, q.high.b, q.high.c, q.high.d);
    cyc_rgba16 out;
    out.red = cyc_join(low.red, high.red);
    out.green = cyc_join(low.green, high.green);
    out.blue = cyc_join(low.blue, high.blue);
    out.alpha = cyc_join(low.alpha, high.alpha);
    return out;
}
#endif

/// Sixteen bilinear samples of any neighbors, channels apart.
CYC_INLINE cyc_rgba16 cyc_between_four(cyc_neighbors16 n, cyc_f16 u, cyc_f16 v) {
    return cyc_apart(cyc_quads(n, u, v));
}

/// Sixteen bilinear samples of one picture, channels together.
CYC_INLINE cyc_quads16 cyc_kept_quads(
    const uint64_t *texels, int64_t stride, const cyc_kept16 *place) {
    const int32_t *at = place->texel;
    cyc_fetch_ahead(texels, at, place->ahead);
    return cyc_quads(
        (cyc_neighbors16){texels, texels + stride, at, at}, cyc_load_all(place->u),
        cyc_load_all(place->v));
}

/// Sixteen bilinear samples of one picture.
CYC_INLINE cyc_rgba16 cyc_bilinear(
    const uint64_t *texels, int64_t stride, const cyc_kept16 *place) {
    return cyc_apart(cyc_kept_quads(texels, stride, place));
}

/// Whole and fractional part of clamped places; whole × stride is exact in 32 bits
/// (SceneLimits.pictureSide squared is below 2³¹).
CYC_INLINE cyc_place16 cyc_split(cyc_f16 u, cyc_f16 v, int32_t stride) {
    cyc_i16 column = cyc_int_floor(u), row = cyc_int_floor(v);
    cyc_place16 place;
    place.texel = row * (cyc_i16)stride + column;
    place.u = u - cyc_float(column);
    place.v = v - cyc_float(row);
    place.ahead = 0;
    return place;
}

/// Where a flat picture is sampled.
CYC_INLINE cyc_place16 cyc_picture_place(cyc_plane_map map, cyc_f16 x, float y) {
    cyc_f16 per_w = cyc_splat(1) / cyc_along(map.w, x, y);
    cyc_f16 u = cyc_clamp(cyc_along(map.u, x, y) * per_w, map.u_min, map.u_max);
    cyc_f16 v = cyc_clamp(cyc_along(map.v, x, y) * per_w, map.v_min, map.v_max);
    cyc_place16 place = cyc_split(u, v, map.stride);
    // w is 1 in the middle of the patch, so this is texels a row of pixels.
    int32_t rows = (int32_t)(CYC_ROWS_AHEAD * map.v.along_y);
    int32_t columns = (int32_t)(CYC_ROWS_AHEAD * map.u.along_y);
    place.ahead = (int64_t)rows * map.stride + columns;
    return place;
}

/// How much of a pixel lies inside a picture's two edges: `place` between them, moving by
/// (dx, dy) · per_w over the width of the ramp, which is one pixel, as a box filter gives, or the
/// blur's.
CYC_INLINE cyc_f16 cyc_inside(
    cyc_f16 place, cyc_linear numerator, cyc_linear w, cyc_f16 per_w, float low, float high) {
    cyc_f16 dx = numerator.along_x - place * w.along_x;
    cyc_f16 dy = numerator.along_y - place * w.along_y;
    cyc_f16 step = cyc_sqrt(cyc_fma(dx, dx, dy * dy)) * cyc_abs(per_w);
    cyc_f16 depth = cyc_min(place - low, high - place);
    return cyc_clamp(depth / cyc_max(step, cyc_splat(1e-20f)) + 0.5f, 0, 1);
}

/// How much of each pixel a card covers, 0 where the ray looks away from it.
CYC_INLINE cyc_f16 cyc_card_cover(
    cyc_plane_map map, cyc_f16 w, cyc_f16 per_w, cyc_f16 u, cyc_f16 v) {
    per_w *= map.edge_pixels;
    cyc_f16 cover = cyc_inside(u, map.u, map.w, per_w, map.edge_left, map.edge_right)
        * cyc_inside(v, map.v, map.w, per_w, map.edge_top, map.edge_bottom);
    return w > cyc_splat(0) ? cover : cyc_splat(0);
}

/// Where a card is sampled, and how much of each pixel it covers; 0 where w ≤ 0.
CYC_INLINE cyc_place16 cyc_card_place(cyc_plane_map map, cyc_f16 x, float y, cyc_f16 *cover) {
    cyc_f16 w = cyc_along(map.w, x, y);
    cyc_f16 per_w = cyc_splat(1) / w;
    cyc_f16 u = cyc_along(map.u, x, y) * per_w;
    cyc_f16 v = cyc_along(map.v, x, y) * per_w;
    *cover = map.has_edges ? cyc_card_cover(map, w, per_w, u, v) : cyc_splat(1);
    return cyc_split(
        cyc_clamp(u, map.u_min, map.u_max), cyc_clamp(v, map.v_min, map.v_max), map.stride);
}

/// Where a dome of six faces is sampled in any direction, and whether it is seen, 0 or 1. Face
/// 2·axis + (negative ? 1 : 0) shows the two other axes, divided by the main one's size, in their
/// order.
CYC_INLINE cyc_place16 cyc_dome_place(cyc_dome_map map, cyc_f16 x, float y, cyc_f16 *is_seen) {
    cyc_f16 dx = cyc_along(map.x, x, y), dy = cyc_along(map.y, x, y), dz = cyc_along(map.z, x, y);
    cyc_f16 seen = cyc_splat(1);
    if (map.radius_term != 0) {
        cyc_f16 a = cyc_fma(dx, dx, cyc_fma(dy, dy, dz * dz));
        cyc_f16 b = cyc_fma(dx, map.q[0], cyc_fma(dy, map.q[1], dz * map.q[2]));
        cyc_f16 inner = cyc_fma(b, b, -(a * map.radius_term));
        cyc_f16 t = cyc_sqrt(cyc_max(inner, cyc_splat(0))) - b;
        seen = inner >= cyc_splat(0) ? (t > cyc_splat(0) ? seen : cyc_splat(0)) : cyc_splat(0);
        dx = cyc_fma(t, dx, a * map.q[0]);
        dy = cyc_fma(t, dy, a * map.q[1]);
        dz = cyc_fma(t, dz, a * map.q[2]);
    }
    cyc_f16 ax = cyc_abs(dx), ay = cyc_abs(dy), az = cyc_abs(dz);
    cyc_i16 is_x = (ax >= ay) & (ax >= az);
    cyc_i16 is_z = ~is_x & (az > ay);
    cyc_f16 main = is_x ? dx : (is_z ? dz : dy);
    cyc_i16 face = (is_x ? (cyc_i16)0 : (is_z ? (cyc_i16)4 : (cyc_i16)2))
        + ((cyc_bits(main) >> 31) & 1);
    cyc_f16 half = cyc_splat(0.5f * (float)map.level.width) / cyc_abs(main);
    cyc_f16 center = cyc_splat(0.5f * (float)map.level.width - 0.5f);
    float most = (float)map.level.width - 0.5f;
    cyc_f16 u = cyc_clamp(cyc_fma(is_x ? dy : dx, half, center), -0.5f, most);
    cyc_f16 v = cyc_clamp(cyc_fma(is_z ? dy : dz, half, center), -0.5f, most);
    cyc_place16 place = cyc_split(u, v, map.level.stride);
    place.texel += face * map.level.face_stride;
    *is_seen = seen;
    return place;
}

/// Asks for the texels that some pixels of a later row will sample: no step down a dome is known, so
/// the places of sixteen of them are computed, which miss no line of up to 64.
CYC_INLINE void cyc_fetch_dome_ahead(cyc_dome_map map, int32_t x, int32_t y, int32_t count) {
    cyc_f16 some = cyc_fma(cyc_ramp(), cyc_splat((float)count / 16), cyc_splat((float)x));
    cyc_f16 is_seen;
    cyc_place16 place = cyc_dome_place(map, some, (float)(y + CYC_ROWS_AHEAD), &is_seen);
    int32_t at[16];
    *(cyc_i16 *)at = place.texel;
    CYC_IN_MEMORY(at);
    for (int32_t i = 0; i < 16; ++i) {
        _mm_prefetch((const char *)(map.level.texels + at[i]), _MM_HINT_T0);
    }
}
#pragma clang diagnostic pop
#pragma clang assume_nonnull end
#endif
