/// Movie pictures: code values to scene light, and pictures made smaller, four floats a pixel.
///
/// Every CPU we take has AVX2 and F16C (x86-64-v3); the functions ask for them themselves, so that
/// a room built for the baseline can call them.
#pragma once
#include <immintrin.h>
#include <stdint.h>

/// From a movie's code values to scene-linear ACEScg.
typedef struct {
    /// Light of a signal: entry i stands for (i − 8192) / 49152, −1/6 … 7/6.
    const float *light;
    /// Luma and chroma codes to signals: (code − offset) · scale.
    float luma_offset, luma_scale, chroma_offset, chroma_scale, alpha_scale;
    /// R = Y + red_v · Cr; G = Y + green_u · Cb + green_v · Cr; B = Y + blue_u · Cb.
    float red_v, green_u, green_v, blue_u;
    /// ACEScg from the movie's primaries, row by row.
    float matrix[9];
    /// 1: a display's part of HLG comes after the curve (ITU-R BT.2100, table 5, for 1,000 nits).
    int32_t shows_hlg;
} cyc_movie_color;

/// Signals of three channels to light in ACEScg, in the lower three numbers.
static inline __attribute__((target("avx2,fma,f16c"), always_inline)) __m128 cyc_movie_light(
    const cyc_movie_color *c, float r, float g, float b)
{
    // Held within the table first: a number beyond an integer has none.
    const __m128 place = _mm_min_ps(
        _mm_max_ps(
            _mm_fmadd_ps(_mm_set_ps(0, b, g, r), _mm_set1_ps(49152), _mm_set1_ps(8192)),
            _mm_setzero_ps()),
        _mm_set1_ps(65535));
    const __m128i at = _mm_cvtps_epi32(place);
    const float lr = c->light[_mm_extract_epi32(at, 0)], lg = c->light[_mm_extract_epi32(at, 1)];
    const float lb = c->light[_mm_extract_epi32(at, 2)];
    const __m128 red = _mm_set1_ps(lr), green = _mm_set1_ps(lg), blue = _mm_set1_ps(lb);
    const float *m = c->matrix;
    __m128 sum = _mm_mul_ps(_mm_set_ps(0, m[6], m[3], m[0]), red);
    sum = _mm_fmadd_ps(_mm_set_ps(0, m[7], m[4], m[1]), green, sum);
    sum = _mm_fmadd_ps(_mm_set_ps(0, m[8], m[5], m[2]), blue, sum);
    if (!c->shows_hlg) return sum;
    const float luma = 0.2627f * lr + 0.6780f * lg + 0.0593f * lb;
    return _mm_mul_ps(sum, _mm_set1_ps(10 * __builtin_powf(luma > 0 ? luma : 0, 0.2f)));
}

/// A row of Y, Cb, Cr and alpha codes (alpha null: opaque) to premultiplied colours.
static inline __attribute__((target("avx2,fma,f16c"))) void cyc_movie_row(
    const cyc_movie_color *c, const uint16_t *y, const float *cb, const float *cr,
    const uint16_t *alpha, int64_t count, float *colors)
{
    for (int64_t i = 0; i < count; i++) {
        const float luma = ((float)y[i] - c->luma_offset) * c->luma_scale;
        const float u = (cb[i] - c->chroma_offset) * c->chroma_scale;
        const float v = (cr[i] - c->chroma_offset) * c->chroma_scale;
        const __m128 light = cyc_movie_light(
            c, luma + c->red_v * v, luma + c->green_u * u + c->green_v * v, luma + c->blue_u * u);
        const float a = alpha ? (float)alpha[i] * c->alpha_scale : 1;
        const __m128 color = _mm_mul_ps(light, _mm_set1_ps(a));
        _mm_storeu_ps(colors + 4 * i, _mm_blend_ps(color, _mm_set1_ps(a), 8));
    }
}

/// A row of R, G, B, A signals to premultiplied colours, in place.
static inline __attribute__((target("avx2,fma,f16c"))) void cyc_movie_rgba_row(
    const cyc_movie_color *c, int64_t count, float *colors)
{
    for (int64_t i = 0; i < count; i++) {
        float *p = colors + 4 * i;
        const float a = p[3];
        const __m128 color = _mm_mul_ps(cyc_movie_light(c, p[0], p[1], p[2]), _mm_set1_ps(a));
        _mm_storeu_ps(p, _mm_blend_ps(color, _mm_set1_ps(a), 8));
    }
}

/// out = Σ weight[k] · rows[k], `count` numbers each.
static inline __attribute__((target("avx2,fma,f16c"))) void cyc_mean_rows(
    const float *const *rows, const float *weights, int64_t taps, int64_t count, float *out)
{
    int64_t i = 0;
    for (; i + 8 <= count; i += 8) {
        __m256 sum = _mm256_mul_ps(_mm256_loadu_ps(rows[0] + i), _mm256_set1_ps(weights[0]));
        for (int64_t k = 1; k < taps; k++)
            sum = _mm256_fmadd_ps(
                _mm256_loadu_ps(rows[k] + i), _mm256_set1_ps(weights[k]), sum);
        _mm256_storeu_ps(out + i, sum);
    }
    for (; i < count; i++) {
        float sum = 0;
        for (int64_t k = 0; k < taps; k++) sum += rows[k][i] * weights[k];
        out[i] = sum;
    }
}

/// A row of colours made narrower: new pixel i is the mean of `taps` old ones from first[i] on, by
/// weights[i · taps …].
static inline __attribute__((target("avx2,fma,f16c"))) void cyc_mean_pixels(
    const float *row, const int32_t *first, const float *weights, int64_t taps, int64_t count,
    float *out)
{
    for (int64_t i = 0; i < count; i++) {
        const float *from = row + 4 * (int64_t)first[i], *w = weights + i * taps;
        __m128 sum = _mm_mul_ps(_mm_loadu_ps(from), _mm_set1_ps(w[0]));
        for (int64_t k = 1; k < taps; k++)
            sum = _mm_fmadd_ps(_mm_loadu_ps(from + 4 * k), _mm_set1_ps(w[k]), sum);
        _mm_storeu_ps(out + 4 * i, sum);
    }
}

/// The mean of two rows of numbers, so much of the second: out = a + (b − a) · share.
static inline __attribute__((target("avx2,fma,f16c"))) void cyc_blend_rows(
    const float *a, const float *b, float share, int64_t count, float *out)
{
    const __m256 part = _mm256_set1_ps(share);
    int64_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const __m256 x = _mm256_loadu_ps(a + i);
        _mm256_storeu_ps(
            out + i, _mm256_fmadd_ps(_mm256_sub_ps(_mm256_loadu_ps(b + i), x), part, x));
    }
    for (; i < count; i++) out[i] = a[i] + (b[i] - a[i]) * share;
}
