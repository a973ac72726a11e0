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

/// ASC CDL v1.2, no-clamp style: slope, offset, power where positive, saturation about the
/// Rec. 709 luma whatever the space.
CYC_INLINE cyc_rgb16 cyc_cdl(const cyc_grade_stage *s, cyc_rgb16 c) {
    c.red = cyc_fma(c.red, s->slope[0], cyc_splat(s->offset[0]));
    c.green = cyc_fma(c.green, s->slope[1], cyc_splat(s->offset[1]));
    c.blue = cyc_fma(c.blue, s->slope[2], cyc_splat(s->offset[2]));
    if (s->power[0] != 1) c.red = cyc_power(c.red, s->power[0]);
    if (s->power[1] != 1) c.green = cyc_power(c.green, s->power[1]);
    if (s->power[2] != 1) c.blue = cyc_power(c.blue, s->power[2]);
    cyc_f16 luma = cyc_fma(c.red, 0.2126f, cyc_fma(c.green, 0.7152f, c.blue * 0.0722f));
    cyc_f16 saturation = cyc_splat(s->saturation);
    c.red = cyc_fma(saturation, c.red - luma, luma);
    c.green = cyc_fma(saturation, c.green - luma, luma);
    c.blue = cyc_fma(saturation, c.blue - luma, luma);
    return c;
}

/// Scene-linear to wall light, 0 … clip; NaN gives 0.
CYC_INLINE cyc_rgb16 cyc_graded(const cyc_grade *g, cyc_rgb16 c) {
    for (int32_t i = 0; i < g->stage_count; ++i) {
        c = cyc_matrix(g->stages[i].matrix, c);
        if (g->stages[i].has_cdl) c = cyc_cdl(&g->stages[i], c);
    }
    c = cyc_matrix(g->out_matrix, c);
    c.red = cyc_clamp(c.red, 0, g->clip);
    c.green = cyc_clamp(c.green, 0, g->clip);
    c.blue = cyc_clamp(c.blue, 0, g->clip);
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

/// The four coefficients of a curve in registers or in reach.
typedef struct {
#ifdef __AVX512F__
    __m512 low[4], high[4];
#else
    const float *_Nonnull table[4];
#endif
    float scale, offset, highest;
} cyc_curve16;

CYC_INLINE cyc_curve16 cyc_load_curve(const cyc_curve *c) {
    cyc_curve16 out;
    const float *_Nonnull tables[4] = {c->c0, c->c1, c->c2, c->c3};
    for (int32_t i = 0; i < 4; ++i) {
#ifdef __AVX512F__
        out.low[i] = _mm512_loadu_ps(tables[i]);
        out.high[i] = _mm512_loadu_ps(tables[i] + 16);
#else
        out.table[i] = tables[i];
#endif
    }
    out.scale = c->scale;
    out.offset = c->offset;
    out.highest = c->scale + c->offset;
    return out;
}

/// Coefficient `i` of sixteen octaves.
CYC_INLINE cyc_f16 cyc_coefficient(cyc_curve16 c, int32_t i, cyc_i16 octave) {
#ifdef __AVX512F__
    return (cyc_f16)_mm512_permutex2var_ps(c.low[i], (__m512i)octave, c.high[i]);
#else
    typedef int32_t cyc_i8 __attribute__((ext_vector_type(8)));
    typedef float cyc_f8 __attribute__((ext_vector_type(8)));
    cyc_i8 first = octave.lo, second = octave.hi;
    cyc_f8 low = (cyc_f8)_mm256_i32gather_ps(c.table[i], (__m256i)first, 4);
    cyc_f8 high = (cyc_f8)_mm256_i32gather_ps(c.table[i], (__m256i)second, 4);
    return __builtin_shufflevector(
        low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#endif
}

/// Light to code values: curve, scale, dither, floor. Black (below half a code) takes no dither.
CYC_INLINE cyc_i16 cyc_codes(cyc_curve16 curve, cyc_f16 light, cyc_f16 threshold) {
    cyc_f16 l = cyc_clamp(light, 0, 1);
    cyc_i16 bits = cyc_bits(l);
    // 2^-31 has the biased exponent 96 and is octave 1; everything below is segment 0.
    cyc_i16 octave = (bits >> 23) - 95;
    cyc_i16 is_tiny = octave < 1;
    cyc_f16 f = cyc_from_bits((bits & 0x007FFFFF) | 0x3F800000) - 1;
    f = is_tiny ? l * 2147483648.0f : f;
    octave = is_tiny ? (cyc_i16)0 : octave;
    octave = octave > 31 ? (cyc_i16)31 : octave;
    cyc_f16 v = cyc_fma(
        f, cyc_coefficient(curve, 3, octave), cyc_coefficient(curve, 2, octave));
    v = cyc_fma(f, v, cyc_coefficient(curve, 1, octave));
    v = cyc_fma(f, v, cyc_coefficient(curve, 0, octave));
    v = l >= cyc_splat(1) ? cyc_splat(1) : v;
    cyc_f16 code = cyc_clamp(v, 0, 1) * curve.scale;
    cyc_f16 dithered = cyc_floor(code + (threshold + curve.offset));
    dithered = cyc_min(dithered, cyc_splat(curve.highest));
    return cyc_int(code < cyc_splat(0.5f) ? cyc_splat(curve.offset) : dithered);
}
#pragma clang diagnostic pop
#pragma clang assume_nonnull end
#endif
