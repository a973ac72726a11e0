/// Samples of pictures that take several a pixel: of two mip levels, of places along a long
/// footprint, and of sixteen texels by cubic weights where a picture is magnified.
#pragma once
#include "upright16.h"
#if defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
#pragma clang assume_nonnull begin
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

/// Weights of four neighbors along one axis.
typedef struct {
    cyc_f16 a, b, c, d;
} cyc_taps16;

/// Neighbors' weights at a place `f` beyond the second: bilinear at `share` 0; at 1 Catmull-Rom
/// (Keys 1981, a = −1/2) by `softness` 0, the cubic B-spline by 1.
CYC_INLINE cyc_taps16 cyc_taps(cyc_f16 f, cyc_f16 share, float softness) {
    cyc_f16 g = 1.0f - f;
    cyc_f16 ff = f * f, gg = g * g;
    cyc_f16 a = -0.5f * f * gg, d = -0.5f * g * ff;
    cyc_f16 c = f * cyc_fma(f, cyc_fma(f, cyc_splat(-1.5f), cyc_splat(2)), cyc_splat(0.5f));
    cyc_f16 soft_c = cyc_fma(gg, cyc_fma(g, cyc_splat(0.5f), cyc_splat(-1)), cyc_splat(2 / 3.0f));
    a = cyc_fma(cyc_splat(softness), g * gg * (1 / 6.0f) - a, a);
    d = cyc_fma(cyc_splat(softness), f * ff * (1 / 6.0f) - d, d);
    c = cyc_fma(cyc_splat(softness), soft_c - c, c);
    cyc_taps16 out;
    out.a = share * a;
    out.d = share * d;
    out.c = cyc_fma(share, c - f, f);
    out.b = 1.0f - out.a - out.c - out.d;
    return out;
}

/// A Catmull-Rom sample overshoots its four nearest texels by at most a quarter of the outermost:
/// light never rings below zero, no bright point has a black rim, and smooth waves stay as they are.
/// A B-spline only means, and may reach farther: never below half the least of the four where that
/// is light, and above as it likes.
#define CYC_OVERSHOOT 0.25f

/// Weights down sixteen pixels' four rows of texels and along their four columns, in memory.
typedef struct {
    float down[4][16], along[4][16];
} __attribute__((aligned(64))) cyc_weights16;

CYC_INLINE void cyc_keep_weights(cyc_taps16 down, cyc_taps16 along, cyc_weights16 *to) {
    cyc_store_all(to->down[0], down.a);
    cyc_store_all(to->down[1], down.b);
    cyc_store_all(to->down[2], down.c);
    cyc_store_all(to->down[3], down.d);
    cyc_store_all(to->along[0], along.a);
    cyc_store_all(to->along[1], along.b);
    cyc_store_all(to->along[2], along.c);
    cyc_store_all(to->along[3], along.d);
}

#ifdef __AVX512F__
/// A pixel's four columns of texels, weighted down and along but not yet added; least and
/// greatest of the middle rows.
typedef struct {
    __m512 sum, low, high;
} cyc_columns4;

CYC_INLINE __m512 cyc_row4(const uint64_t *texels) {
    return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)texels));
}

CYC_INLINE cyc_columns4 cyc_columns(
    const uint64_t *texels, int64_t stride, const cyc_weights16 *w, int32_t j) {
    __m512 first = cyc_row4(texels), second = cyc_row4(texels + stride);
    __m512 third = cyc_row4(texels + 2 * stride), fourth = cyc_row4(texels + 3 * stride);
    __m512 sum = _mm512_mul_ps(_mm512_set1_ps(w->down[0][j]), first);
    sum = _mm512_fmadd_ps(_mm512_set1_ps(w->down[1][j]), second, sum);
    sum = _mm512_fmadd_ps(_mm512_set1_ps(w->down[2][j]), third, sum);
    sum = _mm512_fmadd_ps(_mm512_set1_ps(w->down[3][j]), fourth, sum);
    __m512 along = _mm512_set1_ps(w->along[0][j]);
    along = _mm512_mask_broadcastss_ps(along, 0x00F0, _mm_load_ss(&w->along[1][j]));
    along = _mm512_mask_broadcastss_ps(along, 0x0F00, _mm_load_ss(&w->along[2][j]));
    along = _mm512_mask_broadcastss_ps(along, 0xF000, _mm_load_ss(&w->along[3][j]));
    cyc_columns4 out;
    out.sum = _mm512_mul_ps(along, sum);
    out.low = _mm512_min_ps(second, third);
    out.high = _mm512_max_ps(second, third);
    return out;
}

/// RGBA of pixels j, 4 + j, 8 + j, 12 + j, one in each quarter.
CYC_INLINE __m512 cyc_cubic_quad(
    const uint64_t *texels, int64_t stride, const int32_t *at, const cyc_weights16 *w,
    float softness, int32_t j) {
    cyc_columns4 a = cyc_columns(texels + at[j], stride, w, j);
    cyc_columns4 b = cyc_columns(texels + at[j + 4], stride, w, j + 4);
    cyc_columns4 c = cyc_columns(texels + at[j + 8], stride, w, j + 8);
    cyc_columns4 d = cyc_columns(texels + at[j + 12], stride, w, j + 12);
    __m512 ab = _mm512_add_ps(
        _mm512_shuffle_f32x4(a.sum, b.sum, 0x44), _mm512_shuffle_f32x4(a.sum, b.sum, 0xEE));
    __m512 cd = _mm512_add_ps(
        _mm512_shuffle_f32x4(c.sum, d.sum, 0x44), _mm512_shuffle_f32x4(c.sum, d.sum, 0xEE));
    __m512 sum = _mm512_add_ps(
        _mm512_shuffle_f32x4(ab, cd, 0x88), _mm512_shuffle_f32x4(ab, cd, 0xDD));
    // The middle two columns.
    ab = _mm512_shuffle_f32x4(a.low, b.low, 0x99);
    cd = _mm512_shuffle_f32x4(c.low, d.low, 0x99);
    __m512 low = _mm512_min_ps(
        _mm512_shuffle_f32x4(ab, cd, 0x88), _mm512_shuffle_f32x4(ab, cd, 0xDD));
    ab = _mm512_shuffle_f32x4(a.high, b.high, 0x99);
    cd = _mm512_shuffle_f32x4(c.high, d.high, 0x99);
    __m512 high = _mm512_max_ps(
        _mm512_shuffle_f32x4(ab, cd, 0x88), _mm512_shuffle_f32x4(ab, cd, 0xDD));
    __m512 under = _mm512_set1_ps(CYC_OVERSHOOT * (1 + softness));
    sum = _mm512_max_ps(sum, _mm512_fnmadd_ps(under, _mm512_abs_ps(low), low));
    high = _mm512_fmadd_ps(_mm512_set1_ps(CYC_OVERSHOOT), _mm512_abs_ps(high), high);
    __m512 excess = _mm512_max_ps(_mm512_sub_ps(sum, high), _mm512_setzero_ps());
    return _mm512_fnmadd_ps(_mm512_set1_ps(1 - softness), excess, sum);
}

/// Sixteen samples of four by four texels, `at` the first of each.
CYC_INLINE cyc_rgba16 cyc_of_sixteen(
    const uint64_t *texels, int64_t stride, const int32_t *at, const cyc_weights16 *w,
    float softness) {
    return cyc_channels(
        cyc_cubic_quad(texels, stride, at, w, softness, 0),
        cyc_cubic_quad(texels, stride, at, w, softness, 1),
        cyc_cubic_quad(texels, stride, at, w, softness, 2),
        cyc_cubic_quad(texels, stride, at, w, softness, 3));
}
#else
/// A pixel's four columns of texels, the left two and the right two, weighted down; of the middle
/// rows the least and greatest.
typedef struct {
    __m256 sum, low_left, low_right, high_left, high_right;
} cyc_columns4;

CYC_INLINE __m256 cyc_row2(const uint64_t *texels) {
    return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)texels));
}

CYC_INLINE __m256 cyc_two(float left, float right) {
    return _mm256_set_m128(_mm_set1_ps(right), _mm_set1_ps(left));
}

CYC_INLINE cyc_columns4 cyc_columns(
    const uint64_t *texels, int64_t stride, const cyc_weights16 *w, int32_t j) {
    __m256 down = _mm256_set1_ps(w->down[0][j]);
    __m256 left = _mm256_mul_ps(down, cyc_row2(texels));
    __m256 right = _mm256_mul_ps(down, cyc_row2(texels + 2));
    __m256 second = cyc_row2(texels + stride), second_right = cyc_row2(texels + stride + 2);
    down = _mm256_set1_ps(w->down[1][j]);
    left = _mm256_fmadd_ps(down, second, left);
    right = _mm256_fmadd_ps(down, second_right, right);
    __m256 third = cyc_row2(texels + 2 * stride), third_right = cyc_row2(texels + 2 * stride + 2);
    down = _mm256_set1_ps(w->down[2][j]);
    left = _mm256_fmadd_ps(down, third, left);
    right = _mm256_fmadd_ps(down, third_right, right);
    down = _mm256_set1_ps(w->down[3][j]);
    left = _mm256_fmadd_ps(down, cyc_row2(texels + 3 * stride), left);
    right = _mm256_fmadd_ps(down, cyc_row2(texels + 3 * stride + 2), right);
    cyc_columns4 out;
    out.sum = _mm256_fmadd_ps(
        cyc_two(w->along[0][j], w->along[1][j]), left,
        _mm256_mul_ps(cyc_two(w->along[2][j], w->along[3][j]), right));
    out.low_left = _mm256_min_ps(second, third);
    out.low_right = _mm256_min_ps(second_right, third_right);
    out.high_left = _mm256_max_ps(second, third);
    out.high_right = _mm256_max_ps(second_right, third_right);
    return out;
}

/// RGBA of pixels j and 4 + j, one in each half.
CYC_INLINE __m256 cyc_cubic_pair(
    const uint64_t *texels, int64_t stride, const int32_t *at, const cyc_weights16 *w,
    float softness, int32_t j) {
    cyc_columns4 p = cyc_columns(texels + at[j], stride, w, j);
    cyc_columns4 q = cyc_columns(texels + at[j + 4], stride, w, j + 4);
    __m256 sum = _mm256_add_ps(
        _mm256_permute2f128_ps(p.sum, q.sum, 0x20), _mm256_permute2f128_ps(p.sum, q.sum, 0x31));
    __m256 low = _mm256_min_ps(
        _mm256_permute2f128_ps(p.low_left, q.low_left, 0x31),
        _mm256_permute2f128_ps(p.low_right, q.low_right, 0x20));
    __m256 high = _mm256_max_ps(
        _mm256_permute2f128_ps(p.high_left, q.high_left, 0x31),
        _mm256_permute2f128_ps(p.high_right, q.high_right, 0x20));
    __m256 under = _mm256_set1_ps(CYC_OVERSHOOT * (1 + softness)), sign = _mm256_set1_ps(-0.0f);
    sum = _mm256_max_ps(sum, _mm256_fnmadd_ps(under, _mm256_andnot_ps(sign, low), low));
    high = _mm256_fmadd_ps(_mm256_set1_ps(CYC_OVERSHOOT), _mm256_andnot_ps(sign, high), high);
    __m256 excess = _mm256_max_ps(_mm256_sub_ps(sum, high), _mm256_setzero_ps());
    return _mm256_fnmadd_ps(_mm256_set1_ps(1 - softness), excess, sum);
}

/// Sixteen samples of four by four texels, `at` the first of each.
CYC_INLINE cyc_rgba16 cyc_of_sixteen(
    const uint64_t *texels, int64_t stride, const int32_t *at, const cyc_weights16 *w,
    float softness) {
    cyc_rgba8 low = cyc_channels(
        cyc_cubic_pair(texels, stride, at, w, softness, 0),
        cyc_cubic_pair(texels, stride, at, w, softness, 1),
        cyc_cubic_pair(texels, stride, at, w, softness, 2),
        cyc_cubic_pair(texels, stride, at, w, softness, 3));
    cyc_rgba8 high = cyc_channels(
        cyc_cubic_pair(texels, stride, at, w, softness, 8),
        cyc_cubic_pair(texels, stride, at, w, softness, 9),
        cyc_cubic_pair(texels, stride, at, w, softness, 10),
        cyc_cubic_pair(texels, stride, at, w, softness, 11));
    cyc_rgba16 out;
    out.red = cyc_join(low.red, high.red);
    out.green = cyc_join(low.green, high.green);
    out.blue = cyc_join(low.blue, high.blue);
    out.alpha = cyc_join(low.alpha, high.alpha);
    return out;
}
#endif

/// A value bilinear in the pixel at sixteen places of one row.
CYC_INLINE cyc_f16 cyc_bent(cyc_bend b, cyc_f16 x, float y) {
    return cyc_fma(
        cyc_splat(__builtin_fmaf(b.along_xy, y, b.along_x)), x,
        cyc_splat(__builtin_fmaf(b.along_y, y, b.at)));
}

/// What of sixteen pixels each sample of a pass makes up.
CYC_INLINE cyc_f16 cyc_pass_share(const cyc_pass *pass, cyc_f16 detail) {
    cyc_f16 in = cyc_clamp((detail - pass->from) * pass->per_fade, 0, 1);
    cyc_f16 out = cyc_clamp((detail - pass->to) * pass->per_fade, 0, 1);
    return (in - out) * (1.0f / (float)pass->samples);
}

/// What of sixteen samples is cubic.
CYC_INLINE cyc_f16 cyc_cubic_share(const cyc_pass *pass, cyc_f16 detail) {
    return cyc_clamp((pass->cubic_below - detail) * pass->per_cubic, 0, 1);
}

CYC_INLINE void cyc_pass_plane(
    float *to, cyc_f16 c, cyc_f16 share, int32_t is_first, int32_t count) {
    cyc_store(to, is_first ? c * share : cyc_fma(c, share, cyc_load(to, count)), count);
}

/// Samples by their share, written or added.
CYC_INLINE void cyc_pass_store(
    cyc_layer to, int64_t at, cyc_rgba16 c, cyc_f16 share, int32_t is_first, int32_t count) {
    cyc_pass_plane(to.light.red + at, c.red, share, is_first, count);
    cyc_pass_plane(to.light.green + at, c.green, share, is_first, count);
    cyc_pass_plane(to.light.blue + at, c.blue, share, is_first, count);
    if (to.alpha) cyc_pass_plane(to.alpha + at, c.alpha, share, is_first, count);
}

/// Samples a step of a pass takes: of groups of sixteen pixels, or all those of one group.
typedef struct {
    cyc_kept16 places[CYC_KEPT];
    /// Of cubic samples alone.
    cyc_weights16 weights[CYC_KEPT];
} cyc_kept_samples;

/// Groups of sixteen pixels that a step of a pass takes.
CYC_INLINE int32_t cyc_pass_groups(const cyc_pass *pass, int32_t count) {
    int32_t groups = (count + 15) >> 4, most = CYC_KEPT / pass->samples;
    return groups < most ? groups : most;
}

/// Sample `sample` of sixteen pixels: how far from each it lies.
CYC_INLINE float cyc_sample_offset(const cyc_pass *pass, int32_t sample) {
    return (float)sample - 0.5f * (float)(pass->samples - 1);
}

CYC_INLINE void cyc_keep_sample(
    const cyc_pass *pass, cyc_place16 place, cyc_f16 detail, cyc_kept_samples *kept, int32_t i) {
    cyc_keep_place(place, &kept->places[i]);
    if (!pass->is_cubic) return;
    cyc_f16 share = cyc_cubic_share(pass, detail);
    cyc_keep_weights(
        cyc_taps(place.v, share, pass->softness), cyc_taps(place.u, share, pass->softness),
        &kept->weights[i]);
}

/// Sixteen cubic samples.
CYC_INLINE cyc_rgba16 cyc_cubic(
    const cyc_pass *pass, const uint64_t *texels, int64_t stride, const cyc_kept_samples *kept,
    int32_t i) {
    cyc_rgba16 out = cyc_of_sixteen(
        texels - stride - 1, stride, kept->places[i].texel, &kept->weights[i], pass->softness);
    out.alpha = cyc_min(out.alpha, cyc_splat(1));
    return out;
}

CYC_INLINE cyc_rgba16 cyc_plus(cyc_rgba16 a, cyc_rgba16 b) {
    return (cyc_rgba16){a.red + b.red, a.green + b.green, a.blue + b.blue, a.alpha + b.alpha};
}

/// The sum of sixteen pixels' samples.
CYC_INLINE cyc_rgba16 cyc_sum_of_samples(
    const cyc_pass *pass, const uint64_t *texels, int64_t stride, const cyc_kept_samples *kept,
    int32_t group) {
    int32_t first = group * pass->samples, end = first + pass->samples;
    if (pass->is_cubic) {
        cyc_rgba16 sum = cyc_cubic(pass, texels, stride, kept, first);
        for (int32_t i = first + 1; i < end; ++i) {
            sum = cyc_plus(sum, cyc_cubic(pass, texels, stride, kept, i));
        }
        return sum;
    }
    cyc_quads16 sum = cyc_kept_quads(texels, stride, &kept->places[first]);
    for (int32_t i = first + 1; i < end; ++i) {
        sum = cyc_sum(sum, cyc_kept_quads(texels, stride, &kept->places[i]));
    }
    return cyc_apart(sum);
}

/// Up to `cyc_pass_groups` sixteens of pixels of a flat picture.
CYC_INLINE void cyc_picture_pass_step(
    cyc_plane_map map, cyc_pass pass, int32_t x, int32_t y, cyc_layer to, int64_t at,
    int32_t count) {
    cyc_kept_samples kept;
    int32_t groups = cyc_pass_groups(&pass, count);
    for (int32_t g = 0; g < groups; ++g) {
        cyc_f16 pixel = cyc_places(x + 16 * g);
        cyc_f16 detail = cyc_bent(pass.detail, pixel, (float)y);
        for (int32_t s = 0; s < pass.samples; ++s) {
            float offset = cyc_sample_offset(&pass, s);
            cyc_place16 place = cyc_picture_place(
                map, pixel + offset * pass.step_x, (float)y + offset * pass.step_y);
            cyc_keep_sample(&pass, place, detail, &kept, g * pass.samples + s);
        }
    }
    CYC_IN_MEMORY(kept);
    for (int32_t g = 0; g < groups; ++g) {
        cyc_f16 detail = cyc_bent(pass.detail, cyc_places(x + 16 * g), (float)y);
        cyc_rgba16 c = cyc_sum_of_samples(&pass, map.texels, map.stride, &kept, g);
        cyc_pass_store(
            to, at + 16 * g, c, cyc_pass_share(&pass, detail), pass.is_first, count - 16 * g);
    }
}

/// Up to `cyc_pass_groups` sixteens of pixels of a dome.
CYC_INLINE void cyc_dome_pass_step(
    cyc_dome_map map, cyc_pass pass, int32_t x, int32_t y, cyc_layer to, int64_t at,
    int32_t count) {
    cyc_kept_samples kept;
    cyc_f16 seen[CYC_KEPT];
    int32_t groups = cyc_pass_groups(&pass, count);
    for (int32_t g = 0; g < groups; ++g) {
        cyc_f16 pixel = cyc_places(x + 16 * g);
        cyc_f16 detail = cyc_bent(pass.detail, pixel, (float)y);
        seen[g] = cyc_splat(0);
        for (int32_t s = 0; s < pass.samples; ++s) {
            float offset = cyc_sample_offset(&pass, s);
            cyc_f16 is_seen;
            cyc_place16 place = cyc_dome_place(
                map, pixel + offset * pass.step_x, (float)y + offset * pass.step_y, &is_seen);
            cyc_keep_sample(&pass, place, detail, &kept, g * pass.samples + s);
            seen[g] += is_seen;
        }
    }
    for (int32_t g = 0; g < groups; g += 4) {
        cyc_fetch_dome_ahead(map, x + 16 * g, y, 16 * (groups - g < 4 ? groups - g : 4));
    }
    CYC_IN_MEMORY(kept);
    for (int32_t g = 0; g < groups; ++g) {
        cyc_f16 detail = cyc_bent(pass.detail, cyc_places(x + 16 * g), (float)y);
        cyc_rgba16 c = cyc_sum_of_samples(&pass, map.level.texels, map.level.stride, &kept, g);
        cyc_pass_store(
            to, at + 16 * g, c, seen[g] * cyc_pass_share(&pass, detail) / (float)pass.samples,
            pass.is_first, count - 16 * g);
    }
}

/// What is opaque but for rounding is opaque.
#define CYC_OPAQUE (1 - 0x1p-20f)

/// Up to sixteen pixels of a card's gathered samples over what is there.
CYC_INLINE void cyc_lay_step(
    cyc_plane_map map, int32_t x, int32_t y, cyc_layer from, int64_t from_at, cyc_planes to,
    int64_t at, int32_t count) {
    cyc_rgb16 light = cyc_load_rgb(from.light, from_at, count);
    cyc_f16 alpha = cyc_load(from.alpha + from_at, count);
    alpha = alpha >= cyc_splat(CYC_OPAQUE) ? cyc_splat(1) : alpha;
    cyc_rgba16 c = {light.red, light.green, light.blue, alpha};
    if (map.has_edges) {
        cyc_f16 pixel = cyc_places(x);
        cyc_f16 w = cyc_along(map.w, pixel, (float)y);
        cyc_f16 per_w = cyc_splat(1) / w;
        cyc_f16 u = cyc_along(map.u, pixel, (float)y) * per_w;
        cyc_f16 v = cyc_along(map.v, pixel, (float)y) * per_w;
        c = cyc_covered(c, cyc_card_cover(map, w, per_w, u, v));
    }
    cyc_store_over(to, at, c, count);
}

#ifdef __AVX512F__
/// Up to sixteen columns of pixels of an upright picture, bilinear.
CYC_INLINE void cyc_pass_column(
    cyc_plane_map map, cyc_pass pass, int32_t x, int32_t y, int32_t height, int32_t is_first,
    int32_t has_alpha, cyc_layer to, int64_t at, int32_t count) {
    cyc_column16 column;
    cyc_column_rows(map, x, y, height, is_first, has_alpha, &column);
    cyc_f16 pixel = cyc_places(x);
    for (int32_t row = 0; row < height; ++row) {
        cyc_rgba16 c = cyc_column_pixels(map, &column, row, (float)(y + row), has_alpha);
        cyc_f16 detail = cyc_bent(pass.detail, pixel, (float)(y + row));
        cyc_pass_store(
            to, at + (int64_t)row * to.light.stride, c, cyc_pass_share(&pass, detail),
            pass.is_first, count);
    }
}
#else
CYC_INLINE void cyc_pass_column(
    cyc_plane_map map, cyc_pass pass, int32_t x, int32_t y, int32_t height, int32_t is_first,
    int32_t has_alpha, cyc_layer to, int64_t at, int32_t count) {
    __builtin_trap();
}
#endif
#pragma clang diagnostic pop
#pragma clang assume_nonnull end
#endif
