/// Lattice noise of painted pictures, eight values at a time: the octaves of one place, or eight
/// places. AVX2 without FMA, so that every lane rounds as the scalar noise in `Scenes` does and a
/// picture has the same bytes either way.
#pragma once
#include <immintrin.h>
#include <stdint.h>

#define CYC_NOISE static inline __attribute__((target("avx2")))
#define CYC_NOISE_STEP static inline __attribute__((target("avx2"), always_inline))

/// The last three rounds of a lattice point's hash, as 0 … 1.
CYC_NOISE_STEP __m256 cyc_noise_lattice(__m256i h)
{
    const __m256i b = _mm256_set1_epi32(0x27D4EB2F), c = _mm256_set1_epi32(0x2C1B3C6D);
    const __m256i d = _mm256_set1_epi32(0x297A2D39);
    h = _mm256_mullo_epi32(h, b);
    h = _mm256_mullo_epi32(_mm256_xor_si256(h, _mm256_srli_epi32(h, 15)), c);
    h = _mm256_mullo_epi32(_mm256_xor_si256(h, _mm256_srli_epi32(h, 12)), d);
    h = _mm256_srli_epi32(_mm256_xor_si256(h, _mm256_srli_epi32(h, 15)), 8);
    return _mm256_mul_ps(_mm256_cvtepi32_ps(h), _mm256_set1_ps(1.0f / 16777216));
}

/// t³(6t² − 15t + 10)
CYC_NOISE_STEP __m256 cyc_noise_eased(__m256 t)
{
    __m256 inner = _mm256_sub_ps(_mm256_mul_ps(t, _mm256_set1_ps(6)), _mm256_set1_ps(15));
    inner = _mm256_add_ps(_mm256_mul_ps(t, inner), _mm256_set1_ps(10));
    return _mm256_mul_ps(_mm256_mul_ps(_mm256_mul_ps(t, t), t), inner);
}

/// The lattice line at or below a place.
CYC_NOISE_STEP __m256i cyc_noise_floor(__m256 x)
{
    __m256i i = _mm256_cvttps_epi32(x);
    __m256 above = _mm256_cmp_ps(_mm256_cvtepi32_ps(i), x, _CMP_GT_OQ);
    return _mm256_add_epi32(i, _mm256_castps_si256(above));
}

/// Smooth noise 0 … 1 with features of size one at eight places, |x| and |y| below 2³¹.
CYC_NOISE_STEP __m256 cyc_noise_value8(uint32_t seed, __m256 x, __m256 y)
{
    const __m256i across = _mm256_set1_epi32((int32_t)0x85EBCA6B);
    const __m256i down = _mm256_set1_epi32((int32_t)0xC2B2AE35);
    __m256i ix = cyc_noise_floor(x), iy = cyc_noise_floor(y);
    __m256 u = cyc_noise_eased(_mm256_sub_ps(x, _mm256_cvtepi32_ps(ix)));
    __m256 v = cyc_noise_eased(_mm256_sub_ps(y, _mm256_cvtepi32_ps(iy)));
    __m256i left = _mm256_mullo_epi32(ix, across), right = _mm256_add_epi32(left, across);
    __m256i top = _mm256_mullo_epi32(iy, down), low = _mm256_add_epi32(top, down);
    left = _mm256_xor_si256(_mm256_set1_epi32((int32_t)seed), left);
    right = _mm256_xor_si256(_mm256_set1_epi32((int32_t)seed), right);
    __m256 a = cyc_noise_lattice(_mm256_xor_si256(left, top));
    __m256 b = cyc_noise_lattice(_mm256_xor_si256(right, top));
    __m256 c = cyc_noise_lattice(_mm256_xor_si256(left, low));
    __m256 d = cyc_noise_lattice(_mm256_xor_si256(right, low));
    __m256 above = _mm256_add_ps(a, _mm256_mul_ps(_mm256_sub_ps(b, a), u));
    __m256 twist = _mm256_add_ps(_mm256_sub_ps(_mm256_sub_ps(a, b), c), d);
    __m256 slope = _mm256_add_ps(_mm256_sub_ps(c, a), _mm256_mul_ps(twist, u));
    return _mm256_add_ps(above, _mm256_mul_ps(slope, v));
}

/// Noise of up to eight octaves from (x, y) on, which moves to the octave after them; each is twice
/// as fine and turned against the lattice.
CYC_NOISE_STEP void cyc_noise_octaves(
    uint32_t seed, float *x, float *y, int32_t octaves, float *values)
{
    float xs[8] = {0}, ys[8] = {0};
    for (int32_t k = 0; k < octaves; k++) {
        xs[k] = *x;
        ys[k] = *y;
        *x = 1.6f * xs[k] - 1.2f * ys[k] + 17.3f;
        *y = 1.2f * xs[k] + 1.6f * ys[k] - 9.1f;
    }
    __m256 noise = cyc_noise_value8(seed, _mm256_loadu_ps(xs), _mm256_loadu_ps(ys));
    _mm256_storeu_ps(values, noise);
}

/// Smooth noise at eight places.
CYC_NOISE void cyc_noise_values(uint32_t seed, const float *x, const float *y, float *values)
{
    __m256 noise = cyc_noise_value8(seed, _mm256_loadu_ps(x), _mm256_loadu_ps(y));
    _mm256_storeu_ps(values, noise);
}

/// `Noise.fractal` at one place.
CYC_NOISE float cyc_noise_fractal(uint32_t seed, float x, float y, int32_t octaves)
{
    float values[8], sum = 0, weight = 0.5f, total = 0;
    for (int32_t first = 0; first < octaves; first += 8) {
        int32_t count = octaves - first < 8 ? octaves - first : 8;
        cyc_noise_octaves(seed, &x, &y, count, values);
        for (int32_t k = 0; k < count; k++) {
            sum += values[k] * weight;
            total += weight;
            weight *= 0.5f;
        }
    }
    return sum / total;
}

/// The next octave's places.
CYC_NOISE_STEP void cyc_noise_turn(__m256 *x, __m256 *y, float across, float down)
{
    const __m256 cosine = _mm256_set1_ps(1.6f), sine = _mm256_set1_ps(1.2f);
    __m256 u = _mm256_sub_ps(_mm256_mul_ps(cosine, *x), _mm256_mul_ps(sine, *y));
    __m256 v = _mm256_add_ps(_mm256_mul_ps(sine, *x), _mm256_mul_ps(cosine, *y));
    *x = _mm256_add_ps(u, _mm256_set1_ps(across));
    *y = _mm256_add_ps(v, _mm256_set1_ps(down));
}

/// `Noise.fractal` at eight places.
CYC_NOISE void cyc_noise_fractals(
    uint32_t seed, const float *xs, const float *ys, int32_t octaves, float *values)
{
    __m256 x = _mm256_loadu_ps(xs), y = _mm256_loadu_ps(ys), sum = _mm256_setzero_ps();
    float weight = 0.5f, total = 0;
    for (int32_t k = 0; k < octaves; k++) {
        __m256 noise = cyc_noise_value8(seed, x, y);
        sum = _mm256_add_ps(sum, _mm256_mul_ps(noise, _mm256_set1_ps(weight)));
        total += weight;
        weight *= 0.5f;
        cyc_noise_turn(&x, &y, 17.3f, -9.1f);
    }
    _mm256_storeu_ps(values, _mm256_div_ps(sum, _mm256_set1_ps(total)));
}

/// `Noise.ridged` at eight places.
CYC_NOISE void cyc_noise_ridges(
    uint32_t seed, const float *xs, const float *ys, int32_t octaves, float *values)
{
    const __m256 one = _mm256_set1_ps(1), two = _mm256_set1_ps(2), sign = _mm256_set1_ps(-0.0f);
    __m256 x = _mm256_loadu_ps(xs), y = _mm256_loadu_ps(ys), sum = _mm256_setzero_ps();
    __m256 carry = one;
    float weight = 0.5f, total = 0;
    for (int32_t k = 0; k < octaves; k++) {
        __m256 noise = cyc_noise_value8(seed, x, y);
        __m256 slope = _mm256_sub_ps(_mm256_mul_ps(two, noise), one);
        __m256 crest = _mm256_sub_ps(one, _mm256_andnot_ps(sign, slope));
        __m256 sharp = _mm256_mul_ps(crest, crest);
        __m256 part = _mm256_mul_ps(_mm256_mul_ps(sharp, _mm256_set1_ps(weight)), carry);
        sum = _mm256_add_ps(sum, part);
        total += weight;
        carry = _mm256_mul_ps(sharp, _mm256_set1_ps(1.6f));
        carry = _mm256_min_ps(_mm256_add_ps(carry, _mm256_set1_ps(0.15f)), one);
        weight *= 0.5f;
        cyc_noise_turn(&x, &y, 31.7f, 11.9f);
    }
    _mm256_storeu_ps(values, _mm256_div_ps(sum, _mm256_set1_ps(total)));
}
