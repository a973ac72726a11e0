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

/// 0 … 1; NaN gives 0.
CYC_INLINE cyc_rgb16 cyc_unit(cyc_rgb16 c) {
    c.red = cyc_clamp(c.red, 0, 1);
    c.green = cyc_clamp(c.green, 0, 1);
    c.blue = cyc_clamp(c.blue, 0, 1);
    return c;
}

/// ASC CDL v1.2, clamped or not: slope, offset, power where positive, saturation about the
/// Rec. 709 luma whatever the space.
CYC_INLINE cyc_rgb16 cyc_cdl(const cyc_grade_stage *s, cyc_rgb16 c) {
    c.red = cyc_fma(c.red, s->slope[0], cyc_splat(s->offset[0]));
    c.green = cyc_fma(c.green, s->slope[1], cyc_splat(s->offset[1]));
    c.blue = cyc_fma(c.blue, s->slope[2], cyc_splat(s->offset[2]));
    if (s->is_clamped) c = cyc_unit(c);
    if (s->power[0] != 1) c.red = cyc_power(c.red, s->power[0]);
    if (s->power[1] != 1) c.green = cyc_power(c.green, s->power[1]);
    if (s->power[2] != 1) c.blue = cyc_power(c.blue, s->power[2]);
    cyc_f16 luma = cyc_fma(c.red, 0.2126f, cyc_fma(c.green, 0.7152f, c.blue * 0.0722f));
    cyc_f16 saturation = cyc_splat(s->saturation);
    c.red = cyc_fma(saturation, c.red - luma, luma);
    c.green = cyc_fma(saturation, c.green - luma, luma);
    c.blue = cyc_fma(saturation, c.blue - luma, luma);
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
/// and how much of each of the four there is.
typedef struct {
    int32_t at[16], first[16], second[16];
    float weights[4][16];
} cyc_tetrahedra16;

/// From the lowest corner along the edges in the order of their fractions, the largest first. Where
/// two are alike the corner between them has no weight, whichever it is.
CYC_INLINE void cyc_tetrahedra(const cyc_look *l, cyc_rgb16 c, cyc_tetrahedra16 *out) {
    float last = (float)(l->side - 1);
    cyc_f16 x = cyc_clamp(cyc_fma(c.red, l->scale[0], cyc_splat(l->offset[0])), 0, last);
    cyc_f16 y = cyc_clamp(cyc_fma(c.green, l->scale[1], cyc_splat(l->offset[1])), 0, last);
    cyc_f16 z = cyc_clamp(cyc_fma(c.blue, l->scale[2], cyc_splat(l->offset[2])), 0, last);
    cyc_f16 below = cyc_splat(last - 1);
    cyc_i16 i = cyc_int(cyc_min(x, below)), j = cyc_int(cyc_min(y, below));
    cyc_i16 k = cyc_int(cyc_min(z, below));
    x -= cyc_float(i);
    y -= cyc_float(j);
    z -= cyc_float(k);
    cyc_i16 one = (cyc_i16)(int32_t)1, row = (cyc_i16)l->side;
    cyc_i16 sheet = (cyc_i16)(l->side * l->side);
    cyc_i16 longest = ((x >= y) & (x >= z)) ? one : (y >= z ? row : sheet);
    cyc_i16 shortest = ((z <= x) & (z <= y)) ? sheet : (y <= x ? row : one);
    *(cyc_i16 *)out->at = i + j * row + k * sheet;
    *(cyc_i16 *)out->first = longest;
    *(cyc_i16 *)out->second = one + row + sheet - shortest;
    cyc_f16 large = cyc_max(x, cyc_max(y, z)), small = cyc_min(x, cyc_min(y, z));
    cyc_f16 middle = cyc_max(cyc_min(x, y), cyc_min(cyc_max(x, y), z));
    cyc_store_all(out->weights[0], 1 - large);
    cyc_store_all(out->weights[1], large - middle);
    cyc_store_all(out->weights[2], middle - small);
    cyc_store_all(out->weights[3], small);
}

CYC_INLINE __m128 cyc_of_table(const cyc_look *l, const cyc_tetrahedra16 *t, int32_t i) {
    const float *low = l->points + 4 * (int64_t)t->at[i];
    int64_t high = 4 * (int64_t)(1 + l->side + l->side * l->side);
    __m128 c = _mm_mul_ps(_mm_loadu_ps(low), _mm_set1_ps(t->weights[0][i]));
    c = _mm_fmadd_ps(
        _mm_loadu_ps(low + 4 * (int64_t)t->first[i]), _mm_set1_ps(t->weights[1][i]), c);
    c = _mm_fmadd_ps(
        _mm_loadu_ps(low + 4 * (int64_t)t->second[i]), _mm_set1_ps(t->weights[2][i]), c);
    return _mm_fmadd_ps(_mm_loadu_ps(low + high), _mm_set1_ps(t->weights[3][i]), c);
}

/// Codes through a look: its curves, then its table.
CYC_INLINE cyc_rgb16 cyc_looked(const cyc_look *l, cyc_rgb16 c) {
    if (l->curves) {
        const float *curves = (const float *)l->curves;
        int32_t n = l->curve_points;
        c.red = cyc_curved(
            curves, n, cyc_fma(c.red, l->curve_scale[0], cyc_splat(l->curve_offset[0])));
        c.green = cyc_curved(
            curves + n, n, cyc_fma(c.green, l->curve_scale[1], cyc_splat(l->curve_offset[1])));
        c.blue = cyc_curved(
            curves + 2 * n, n, cyc_fma(c.blue, l->curve_scale[2], cyc_splat(l->curve_offset[2])));
    }
    cyc_tetrahedra16 t;
    cyc_tetrahedra(l, c, &t);
    CYC_IN_MEMORY(t);
    float red[16], green[16], blue[16];
    for (int32_t i = 0; i < 16; i += 4) {
        __m128 r = cyc_of_table(l, &t, i), g = cyc_of_table(l, &t, i + 1);
        __m128 b = cyc_of_table(l, &t, i + 2), a = cyc_of_table(l, &t, i + 3);
        _MM_TRANSPOSE4_PS(r, g, b, a);
        _mm_storeu_ps(red + i, r);
        _mm_storeu_ps(green + i, g);
        _mm_storeu_ps(blue + i, b);
    }
    c.red = cyc_load_all(red);
    c.green = cyc_load_all(green);
    c.blue = cyc_load_all(blue);
    return c;
}

/// What a scope does on ACEScct codes: its CDL where that works on them, then its look.
CYC_INLINE cyc_rgb16 cyc_staged_codes(const cyc_grade_stage *s, cyc_rgb16 c) {
    c.red = cyc_code(c.red);
    c.green = cyc_code(c.green);
    c.blue = cyc_code(c.blue);
    if (s->has_cdl && s->in_codes) c = cyc_cdl(s, c);
    if (s->look.points) {
        cyc_rgb16 look = cyc_looked(&s->look, c);
        cyc_f16 strength = cyc_splat(s->strength);
        c.red = cyc_fma(strength, look.red - c.red, c.red);
        c.green = cyc_fma(strength, look.green - c.green, c.green);
        c.blue = cyc_fma(strength, look.blue - c.blue, c.blue);
    }
    c.red = cyc_light(c.red);
    c.green = cyc_light(c.green);
    c.blue = cyc_light(c.blue);
    return c;
}

/// Scene-linear to wall light, floor … clip; NaN gives the floor.
CYC_INLINE cyc_rgb16 cyc_graded(const cyc_grade *g, cyc_rgb16 c) {
    for (int32_t i = 0; i < g->stage_count; ++i) {
        const cyc_grade_stage *s = &g->stages[i];
        c = cyc_matrix(s->matrix, c);
        if (s->has_cdl && !s->in_codes) c = cyc_cdl(s, c);
        if (s->in_codes || s->look.points) c = cyc_staged_codes(s, c);
    }
    c = cyc_matrix(g->out_matrix, c);
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
#pragma clang diagnostic pop
#pragma clang assume_nonnull end
#endif
