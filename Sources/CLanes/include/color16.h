/// Colour and coverage: grade, outline weight, code values, sixteen at a time.
#pragma once
#include "table16.h"
#if defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
#pragma clang assume_nonnull begin
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

#ifdef __AVX512F__
/// log2 of positive normal numbers · scale + offset, both the same for all: the mantissa times a
/// reciprocal of its sixteenth, which leaves 1 + r, |r| ≤ 1/32, then the cubic nearest to
/// log2(1 + r), to 6e-8.
CYC_INLINE cyc_f16 cyc_scaled_log2(cyc_f16 x, float scale, float offset) {
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
    __m512 scaled = (__m512)((cyc_f16)logs * scale + offset);
    cyc_f16 whole = cyc_fma(
        (cyc_f16)_mm512_getexp_ps((__m512)x), cyc_splat(scale),
        (cyc_f16)_mm512_permutexvar_ps(sixteenth, scaled));
    cyc_f16 p = cyc_fma(r, 0.481297165f * scale, cyc_splat(-0.721639454f * scale));
    p = cyc_fma(p, r, cyc_splat(1.4426949f * scale));
    return cyc_fma(p, r, whole);
}

/// 2^x: its whole part by scaling, the 32nds that are nearest from a table, and the rest, at most
/// 1/64, by a parabola; within 1.7e-7 with all roundings.
CYC_INLINE cyc_f16 cyc_exp2(cyc_f16 x) {
    const __m512 low = _mm512_setr_ps(
        1.0f, 1.0218972f, 1.04427373f, 1.06714046f, 1.09050775f, 1.1143868f, 1.13878858f,
        1.1637249f, 1.18920708f, 1.21524739f, 1.24185777f, 1.26905096f, 1.29683959f,
        1.32523668f, 1.35425556f, 1.38390994f);
    const __m512 high = _mm512_setr_ps(
        1.41421354f, 1.44518077f, 1.47682619f, 1.50916445f, 1.54221082f, 1.5759809f,
        1.61049032f, 1.64575553f, 1.68179286f, 1.71861935f, 1.75625217f, 1.79470909f,
        1.8340081f, 1.87416768f, 1.91520655f, 1.95714414f);
    __m512 near = _mm512_roundscale_ps((__m512)x, 5 << 4 | _MM_FROUND_TO_NEAREST_INT);
    cyc_f16 f = x - (cyc_f16)near;
    // A float of this size counts 32nds in its lowest bits, of which a permutation looks at five.
    __m512i place = (__m512i)((cyc_f16)near + 0x1.8p18f);
    cyc_f16 root = (cyc_f16)_mm512_permutex2var_ps(low, place, high);
    cyc_f16 p = cyc_fma(f, 0.24022708f, cyc_splat(0.69315734f));
    // Scaling cuts what is beyond the whole part.
    return (cyc_f16)_mm512_scalef_ps((__m512)cyc_fma(root * f, p, root), near);
}
#else
/// log2 of positive normal numbers · scale + offset, both the same for all: the mantissa brought to
/// [√½, √2), then the series 2/ln 2 · (s + s³/3 + …), s = (m − 1)/(m + 1); the first term left out
/// is below 4e-10.
CYC_INLINE cyc_f16 cyc_scaled_log2(cyc_f16 x, float scale, float offset) {
    cyc_i16 bits = cyc_bits(x) - 0x3F3504F3;
    cyc_f16 exponent = cyc_float(bits >> 23);
    cyc_f16 m = cyc_from_bits((bits & 0x007FFFFF) + 0x3F3504F3);
    cyc_f16 s = (m - 1) / (m + 1);
    cyc_f16 t = s * s;
    cyc_f16 p = cyc_splat(0.32059889797f * scale);
    p = cyc_fma(p, t, cyc_splat(0.41219858311f * scale));
    p = cyc_fma(p, t, cyc_splat(0.57707801636f * scale));
    p = cyc_fma(p, t, cyc_splat(0.96179669393f * scale));
    p = cyc_fma(p, t, cyc_splat(2.88539008178f * scale));
    return cyc_fma(s, p, cyc_fma(exponent, scale, cyc_splat(offset)));
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

/// The smallest normal number: what is less is not raised to a power (no-clamp CDL).
#define CYC_LEAST_RAISED 1.17549435e-38f
/// The binary logarithm of more light than there is: with an infinity a matrix would make a NaN,
/// which is black.
#define CYC_MOST_RAISED 100.0f

/// x^power in two parts: the logarithm of the power, which has no meaning where x is too little to
/// be raised, then the power itself, and x where it is too little.
CYC_INLINE cyc_f16 cyc_log_of_power(cyc_f16 x, float power) {
    return cyc_min(cyc_scaled_log2(x, power, 0), cyc_splat(CYC_MOST_RAISED));
}

CYC_INLINE cyc_f16 cyc_power_of_log(cyc_f16 log, cyc_f16 x) {
    return cyc_choose(cyc_at_least(x, cyc_splat(CYC_LEAST_RAISED)), cyc_exp2(log), x);
}

/// x^power, all at once.
CYC_INLINE cyc_f16 cyc_power(cyc_f16 x, float power) {
    return cyc_power_of_log(cyc_log_of_power(x, power), x);
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

/// About the Rec. 709 luma whatever the space.
CYC_INLINE cyc_rgb16 cyc_saturated(const cyc_grade_stage *s, cyc_rgb16 c) {
    if (s->saturation == 1) return c;
    cyc_f16 luma = cyc_fma(c.red, 0.2126f, cyc_fma(c.green, 0.7152f, c.blue * 0.0722f));
    cyc_f16 saturation = cyc_splat(s->saturation);
    c.red = cyc_fma(saturation, c.red - luma, luma);
    c.green = cyc_fma(saturation, c.green - luma, luma);
    c.blue = cyc_fma(saturation, c.blue - luma, luma);
    return c;
}

/// What an ASC CDL v1.2 does before its power, clamped or not: slope and offset, or, on the way
/// back, saturation.
CYC_INLINE cyc_rgb16 cyc_before_power(const cyc_grade_stage *s, cyc_rgb16 c) {
    if (!s->is_inverse) {
        c = cyc_sloped(s, c);
        return s->is_clamped ? cyc_unit(c) : c;
    }
    return s->is_clamped ? cyc_unit(cyc_saturated(s, cyc_unit(c))) : cyc_saturated(s, c);
}

/// What it does after its power: saturation, or, on the way back, slope and offset.
CYC_INLINE cyc_rgb16 cyc_after_power(const cyc_grade_stage *s, cyc_rgb16 c) {
    c = s->is_inverse ? cyc_sloped(s, c) : cyc_saturated(s, c);
    return s->is_clamped ? cyc_unit(c) : c;
}

/// A scope's matrix with the slope of a CDL on light that comes right after it.
typedef struct {
    float matrix[9];
    int32_t has_slope;
} cyc_sloped_matrix;

CYC_INLINE cyc_sloped_matrix cyc_merged(const cyc_grade_stage *s) {
    cyc_sloped_matrix out;
    out.has_slope = s->has_cdl && !s->in_codes && !s->is_inverse;
    for (int32_t i = 0; i < 9; ++i) {
        out.matrix[i] = out.has_slope ? s->matrix[i] * s->slope[i / 3] : s->matrix[i];
    }
    return out;
}

/// The ACEScct code of light (S-2016-001), a line up to 1/128.
CYC_INLINE cyc_f16 cyc_code(cyc_f16 light) {
    cyc_f16 edge = cyc_splat(0.0078125f);
    cyc_f16 line = cyc_fma(light, 10.5402377416545f, cyc_splat(0.0729055341958355f));
    cyc_f16 curve = cyc_scaled_log2(light, 1 / 17.52f, 9.72f / 17.52f);
    return light > edge ? curve : line;
}

/// The light of an ACEScct code, at most the largest half float.
CYC_INLINE cyc_f16 cyc_light(cyc_f16 code) {
    cyc_f16 line = cyc_fma(
        code, 1 / 10.5402377416545f, cyc_splat(-0.0729055341958355f / 10.5402377416545f));
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

/// Pixels that a grade is done to part by part, so that sixteen do not wait for the sixteen before
/// them. With 128 a CDL takes 5 to 10 % longer, with 512 it takes as long.
#define CYC_STRIP 256

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

CYC_INLINE cyc_planes cyc_planes_of(cyc_strip *s) {
    return (cyc_planes){s->red, s->green, s->blue, CYC_STRIP};
}

/// Groups of sixteen pixels that make up a strip, of whatever rows: the pieces of a wall are less
/// wide than a strip.
typedef struct {
    /// Where each begins in the planes it is read from and in those it is written to.
    int64_t from[CYC_STRIP / 16], to[CYC_STRIP / 16];
    int32_t count;
} cyc_strip_groups;

/// The next whole groups of a region's rows, from a place in it on that then is the one after them;
/// 0: all are done.
CYC_INLINE int32_t cyc_next_groups(
    cyc_region region, int32_t from_stride, int32_t to_stride, int32_t *row, int32_t *column,
    cyc_strip_groups *out) {
    int32_t width = region.width & ~15;
    out->count = 0;
    while (out->count < CYC_STRIP / 16 && *row < region.height && width > 0) {
        out->from[out->count] = (int64_t)*row * from_stride + *column;
        out->to[out->count] = (int64_t)*row * to_stride + *column;
        out->count += 1;
        *column += 16;
        if (*column == width) {
            *column = 0;
            *row += 1;
        }
    }
    return out->count;
}

CYC_INLINE cyc_rgb16 cyc_load_group(cyc_planes from, int64_t at) {
    return (cyc_rgb16){
        cyc_load_all(from.red + at), cyc_load_all(from.green + at), cyc_load_all(from.blue + at)};
}

CYC_INLINE void cyc_store_group(cyc_planes to, int64_t at, cyc_rgb16 c) {
    cyc_store_all(to.red + at, c.red);
    cyc_store_all(to.green + at, c.green);
    cyc_store_all(to.blue + at, c.blue);
}

/// The ACEScct codes of light.
CYC_INLINE cyc_rgb16 cyc_coded(cyc_rgb16 c) {
    return (cyc_rgb16){cyc_code(c.red), cyc_code(c.green), cyc_code(c.blue)};
}

/// The light of ACEScct codes.
CYC_INLINE cyc_rgb16 cyc_lit(cyc_rgb16 c) {
    return (cyc_rgb16){cyc_light(c.red), cyc_light(c.green), cyc_light(c.blue)};
}

/// The power of one channel of a strip. First the logarithms of all, then what they are the
/// logarithms of: for sixteen pixels both would wait for each other.
CYC_INLINE void cyc_raise_channel(float *x, int32_t count, float power) {
    if (power == 1) return;
    float logs[CYC_STRIP] __attribute__((aligned(64)));
    for (int32_t i = 0; i < count; i += 16) {
        cyc_store_all(logs + i, cyc_log_of_power(cyc_load_all(x + i), power));
    }
    for (int32_t i = 0; i < count; i += 16) {
        cyc_store_all(x + i, cyc_power_of_log(cyc_load_all(logs + i), cyc_load_all(x + i)));
    }
}

/// The power and all after it that a CDL does to a strip.
CYC_INLINE void cyc_raise_strip(const cyc_grade_stage *stage, cyc_strip *strip, int32_t count) {
    cyc_raise_channel(strip->red, count, stage->power[0]);
    cyc_raise_channel(strip->green, count, stage->power[1]);
    cyc_raise_channel(strip->blue, count, stage->power[2]);
    if (stage->saturation == 1 && !stage->is_clamped && !stage->is_inverse) return;
    for (int32_t i = 0; i < count; i += 16) {
        cyc_to_strip(strip, i, cyc_after_power(stage, cyc_of_strip(strip, i)));
    }
}

/// What a look does to a strip of codes; gives light.
CYC_INLINE void cyc_look_strip(
    const cyc_look *look, float strength, cyc_strip *s, int32_t count) {
    // A copy: the strip that is written could lie in the look's numbers for all a compiler knows.
    const cyc_look own = *look;
    cyc_table_places16 places[CYC_STRIP / 16];
    for (int32_t i = 0; i < count; i += 16) {
        cyc_place_codes(&own, cyc_by_curves(&own, cyc_of_strip(s, i)), &places[i / 16]);
    }
    CYC_IN_MEMORY(places);
    for (int32_t i = 0; i < count; i += 16) {
        cyc_rgb16 shown = cyc_of_table(&own, &places[i / 16]);
        if (strength != 1) {
            cyc_rgb16 c = cyc_of_strip(s, i);
            shown.red = cyc_fma(strength, shown.red - c.red, c.red);
            shown.green = cyc_fma(strength, shown.green - c.green, c.green);
            shown.blue = cyc_fma(strength, shown.blue - c.blue, c.blue);
        }
        cyc_to_strip(s, i, shown);
    }
    // A loop of its own: in the one before, a look takes 5 % longer.
    for (int32_t i = 0; i < count; i += 16) cyc_to_strip(s, i, cyc_lit(cyc_of_strip(s, i)));
}

/// Light of a strip's pixels, the first time from where it lies, through one scope, whose look is
/// left to be done: after it there are codes in the strip when the scope has one, and light when
/// not.
CYC_INLINE void cyc_toned_strip(
    const cyc_grade_stage *stage, cyc_planes from, const cyc_strip_groups *groups,
    int32_t is_first, cyc_strip *to) {
    const cyc_sloped_matrix merged = cyc_merged(stage);
    // A copy: the strip that is written could lie in the stage for all a compiler knows.
    const cyc_grade_stage own = *stage;
    int32_t in_codes = own.in_codes && own.has_cdl, has_look = own.look.points != 0;
    int32_t count = 16 * groups->count;
    for (int32_t i = 0; i < count; i += 16) {
        cyc_rgb16 c = is_first ? cyc_load_group(from, groups->from[i / 16]) : cyc_of_strip(to, i);
        if (merged.has_slope) {
            c = cyc_affine(merged.matrix, own.offset, c);
            if (own.is_clamped) c = cyc_unit(c);
        } else {
            c = cyc_matrix(merged.matrix, c);
            if (in_codes) c = cyc_coded(c);
            if (own.has_cdl) c = cyc_before_power(&own, c);
        }
        cyc_to_strip(to, i, c);
    }
    if (own.has_cdl) cyc_raise_strip(&own, to, count);
    if (in_codes == has_look) return;
    for (int32_t i = 0; i < count; i += 16) {
        cyc_rgb16 c = cyc_of_strip(to, i);
        cyc_to_strip(to, i, in_codes ? cyc_lit(c) : cyc_coded(c));
    }
}

/// Scene-linear light of a strip's pixels through every scope, at least one.
CYC_INLINE void cyc_stages_strip(
    const cyc_grade *g, cyc_planes from, const cyc_strip_groups *groups, cyc_strip *to) {
    for (int32_t k = 0; k < g->stage_count; ++k) {
        const cyc_grade_stage *stage = &g->stages[k];
        cyc_toned_strip(stage, from, groups, k == 0, to);
        if (stage->look.points) {
            cyc_look_strip(&stage->look, stage->strength, to, 16 * groups->count);
        }
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
    if (!cyc_any_above(over, 0)) return c;
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

/// Into floor … clip; NaN gives the floor.
CYC_INLINE cyc_rgb16 cyc_clipped(const float *floor, float clip, cyc_rgb16 c) {
    c.red = cyc_clamp(c.red, floor[0], clip);
    c.green = cyc_clamp(c.green, floor[1], clip);
    c.blue = cyc_clamp(c.blue, floor[2], clip);
    return c;
}

/// A grade that has no step but the last one, and no limits.
CYC_INLINE int32_t cyc_is_plain(const cyc_grade *g) {
    return !g->baked.points && g->stage_count == 0 && !g->limits.is_used;
}

/// The numbers of one, for a loop over pixels that may not look at the grade itself again: the
/// light it writes could lie there for all a compiler knows.
typedef struct {
    float matrix[9], offset[3], floor[3], clip;
} cyc_plain_grade;

CYC_INLINE cyc_plain_grade cyc_plain(const cyc_grade *g) {
    cyc_plain_grade out;
    for (int32_t i = 0; i < 9; ++i) out.matrix[i] = g->out_matrix[i];
    for (int32_t i = 0; i < 3; ++i) {
        out.offset[i] = g->offset[i];
        out.floor[i] = g->floor[i];
    }
    out.clip = g->clip;
    return out;
}

/// Light through a plain grade.
CYC_INLINE cyc_rgb16 cyc_plainly(const cyc_plain_grade *g, cyc_rgb16 c) {
    return cyc_clipped(g->floor, g->clip, cyc_affine(g->matrix, g->offset, c));
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

CYC_INLINE cyc_f16 cyc_on_cubic(cyc_cubic16 c, cyc_f16 x) {
    return cyc_fma(x, cyc_fma(x, cyc_fma(x, c.c3, c.c2), c.c1), c.c0);
}

/// Light to code values: curve, dither, floor. Black (below half a code) takes no dither. What
/// dither lifts above the highest code is left to the store, which cuts two vectors at once.
CYC_INLINE cyc_i16 cyc_codes(const cyc_ready_curve *curve, cyc_f16 light, cyc_f16 threshold) {
    // Full scale is the last place of the last octave.
    cyc_f16 x = cyc_lesser(
        cyc_max(light, cyc_splat(0)) + 0x1p-32f, cyc_splat(0x1.fffffep-1f));
    cyc_f16 code = cyc_on_cubic(cyc_cubics(curve, cyc_bits(x) >> 23), x);
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
        cyc_f16 curved = cyc_on_cubic(cyc_cubics(curve, cyc_bits(x) >> 23), x);
        drive = drive > cyc_splat(0) ? cyc_max(curved, cyc_splat(0)) : cyc_splat(0);
    }
    return cyc_min(drive * gain_full, cyc_splat(full));
}
#pragma clang diagnostic pop
#pragma clang assume_nonnull end
#endif
