/// Colour and coverage: grade, outline weight, code values, sixteen at a time.
#pragma once
#include "lanes16.h"
#if defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
#pragma clang assume_nonnull begin
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

typedef struct {
    cyc_f16 red, green, blue;
} cyc_rgb16;

#ifdef __AVX512F__
/// log2 of positive normal numbers: the mantissa times a reciprocal of its sixteenth, which leaves
/// 1 + r, |r| ≤ 1/32, then the series of log2(1 + r); the first term left out is below 9e-9.
CYC_INLINE cyc_f16 cyc_log2(cyc_f16 x) {
    const __m512 reciprocals = _mm512_setr_ps(
        0.969696999f, 0.914285719f, 0.864864886f, 0.820512831f, 0.780487776f, 0.744186044f,
        0.711111128f, 0.680851042f, 0.653061211f, 0.627451003f, 0.603773594f, 0.581818163f,
        0.561403513f, 0.542372882f, 0.524590135f, 0.507936537f);
    const __m512 logs = _mm512_setr_ps(
        0.0443940759f, 0.129283011f, 0.209453329f, 0.285402209f, 0.357552052f, 0.426264763f,
        0.491853058f, 0.554588914f, 0.614709854f, 0.67242527f, 0.727920413f, 0.781359732f,
        0.832889974f, 0.882643044f, 0.930737436f, 0.977279842f);
    // A permutation looks at the four lowest bits: the mantissa's four highest.
    __m512i sixteenth = _mm512_srli_epi32((__m512i)x, 19);
    cyc_f16 r = cyc_fma(
        cyc_mantissa(x), (cyc_f16)_mm512_permutexvar_ps(sixteenth, reciprocals), cyc_splat(-1));
    cyc_f16 whole = (cyc_f16)_mm512_getexp_ps((__m512)x)
        + (cyc_f16)_mm512_permutexvar_ps(sixteenth, logs);
    cyc_f16 p = cyc_fma(r, -0.36067376f, cyc_splat(0.48089835f));
    p = cyc_fma(p, r, cyc_splat(-0.72134752f));
    p = cyc_fma(p, r, cyc_splat(1.44269504f));
    return cyc_fma(p, r, whole);
}

/// 2^x, the whole part by scaling, the rest by a polynomial of degree 5 to 8e-8.
CYC_INLINE cyc_f16 cyc_exp2(cyc_f16 x) {
    cyc_f16 whole = (cyc_f16)_mm512_roundscale_ps((__m512)x, _MM_FROUND_TO_NEAREST_INT);
    cyc_f16 f = x - whole;
    cyc_f16 p = cyc_fma(f, 0.00132764724f, cyc_splat(0.00967554096f));
    p = cyc_fma(p, f, cyc_splat(0.0555071309f));
    p = cyc_fma(p, f, cyc_splat(0.240221202f));
    p = cyc_fma(p, f, cyc_splat(0.693146944f));
    p = cyc_fma(p, f, cyc_splat(1.00000012f));
    return (cyc_f16)_mm512_scalef_ps((__m512)p, (__m512)whole);
}
#else
/// log2 of positive normal numbers: the mantissa brought to [√½, √2), then the series
/// 2/ln 2 · (s + s³/3 + …), s = (m − 1)/(m + 1); the first term left out is below 4e-10.
CYC_INLINE cyc_f16 cyc_log2(cyc_f16 x) {
    cyc_i16 bits = cyc_bits(x) - 0x3F3504F3;
    cyc_f16 exponent = cyc_float(bits >> 23);
    cyc_f16 m = cyc_from_bits((bits & 0x007FFFFF) + 0x3F3504F3);
    cyc_f16 s = (m - 1) / (m + 1);
    cyc_f16 t = s * s;
    cyc_f16 p = cyc_splat(0.32059889797f);
    p = cyc_fma(p, t, cyc_splat(0.41219858311f));
    p = cyc_fma(p, t, cyc_splat(0.57707801636f));
    p = cyc_fma(p, t, cyc_splat(0.96179669393f));
    p = cyc_fma(p, t, cyc_splat(2.88539008178f));
    return cyc_fma(s, p, exponent);
}

/// 2^x for −126 … 127: whole part into the exponent, Taylor series of degree 7 on [−½, ½] (the
/// first term left out is below 6e-9).
CYC_INLINE cyc_f16 cyc_exp2(cyc_f16 x) {
    x = cyc_clamp(x, -126, 127);
    cyc_f16 whole = cyc_floor(x + 0.5f);
    cyc_f16 f = x - whole;
    cyc_f16 p = cyc_splat(1.5252733804e-5f);
    p = cyc_fma(p, f, cyc_splat(1.5403530394e-4f));
    p = cyc_fma(p, f, cyc_splat(1.3333558146e-3f));
    p = cyc_fma(p, f, cyc_splat(9.6181291076e-3f));
    p = cyc_fma(p, f, cyc_splat(5.5504108665e-2f));
    p = cyc_fma(p, f, cyc_splat(0.24022650696f));
    p = cyc_fma(p, f, cyc_splat(0.69314718056f));
    p = cyc_fma(p, f, cyc_splat(1));
    return p * cyc_from_bits((cyc_int(whole) + 127) << 23);
}

#endif

/// x^power for x ≥ the smallest normal number; below it, x as it is (no-clamp CDL).
CYC_INLINE cyc_f16 cyc_power(cyc_f16 x, float power) {
    cyc_f16 least = cyc_splat(1.17549435e-38f);
    cyc_f16 raised = cyc_exp2(cyc_log2(cyc_max(x, least)) * power);
    return x >= least ? raised : x;
}

CYC_INLINE cyc_rgb16 cyc_matrix(const float *m, cyc_rgb16 c) {
    cyc_rgb16 out;
    out.red = cyc_fma(c.red, m[0], cyc_fma(c.green, m[1], c.blue * m[2]));
    out.green = cyc_fma(c.red, m[3], cyc_fma(c.green, m[4], c.blue * m[5]));
    out.blue = cyc_fma(c.red, m[6], cyc_fma(c.green, m[7], c.blue * m[8]));
    return out;
}

/// A matrix, then an offset.
CYC_INLINE cyc_rgb16 cyc_affine(const float *m, const float *offset, cyc_rgb16 c) {
    cyc_rgb16 out;
    cyc_f16 red = cyc_fma(c.blue, m[2], cyc_splat(offset[0]));
    cyc_f16 green = cyc_fma(c.blue, m[5], cyc_splat(offset[1]));
    cyc_f16 blue = cyc_fma(c.blue, m[8], cyc_splat(offset[2]));
    out.red = cyc_fma(c.red, m[0], cyc_fma(c.green, m[1], red));
    out.green = cyc_fma(c.red, m[3], cyc_fma(c.green, m[4], green));
    out.blue = cyc_fma(c.red, m[6], cyc_fma(c.green, m[7], blue));
    return out;
}

/// 0 … 1; NaN gives 0.
CYC_INLINE cyc_rgb16 cyc_unit(cyc_rgb16 c) {
    c.red = cyc_clamp(c.red, 0, 1);
    c.green = cyc_clamp(c.green, 0, 1);
    c.blue = cyc_clamp(c.blue, 0, 1);
    return c;
}

CYC_INLINE cyc_rgb16 cyc_sloped(const cyc_grade_stage *s, cyc_rgb16 c) {
    c.red = cyc_fma(c.red, s->slope[0], cyc_splat(s->offset[0]));
    c.green = cyc_fma(c.green, s->slope[1], cyc_splat(s->offset[1]));
    c.blue = cyc_fma(c.blue, s->slope[2], cyc_splat(s->offset[2]));
    return c;
}

CYC_INLINE cyc_rgb16 cyc_raised(const cyc_grade_stage *s, cyc_rgb16 c) {
    if (s->power[0] != 1) c.red = cyc_power(c.red, s->power[0]);
    if (s->power[1] != 1) c.green = cyc_power(c.green, s->power[1]);
    if (s->power[2] != 1) c.blue = cyc_power(c.blue, s->power[2]);
    return c;
}

/// About the Rec. 709 luma whatever the space.
CYC_INLINE cyc_rgb16 cyc_saturated(const cyc_grade_stage *s, cyc_rgb16 c) {
    cyc_f16 luma = cyc_fma(c.red, 0.2126f, cyc_fma(c.green, 0.7152f, c.blue * 0.0722f));
    cyc_f16 saturation = cyc_splat(s->saturation);
    c.red = cyc_fma(saturation, c.red - luma, luma);
    c.green = cyc_fma(saturation, c.green - luma, luma);
    c.blue = cyc_fma(saturation, c.blue - luma, luma);
    return c;
}

/// ASC CDL v1.2, clamped or not: slope, offset, power where positive, saturation; or the way back.
CYC_INLINE cyc_rgb16 cyc_cdl(const cyc_grade_stage *s, cyc_rgb16 c) {
    if (s->is_inverse) {
        if (s->is_clamped) c = cyc_unit(c);
        c = cyc_saturated(s, c);
        if (s->is_clamped) c = cyc_unit(c);
        c = cyc_sloped(s, cyc_raised(s, c));
    } else {
        c = cyc_sloped(s, c);
        if (s->is_clamped) c = cyc_unit(c);
        c = cyc_saturated(s, cyc_raised(s, c));
    }
    return s->is_clamped ? cyc_unit(c) : c;
}

/// The ACEScct code of light (S-2016-001), a line up to 1/128.
CYC_INLINE cyc_f16 cyc_code(cyc_f16 light) {
    cyc_f16 edge = cyc_splat(0.0078125f);
    cyc_f16 line = cyc_fma(light, 10.5402377416545f, cyc_splat(0.0729055341958355f));
    cyc_f16 curve = (cyc_log2(cyc_max(light, edge)) + 9.72f) * (1 / 17.52f);
    return light > edge ? curve : line;
}

/// The light of an ACEScct code, at most the largest half float.
CYC_INLINE cyc_f16 cyc_light(cyc_f16 code) {
    cyc_f16 line = (code - 0.0729055341958355f) * (1 / 10.5402377416545f);
    cyc_f16 curve =
        cyc_min(cyc_exp2(cyc_fma(code, 17.52f, cyc_splat(-9.72f))), cyc_splat(65504));
    return code > cyc_splat(0.155251141552511f) ? curve : line;
}

/// One channel through its curve, straight between the points.
CYC_INLINE cyc_f16 cyc_curved(const float *curve, int32_t points, cyc_f16 place) {
    cyc_f16 x = cyc_clamp(place, 0, (float)(points - 1));
    cyc_i16 cell = cyc_int(cyc_min(x, cyc_splat((float)(points - 2))));
    int32_t at[16];
    float low[16], high[16];
    *(cyc_i16 *)at = cell;
    CYC_IN_MEMORY(at);
    for (int32_t i = 0; i < 16; ++i) {
        low[i] = curve[at[i]];
        high[i] = curve[at[i] + 1];
    }
    cyc_f16 from = cyc_load_all(low);
    return cyc_fma(x - cyc_float(cell), cyc_load_all(high) - from, from);
}

/// A place between the points of a table: the lowest of them, the two on the way to the highest,
/// in floats from the table's first and from the lowest, and how much of each of the four there is.
typedef struct {
    int32_t at[16], first[16], second[16];
    float weights[4][16];
} __attribute__((aligned(64))) cyc_tetrahedra16;

/// From the lowest corner along the edges in the order of their fractions x, y and z, the largest
/// first. Where two are alike the corner between them has no weight, whichever it is.
CYC_INLINE void cyc_corners(
    const cyc_look *l, cyc_i16 i, cyc_i16 j, cyc_i16 k, cyc_f16 x, cyc_f16 y, cyc_f16 z,
    cyc_tetrahedra16 *out) {
    cyc_i16 one = (cyc_i16)(int32_t)4, row = (cyc_i16)(4 * l->side);
    cyc_i16 sheet = (cyc_i16)(4 * l->side * l->side);
    cyc_i16 longest = ((x >= y) & (x >= z)) ? one : (y >= z ? row : sheet);
    cyc_i16 shortest = ((z <= x) & (z <= y)) ? sheet : (y <= x ? row : one);
    *(cyc_i16 *)out->at = i * 4 + j * row + k * sheet;
    *(cyc_i16 *)out->first = longest;
    *(cyc_i16 *)out->second = one + row + sheet - shortest;
    cyc_f16 large = cyc_max(x, cyc_max(y, z)), small = cyc_min(x, cyc_min(y, z));
    cyc_f16 middle = cyc_max(cyc_min(x, y), cyc_min(cyc_max(x, y), z));
    cyc_store_all(out->weights[0], 1 - large);
    cyc_store_all(out->weights[1], large - middle);
    cyc_store_all(out->weights[2], middle - small);
    cyc_store_all(out->weights[3], small);
}

/// Where codes lie between the points of a look.
CYC_INLINE void cyc_tetrahedra(const cyc_look *l, cyc_rgb16 c, cyc_tetrahedra16 *out) {
    float last = (float)(l->side - 1);
    cyc_f16 x = cyc_clamp(cyc_fma(c.red, l->scale[0], cyc_splat(l->offset[0])), 0, last);
    cyc_f16 y = cyc_clamp(cyc_fma(c.green, l->scale[1], cyc_splat(l->offset[1])), 0, last);
    cyc_f16 z = cyc_clamp(cyc_fma(c.blue, l->scale[2], cyc_splat(l->offset[2])), 0, last);
    cyc_f16 below = cyc_splat(last - 1);
    cyc_i16 i = cyc_int(cyc_min(x, below)), j = cyc_int(cyc_min(y, below));
    cyc_i16 k = cyc_int(cyc_min(z, below));
    cyc_corners(l, i, j, k, x - cyc_float(i), y - cyc_float(j), z - cyc_float(k), out);
}

/// Bits of light + 2^-8, of which a table of whole grades has its first point at 0, and so many
/// octaves: the cell's number, then the place in it. Light below 0 counts as none.
CYC_INLINE cyc_i16 cyc_octaves(cyc_f16 light) {
    cyc_f16 above = cyc_clamp(light + 0x1p-8f, 0x1p-8f, 0x1.fffffep+7f);
    return cyc_bits(above) - 0x3B800000;
}

/// Where light lies between the points of a table of whole grades.
CYC_INLINE void cyc_light_tetrahedra(const cyc_look *l, cyc_rgb16 c, cyc_tetrahedra16 *out) {
    cyc_i16 x = cyc_octaves(c.red), y = cyc_octaves(c.green), z = cyc_octaves(c.blue);
    int32_t bits = 23 - l->octave_bits, rest = (1 << bits) - 1;
    float scale = 1.0f / (float)(1 << bits);
    cyc_corners(
        l, x >> bits, y >> bits, z >> bits, cyc_float(x & rest) * scale,
        cyc_float(y & rest) * scale, cyc_float(z & rest) * scale, out);
}

#ifdef __AVX512F__
CYC_INLINE __m512 cyc_four_points(const float *a, const float *b, const float *c, const float *d) {
    __m512 v = _mm512_castps128_ps512(_mm_loadu_ps(a));
    v = _mm512_insertf32x4(v, _mm_loadu_ps(b), 1);
    v = _mm512_insertf32x4(v, _mm_loadu_ps(c), 2);
    return _mm512_insertf32x4(v, _mm_loadu_ps(d), 3);
}

/// Four places of a table, 4l + i for l = 0 … 3, one a lane, each with the weights in its lane.
CYC_INLINE __m512 cyc_four_of_table(
    const cyc_look *l, const cyc_tetrahedra16 *t, int32_t i, __m512 w0, __m512 w1, __m512 w2,
    __m512 w3) {
    const int64_t high = 4 * (int64_t)(1 + l->side + l->side * l->side);
    const float *a = l->points + t->at[i], *b = l->points + t->at[4 + i];
    const float *c = l->points + t->at[8 + i], *d = l->points + t->at[12 + i];
    __m512 v = _mm512_mul_ps(cyc_four_points(a, b, c, d), w0);
    v = _mm512_fmadd_ps(
        cyc_four_points(
            a + t->first[i], b + t->first[4 + i], c + t->first[8 + i], d + t->first[12 + i]),
        w1, v);
    v = _mm512_fmadd_ps(
        cyc_four_points(
            a + t->second[i], b + t->second[4 + i], c + t->second[8 + i], d + t->second[12 + i]),
        w2, v);
    return _mm512_fmadd_ps(cyc_four_points(a + high, b + high, c + high, d + high), w3, v);
}

/// The weights of places 4l + i, each in all of lane l; an immediate must be a literal.
#define CYC_WEIGHTS(t, i)                                                                          \
    _mm512_permute_ps(_mm512_loadu_ps(t->weights[0]), 0x55 * i),                                   \
        _mm512_permute_ps(_mm512_loadu_ps(t->weights[1]), 0x55 * i),                               \
        _mm512_permute_ps(_mm512_loadu_ps(t->weights[2]), 0x55 * i),                               \
        _mm512_permute_ps(_mm512_loadu_ps(t->weights[3]), 0x55 * i)

/// What a table makes of sixteen places.
CYC_INLINE cyc_rgb16 cyc_of_table(const cyc_look *l, const cyc_tetrahedra16 *t) {
    __m512 p = cyc_four_of_table(l, t, 0, CYC_WEIGHTS(t, 0));
    __m512 q = cyc_four_of_table(l, t, 1, CYC_WEIGHTS(t, 1));
    __m512 r = cyc_four_of_table(l, t, 2, CYC_WEIGHTS(t, 2));
    __m512 s = cyc_four_of_table(l, t, 3, CYC_WEIGHTS(t, 3));
    // Each lane is four colours: turned, its rows are four reds, four greens, four blues.
    __m512 pq = _mm512_unpacklo_ps(p, q), rs = _mm512_unpacklo_ps(r, s);
    cyc_rgb16 out;
    out.red = (cyc_f16)_mm512_shuffle_ps(pq, rs, 0x44);
    out.green = (cyc_f16)_mm512_shuffle_ps(pq, rs, 0xEE);
    out.blue = (cyc_f16)_mm512_shuffle_ps(
        _mm512_unpackhi_ps(p, q), _mm512_unpackhi_ps(r, s), 0x44);
    return out;
}
#else
CYC_INLINE __m128 cyc_one_of_table(const cyc_look *l, const cyc_tetrahedra16 *t, int32_t i) {
    const float *low = l->points + t->at[i];
    int64_t high = 4 * (int64_t)(1 + l->side + l->side * l->side);
    __m128 c = _mm_mul_ps(_mm_loadu_ps(low), _mm_set1_ps(t->weights[0][i]));
    c = _mm_fmadd_ps(
        _mm_loadu_ps(low + t->first[i]), _mm_set1_ps(t->weights[1][i]), c);
    c = _mm_fmadd_ps(
        _mm_loadu_ps(low + t->second[i]), _mm_set1_ps(t->weights[2][i]), c);
    return _mm_fmadd_ps(_mm_loadu_ps(low + high), _mm_set1_ps(t->weights[3][i]), c);
}

/// What a table makes of sixteen places.
CYC_INLINE cyc_rgb16 cyc_of_table(const cyc_look *l, const cyc_tetrahedra16 *t) {
    float red[16], green[16], blue[16];
    for (int32_t i = 0; i < 16; i += 4) {
        __m128 r = cyc_one_of_table(l, t, i), g = cyc_one_of_table(l, t, i + 1);
        __m128 b = cyc_one_of_table(l, t, i + 2), a = cyc_one_of_table(l, t, i + 3);
        _MM_TRANSPOSE4_PS(r, g, b, a);
        _mm_storeu_ps(red + i, r);
        _mm_storeu_ps(green + i, g);
        _mm_storeu_ps(blue + i, b);
    }
    cyc_rgb16 out = {cyc_load_all(red), cyc_load_all(green), cyc_load_all(blue)};
    return out;
}
#endif

/// Codes through a look's curves, if it has any.
CYC_INLINE cyc_rgb16 cyc_by_curves(const cyc_look *l, cyc_rgb16 c) {
    if (!l->curves) return c;
    const float *curves = (const float *)l->curves;
    int32_t n = l->curve_points;
    c.red = cyc_curved(
        curves, n, cyc_fma(c.red, l->curve_scale[0], cyc_splat(l->curve_offset[0])));
    c.green = cyc_curved(
        curves + n, n, cyc_fma(c.green, l->curve_scale[1], cyc_splat(l->curve_offset[1])));
    c.blue = cyc_curved(
        curves + 2 * n, n, cyc_fma(c.blue, l->curve_scale[2], cyc_splat(l->curve_offset[2])));
    return c;
}

/// The pixels of a strip: a grade is done to all of them step by step, so that sixteen do not wait
/// for the sixteen before them.
#define CYC_STRIP 64

typedef struct {
    float red[CYC_STRIP], green[CYC_STRIP], blue[CYC_STRIP];
} __attribute__((aligned(64))) cyc_strip;

CYC_INLINE cyc_rgb16 cyc_of_strip(const cyc_strip *s, int32_t at) {
    cyc_rgb16 c = {
        cyc_load_all(s->red + at), cyc_load_all(s->green + at), cyc_load_all(s->blue + at)};
    return c;
}

CYC_INLINE void cyc_to_strip(cyc_strip *s, int32_t at, cyc_rgb16 c) {
    cyc_store_all(s->red + at, c.red);
    cyc_store_all(s->green + at, c.green);
    cyc_store_all(s->blue + at, c.blue);
}

/// What a look does to a strip of codes.
CYC_INLINE void cyc_look_strip(const cyc_look *l, float amount, cyc_strip *s, int32_t count) {
    cyc_tetrahedra16 t[CYC_STRIP / 16];
    for (int32_t i = 0; i < count; i += 16) {
        cyc_tetrahedra(l, cyc_by_curves(l, cyc_of_strip(s, i)), &t[i / 16]);
    }
    CYC_IN_MEMORY(t);
    cyc_f16 strength = cyc_splat(amount);
    for (int32_t i = 0; i < count; i += 16) {
        cyc_rgb16 look = cyc_of_table(l, &t[i / 16]), c = cyc_of_strip(s, i);
        c.red = cyc_fma(strength, look.red - c.red, c.red);
        c.green = cyc_fma(strength, look.green - c.green, c.green);
        c.blue = cyc_fma(strength, look.blue - c.blue, c.blue);
        cyc_to_strip(s, i, c);
    }
}

/// A strip of scene-linear light as ACEScct codes, in place.
CYC_INLINE void cyc_strip_to_codes(cyc_strip *s, int32_t count) {
    for (int32_t i = 0; i < count; i += 16) {
        cyc_rgb16 c = cyc_of_strip(s, i);
        c.red = cyc_code(c.red);
        c.green = cyc_code(c.green);
        c.blue = cyc_code(c.blue);
        cyc_to_strip(s, i, c);
    }
}

/// A strip of ACEScct codes as scene-linear light, in place.
CYC_INLINE void cyc_strip_to_light(cyc_strip *s, int32_t count) {
    for (int32_t i = 0; i < count; i += 16) {
        cyc_rgb16 c = cyc_of_strip(s, i);
        c.red = cyc_light(c.red);
        c.green = cyc_light(c.green);
        c.blue = cyc_light(c.blue);
        cyc_to_strip(s, i, c);
    }
}

/// What a scope does on ACEScct codes: its CDL where that works on them, then its look.
CYC_INLINE void cyc_codes_strip(const cyc_grade_stage *g, cyc_strip *s, int32_t count) {
    cyc_strip_to_codes(s, count);
    if (g->has_cdl && g->in_codes) {
        for (int32_t i = 0; i < count; i += 16) {
            cyc_to_strip(s, i, cyc_cdl(g, cyc_of_strip(s, i)));
        }
    }
    if (g->look.points) cyc_look_strip(&g->look, g->strength, s, count);
    cyc_strip_to_light(s, count);
}

/// A strip of scene-linear light through every scope, in place.
CYC_INLINE void cyc_stages_strip(const cyc_grade *g, cyc_strip *s, int32_t count) {
    for (int32_t k = 0; k < g->stage_count; ++k) {
        const cyc_grade_stage *stage = &g->stages[k];
        int32_t on_light = stage->has_cdl && !stage->in_codes;
        for (int32_t i = 0; i < count; i += 16) {
            cyc_rgb16 c = cyc_matrix(stage->matrix, cyc_of_strip(s, i));
            if (on_light) c = cyc_cdl(stage, c);
            cyc_to_strip(s, i, c);
        }
        if (stage->in_codes || stage->look.points) cyc_codes_strip(stage, s, count);
    }
}

/// The PQ signal of light in parts of 10,000 nits, ≥ 0 (ITU-R BT.2100, table 4).
CYC_INLINE cyc_f16 cyc_pq(cyc_f16 light) {
    cyc_f16 y = cyc_power(cyc_max(light, cyc_splat(0)), 0.1593017578125f);
    cyc_f16 v = cyc_fma(y, 18.8515625f, cyc_splat(0.8359375f))
        / cyc_fma(y, 18.6875f, cyc_splat(1));
    return cyc_power(v, 78.84375f);
}

/// Its inverse, for signals above 0.
CYC_INLINE cyc_f16 cyc_pq_light(cyc_f16 signal) {
    cyc_f16 v = cyc_power(signal, 1 / 78.84375f);
    cyc_f16 y = cyc_max(v - 0.8359375f, cyc_splat(0))
        / cyc_fma(v, -18.6875f, cyc_splat(18.8515625f));
    return cyc_power(y, 1 / 0.1593017578125f);
}

/// The peak's roll-off: the greatest channel by a cubic in PQ, the others with it, so that hue
/// stays.
CYC_INLINE cyc_rgb16 cyc_rolled(const cyc_limits *l, cyc_rgb16 c, cyc_f16 most) {
    cyc_f16 over = most - l->roll_from;
    if (!(__builtin_reduce_max(over) > 0)) return c;
    cyc_f16 light = cyc_max(most, cyc_splat(l->roll_from)) * l->to_pq;
    cyc_f16 u = cyc_clamp((cyc_pq(light) - l->roll_signal) * l->per_roll, 0, 1);
    cyc_f16 signal = cyc_fma(
        u, cyc_fma(u, cyc_fma(u, l->roll[2], cyc_splat(l->roll[1])), cyc_splat(l->roll[0])),
        cyc_splat(l->roll_signal));
    cyc_f16 ratio = over > cyc_splat(0) ? cyc_pq_light(signal) / light : cyc_splat(1);
    c.red *= ratio;
    c.green *= ratio;
    c.blue *= ratio;
    return c;
}

/// A channel brought nearer to the greatest one: distances above 0.9 are compressed so that the
/// limit becomes 1 (ACES reference gamut compression, power 4).
CYC_INLINE cyc_f16 cyc_compressed(cyc_f16 channel, cyc_f16 most, float scale) {
    cyc_f16 d = (most - channel) / most;
    cyc_f16 x = (d - 0.9f) / scale;
    cyc_f16 square = x * x;
    cyc_f16 root = cyc_sqrt(cyc_sqrt(cyc_fma(square, square, cyc_splat(1))));
    cyc_f16 nearer = cyc_fma(-most, cyc_fma(scale, x / root, cyc_splat(0.9f)), most);
    cyc_i16 is_far = (d > cyc_splat(0.9f)) & (most > cyc_splat(0));
    return is_far ? nearer : channel;
}

/// Grey, with a color where light is out of the wall's gamut and another where it is over its peak.
CYC_INLINE cyc_rgb16 cyc_marked(const cyc_limits *l, cyc_rgb16 c, cyc_f16 most, cyc_f16 least) {
    cyc_f16 grey = (c.red + c.green + c.blue) * (l->mark_grey / 3);
    grey = cyc_clamp(grey, 0, l->mark_light);
    cyc_f16 mark = cyc_splat(l->mark_light), none = cyc_splat(0);
    // A thousandth of the light is no color anybody sees; nor is one of no light.
    cyc_i16 outside = (least < -0.001f * most) & (most > cyc_splat(l->mark_least));
    cyc_i16 over = most > cyc_splat(l->peak);
    cyc_rgb16 out;
    cyc_i16 either = over | outside;
    out.red = either ? mark : grey;
    out.green = over ? mark * 0.7f : (outside ? none : grey);
    out.blue = over ? none : (outside ? mark : grey);
    return out;
}

/// What keeps light within what the wall can make (`cyc_limits`).
CYC_INLINE cyc_rgb16 cyc_limited(const cyc_limits *l, cyc_rgb16 c) {
    cyc_f16 most = cyc_max(c.red, cyc_max(c.green, c.blue));
    if (l->has_marks) {
        return cyc_marked(l, c, most, cyc_min(c.red, cyc_min(c.green, c.blue)));
    }
    if (l->rolls_off) {
        c = cyc_rolled(l, c, most);
        most = cyc_max(c.red, cyc_max(c.green, c.blue));
    }
    if (l->compresses) {
        c.red = cyc_compressed(c.red, most, l->scale[0]);
        c.green = cyc_compressed(c.green, most, l->scale[1]);
        c.blue = cyc_compressed(c.blue, most, l->scale[2]);
    }
    return c;
}

/// The last step of a grade: into the wall's light, floor … clip; NaN gives the floor.
CYC_INLINE cyc_rgb16 cyc_walled(const cyc_grade *g, cyc_rgb16 c) {
    c = cyc_affine(g->out_matrix, g->offset, c);
    if (g->limits.is_used) c = cyc_limited(&g->limits, c);
    c.red = cyc_clamp(c.red, g->floor[0], g->clip);
    c.green = cyc_clamp(c.green, g->floor[1], g->clip);
    c.blue = cyc_clamp(c.blue, g->floor[2], g->clip);
    return c;
}

CYC_INLINE cyc_f16 cyc_quartic(const float *c, cyc_f16 x) {
    cyc_f16 p = cyc_fma(x, c[4], cyc_splat(c[3]));
    p = cyc_fma(x, p, cyc_splat(c[2]));
    p = cyc_fma(x, p, cyc_splat(c[1]));
    return cyc_fma(x, p, cyc_splat(c[0]));
}

/// Weight of a camera's picture (Geometry.Outline): smoothstep of the depth inside four edges.
CYC_INLINE cyc_f16 cyc_weight(const cyc_outline *o, cyc_f16 x, float y) {
    cyc_f16 forward = cyc_along(o->forward, x, y);
    cyc_f16 per_forward = cyc_splat(1) / forward;
    cyc_f16 a = cyc_along(o->right, x, y) * per_forward;
    cyc_f16 b = cyc_along(o->down, x, y) * per_forward;
    cyc_f16 ca = cyc_clamp(a, o->a_min, o->a_max), cb = cyc_clamp(b, o->b_min, o->b_max);
    cyc_f16 across = cyc_min(cyc_quartic(o->edge_right, cb) - a, a - cyc_quartic(o->edge_left, cb));
    cyc_f16 down = cyc_min(cyc_quartic(o->edge_bottom, ca) - b, b - cyc_quartic(o->edge_top, ca));
    cyc_f16 t = cyc_clamp(cyc_min(across, down) * o->per_soft_edge, 0, 1);
    t = forward > cyc_splat(0) ? t : cyc_splat(0);
    return t * t * (3.0f - 2.0f * t);
}

/// A curve ready for a loop over pixels, which may not look at the curve itself again: the codes it
/// writes could lie there for all a compiler knows.
typedef struct {
#ifdef __AVX512F__
    /// Octaves 0 … 15 and 16 … 31 of each coefficient.
    cyc_f16 low[4], high[4];
#else
    /// The four coefficients of an octave side by side, for one load each. Gathers would do
    /// without, but are several times slower, on processors with their side channel closed most.
    float octaves[128] __attribute__((aligned(16)));
#endif
    /// Below it a code is black.
    cyc_f16 least;
    cyc_i16 black;
    /// The highest code.
    uint16_t most;
} cyc_ready_curve;

CYC_INLINE cyc_ready_curve cyc_ready(const cyc_curve *c) {
    cyc_ready_curve out;
#ifdef __AVX512F__
    const float *tables[4] = {c->c0, c->c1, c->c2, c->c3};
    for (int32_t i = 0; i < 4; ++i) {
        out.low[i] = cyc_load_all(tables[i]);
        out.high[i] = cyc_load_all(tables[i] + 16);
    }
#else
    for (int32_t i = 0; i < 32; ++i) {
        out.octaves[4 * i] = c->c0[i];
        out.octaves[4 * i + 1] = c->c1[i];
        out.octaves[4 * i + 2] = c->c2[i];
        out.octaves[4 * i + 3] = c->c3[i];
    }
#endif
    out.least = cyc_splat(c->offset + 0.5f);
    out.black = (cyc_i16)(int32_t)c->offset;
    out.most = (uint16_t)(c->offset + c->scale);
    return out;
}

typedef struct {
    cyc_f16 c0, c1, c2, c3;
} cyc_cubic16;

#ifdef __AVX512F__
/// The permutation looks at five bits of each place alone.
CYC_INLINE cyc_f16 cyc_of_octave(cyc_f16 low, cyc_f16 high, cyc_i16 octave) {
    return (cyc_f16)_mm512_permutex2var_ps((__m512)low, (__m512i)octave, (__m512)high);
}
#else
/// Octaves of two values, one in each half.
CYC_INLINE __m256 cyc_two_octaves(const float *octaves, int32_t a, int32_t b) {
    return _mm256_insertf128_ps(
        _mm256_castps128_ps256(_mm_load_ps(octaves + 4 * a)), _mm_load_ps(octaves + 4 * b), 1);
}

typedef struct {
    __m256 c0, c1, c2, c3;
} cyc_cubic8;

CYC_INLINE cyc_cubic8 cyc_cubics8(const float *octaves, const int32_t *at) {
    __m256 a = cyc_two_octaves(octaves, at[0], at[4]), b = cyc_two_octaves(octaves, at[1], at[5]);
    __m256 c = cyc_two_octaves(octaves, at[2], at[6]), d = cyc_two_octaves(octaves, at[3], at[7]);
    __m256 ab = _mm256_unpacklo_ps(a, b), cd = _mm256_unpacklo_ps(c, d);
    __m256 abHigh = _mm256_unpackhi_ps(a, b), cdHigh = _mm256_unpackhi_ps(c, d);
    cyc_cubic8 out;
    out.c0 = _mm256_shuffle_ps(ab, cd, 0x44);
    out.c1 = _mm256_shuffle_ps(ab, cd, 0xEE);
    out.c2 = _mm256_shuffle_ps(abHigh, cdHigh, 0x44);
    out.c3 = _mm256_shuffle_ps(abHigh, cdHigh, 0xEE);
    return out;
}
#endif

/// The cubics of sixteen octaves, counted mod 32.
CYC_INLINE cyc_cubic16 cyc_cubics(const cyc_ready_curve *curve, cyc_i16 octave) {
    cyc_cubic16 out;
#ifdef __AVX512F__
    out.c0 = cyc_of_octave(curve->low[0], curve->high[0], octave);
    out.c1 = cyc_of_octave(curve->low[1], curve->high[1], octave);
    out.c2 = cyc_of_octave(curve->low[2], curve->high[2], octave);
    out.c3 = cyc_of_octave(curve->low[3], curve->high[3], octave);
#else
    int32_t at[16] __attribute__((aligned(64)));
    *(cyc_i16 *)at = octave & 31;
    __asm__("" : "+m"(at));
    cyc_cubic8 low = cyc_cubics8(curve->octaves, at), high = cyc_cubics8(curve->octaves, at + 8);
    out.c0 = cyc_join(low.c0, high.c0);
    out.c1 = cyc_join(low.c1, high.c1);
    out.c2 = cyc_join(low.c2, high.c2);
    out.c3 = cyc_join(low.c3, high.c3);
#endif
    return out;
}

/// Light to code values: curve, dither, floor. Black (below half a code) takes no dither. What
/// dither lifts above the highest code is left to the store, which cuts two vectors at once.
CYC_INLINE cyc_i16 cyc_codes(const cyc_ready_curve *curve, cyc_f16 light, cyc_f16 threshold) {
    // Full scale is the last place of the last octave.
    cyc_f16 x = cyc_clamp(light, 0, 0x1.fffffep-1f) + 0x1p-32f;
    cyc_f16 m = cyc_mantissa(x);
    cyc_cubic16 c = cyc_cubics(curve, cyc_bits(x) >> 23);
    cyc_f16 code = cyc_fma(m, cyc_fma(m, cyc_fma(m, c.c3, c.c2), c.c1), c.c0);
    // Codes are positive, so the conversion's cut is the floor.
    return cyc_int_unless(code, curve->least, curve->black, code + threshold);
}

/// What one channel of a panel is asked for: light through the channel's curve, times the panel's
/// gain, 0 … full.
CYC_INLINE cyc_f16 cyc_driven(
    const cyc_ready_curve *curve, int32_t has_curve, float per_full, float gain_full, float full,
    cyc_f16 light) {
    cyc_f16 drive = cyc_max(light * per_full, cyc_splat(0));
    if (has_curve) {
        // The highest place of the last octave stands for full light.
        cyc_f16 x = cyc_min(drive + 0x1p-32f, cyc_splat(0x1.fffffep-1f));
        cyc_f16 m = cyc_mantissa(x);
        cyc_cubic16 c = cyc_cubics(curve, cyc_bits(x) >> 23);
        cyc_f16 curved = cyc_fma(m, cyc_fma(m, cyc_fma(m, c.c3, c.c2), c.c1), c.c0);
        drive = drive > cyc_splat(0) ? cyc_max(curved, cyc_splat(0)) : cyc_splat(0);
    }
    return cyc_min(drive * gain_full, cyc_splat(full));
}
#pragma clang diagnostic pop
#pragma clang assume_nonnull end
#endif
