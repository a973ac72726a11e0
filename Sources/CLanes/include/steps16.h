/// One step of each kernel: up to sixteen pixels of a row, from pointers to pointers. The loops
/// round them are Swift (KernelsV3).
#pragma once
#include "color16.h"
#include "sample16.h"
#if defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
#pragma clang assume_nonnull begin
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

/// Places of sixteen neighboring pixels.
CYC_INLINE cyc_f16 cyc_places(int32_t x) { return cyc_ramp() + (float)x; }

CYC_INLINE void cyc_store_rgb(
    cyc_planes to, int64_t at, cyc_f16 red, cyc_f16 green, cyc_f16 blue, int32_t count) {
    cyc_store(to.red + at, red, count);
    cyc_store(to.green + at, green, count);
    cyc_store(to.blue + at, blue, count);
}

CYC_INLINE cyc_rgb16 cyc_load_rgb(cyc_planes from, int64_t at, int32_t count) {
    cyc_rgb16 out;
    out.red = cyc_load(from.red + at, count);
    out.green = cyc_load(from.green + at, count);
    out.blue = cyc_load(from.blue + at, count);
    return out;
}

/// Premultiplied light over what is there.
CYC_INLINE void cyc_store_over(cyc_planes to, int64_t at, cyc_rgba16 c, int32_t count) {
    cyc_rgb16 under = cyc_load_rgb(to, at, count);
    cyc_f16 left = 1.0f - c.alpha;
    cyc_store_rgb(
        to, at, cyc_fma(under.red, left, c.red), cyc_fma(under.green, left, c.green),
        cyc_fma(under.blue, left, c.blue), count);
}

/// Groups of sixteen that a step of up to 64 pixels takes.
CYC_INLINE int32_t cyc_groups(int32_t count) { return count >= 64 ? 4 : (count + 15) >> 4; }

/// Up to 64 pixels of a row.
CYC_INLINE void cyc_picture_step(
    cyc_plane_map map, int32_t x, int32_t y, cyc_planes to, int64_t at, int32_t count) {
    cyc_kept16 places[4];
    int32_t groups = cyc_groups(count);
    for (int32_t i = 0; i < groups; ++i) {
        cyc_keep_place(cyc_picture_place(map, cyc_places(x + 16 * i), (float)y), &places[i]);
    }
    CYC_IN_MEMORY(places);
    for (int32_t i = 0; i < groups; ++i) {
        cyc_rgba16 c = cyc_bilinear(map.texels, map.stride, &places[i]);
        cyc_store_rgb(to, at + 16 * i, c.red, c.green, c.blue, count - 16 * i);
    }
}

/// Up to 64 pixels of a row.
CYC_INLINE void cyc_dome_step(
    cyc_dome_map map, int32_t x, int32_t y, cyc_planes to, int64_t at, int32_t count) {
    cyc_kept16 places[4];
    cyc_f16 seen[4];
    int32_t groups = cyc_groups(count);
    for (int32_t i = 0; i < groups; ++i) {
        cyc_place16 place = cyc_dome_place(map, cyc_places(x + 16 * i), (float)y, &seen[i]);
        cyc_keep_place(place, &places[i]);
    }
    cyc_fetch_dome_ahead(map, x, y, 16 * groups);
    CYC_IN_MEMORY(places);
    for (int32_t i = 0; i < groups; ++i) {
        cyc_rgba16 c = cyc_bilinear(map.level.texels, map.level.stride, &places[i]);
        cyc_store_rgb(
            to, at + 16 * i, c.red * seen[i], c.green * seen[i], c.blue * seen[i],
            count - 16 * i);
    }
}

CYC_INLINE cyc_rgba16 cyc_covered(cyc_rgba16 c, cyc_f16 cover) {
    return (cyc_rgba16){c.red * cover, c.green * cover, c.blue * cover, c.alpha * cover};
}

/// Up to 64 pixels of a row, over what is there.
CYC_INLINE void cyc_card_step(
    cyc_plane_map map, int32_t x, int32_t y, cyc_planes to, int64_t at, int32_t count) {
    cyc_kept16 places[4];
    cyc_f16 cover[4];
    int32_t groups = cyc_groups(count);
    for (int32_t i = 0; i < groups; ++i) {
        cyc_place16 place = cyc_card_place(map, cyc_places(x + 16 * i), (float)y, &cover[i]);
        cyc_keep_place(place, &places[i]);
    }
    CYC_IN_MEMORY(places);
    for (int32_t i = 0; i < groups; ++i) {
        cyc_rgba16 c = cyc_bilinear(map.texels, map.stride, &places[i]);
        if (map.has_edges) c = cyc_covered(c, cover[i]);
        cyc_store_over(to, at + 16 * i, c, count - 16 * i);
    }
}

CYC_INLINE void cyc_weight_step(
    const cyc_outline *outline, int32_t x, int32_t y, float *to, int32_t count) {
    cyc_store(to, cyc_weight(outline, cyc_places(x), (float)y), count);
}

/// Light over what is there by weights. In this order a weight of 1 is the light alone and one of 0
/// what is there, to the last bit.
CYC_INLINE cyc_rgb16 cyc_blended(cyc_f16 w, cyc_rgb16 c, cyc_rgb16 under) {
    return (cyc_rgb16){
        cyc_fma(w, c.red, cyc_fma(-w, under.red, under.red)),
        cyc_fma(w, c.green, cyc_fma(-w, under.green, under.green)),
        cyc_fma(w, c.blue, cyc_fma(-w, under.blue, under.blue))};
}

/// A strip's group number i, in place of what is there or over it where there are weights.
CYC_INLINE void cyc_put_group(
    const float *_Nullable weights, const cyc_strip_groups *groups, int32_t i, cyc_rgb16 c,
    cyc_planes to) {
    if (weights) {
        cyc_f16 w = cyc_load_all(weights + groups->from[i]);
        c = cyc_blended(w, c, cyc_load_group(to, groups->to[i]));
    }
    cyc_store_group(to, groups->to[i], c);
}

/// Where a strip's light lies in the table that has all scopes.
CYC_INLINE void cyc_baked_places(
    const cyc_look *table, cyc_planes from, const cyc_strip_groups *groups, cyc_inside16 *to) {
    for (int32_t i = 0; i < groups->count; ++i) {
        cyc_light_inside(table, cyc_load_group(from, groups->from[i]), &to[i]);
    }
    // All of them: they are read number by number.
    __asm__("" ::: "memory");
}

/// A strip's light through the table that has all scopes.
CYC_INLINE void cyc_baked_strip(
    const cyc_look *baked, cyc_planes from, const cyc_strip_groups *groups, cyc_strip *to) {
    // A copy: what is written could lie in the table's numbers for all a compiler knows.
    const cyc_look table = *baked;
    cyc_inside16 places[CYC_STRIP / 16];
    cyc_baked_places(&table, from, groups, places);
    for (int32_t i = 0; i < groups->count; ++i) {
        cyc_to_strip(to, 16 * i, cyc_all_inside(&table, &places[i]));
    }
}

/// A grade that is a table and the clip after it: nothing dims the wall or corrects its colors.
CYC_INLINE int32_t cyc_is_table_alone(const cyc_grade *g) {
    if (!g->baked.points || g->limits.is_used) return 0;
    for (int32_t i = 0; i < 9; ++i) {
        if (g->out_matrix[i] != (i % 4 == 0 ? 1.0f : 0.0f)) return 0;
    }
    return g->offset[0] == 0 && g->offset[1] == 0 && g->offset[2] == 0;
}

/// The numbers of one, for a loop over pixels (`cyc_plain_grade`).
typedef struct {
    cyc_look table;
    float floor[3], clip;
} cyc_table_grade;

CYC_INLINE cyc_table_grade cyc_table_of(const cyc_grade *g) {
    return (cyc_table_grade){g->baked, {g->floor[0], g->floor[1], g->floor[2]}, g->clip};
}

/// A strip of light through such a grade, in place of what is there or over it by weights.
CYC_INLINE void cyc_table_grade_step(
    const cyc_table_grade *grade, cyc_planes from, const float *_Nullable weights,
    const cyc_strip_groups *groups, cyc_planes to) {
    cyc_inside16 places[CYC_STRIP / 16];
    cyc_baked_places(&grade->table, from, groups, places);
    for (int32_t i = 0; i < groups->count; ++i) {
        cyc_rgb16 c = cyc_all_inside(&grade->table, &places[i]);
        c = cyc_clipped(grade->floor, grade->clip, c);
        cyc_put_group(weights, groups, i, c, to);
    }
}

/// Fills a strip with its light after every scope; 0: there is none, and nothing in it.
CYC_INLINE int32_t cyc_scopes_strip(
    const cyc_grade *grade, cyc_planes from, const cyc_strip_groups *groups, cyc_strip *to) {
    if (grade->baked.points) {
        cyc_baked_strip(&grade->baked, from, groups, to);
        return 1;
    }
    if (grade->stage_count == 0) return 0;
    cyc_stages_strip(grade, from, groups, to);
    return 1;
}

/// Groups through the last step of a grade, after its scopes where there are any, in place of what
/// is there or over it by weights. Without limits it is known when this is compiled whether there
/// are scopes, so that the step's numbers stay in registers.
CYC_INLINE void cyc_last_step(
    const cyc_grade *grade, cyc_planes from, const float *_Nullable weights,
    const cyc_strip_groups *groups, const cyc_strip *strip, int32_t has_scopes, int32_t is_limited,
    cyc_planes to) {
    const cyc_plain_grade last = cyc_plain(grade);
    for (int32_t i = 0; i < groups->count; ++i) {
        cyc_rgb16 c =
            has_scopes ? cyc_of_strip(strip, 16 * i) : cyc_load_group(from, groups->from[i]);
        c = cyc_affine(last.matrix, last.offset, c);
        if (is_limited) c = cyc_limited(&grade->limits, c);
        c = cyc_clipped(last.floor, last.clip, c);
        cyc_put_group(weights, groups, i, c, to);
    }
}

/// A strip of light through a grade, in place of what is there or over it by weights.
CYC_INLINE void cyc_grade_step(
    const cyc_grade *grade, cyc_planes from, const float *_Nullable weights,
    const cyc_strip_groups *groups, cyc_planes to) {
    cyc_strip strip;
    int32_t has_scopes = cyc_scopes_strip(grade, from, groups, &strip);
    if (grade->limits.is_used) {
        cyc_last_step(grade, from, weights, groups, &strip, has_scopes, 1, to);
    } else if (has_scopes) {
        cyc_last_step(grade, from, weights, groups, &strip, 1, 0, to);
    } else {
        cyc_last_step(grade, from, weights, groups, &strip, 0, 0, to);
    }
}

/// Up to sixteen pixels of a row through a plain grade.
CYC_INLINE void cyc_plain_grade_step(
    const cyc_plain_grade *grade, cyc_planes from, int64_t at, cyc_planes to, int64_t to_at,
    int32_t count) {
    cyc_rgb16 c = cyc_plainly(grade, cyc_load_rgb(from, at, count));
    cyc_store_rgb(to, to_at, c.red, c.green, c.blue, count);
}

/// Fewer than sixteen pixels of a row through a grade, over what is there where there are weights.
CYC_INLINE void cyc_grade_few(
    const cyc_grade *grade, cyc_planes from, const float *_Nullable weights, int64_t at,
    cyc_planes to, int64_t to_at, int32_t count) {
    const cyc_strip_groups one = {{0}, {0}, 1};
    cyc_strip few;
    cyc_to_strip(&few, 0, cyc_load_rgb(from, at, count));
    cyc_grade_step(grade, cyc_planes_of(&few), 0, &one, cyc_planes_of(&few));
    cyc_rgb16 c = cyc_of_strip(&few, 0);
    if (weights) {
        c = cyc_blended(cyc_load(weights + at, count), c, cyc_load_rgb(to, to_at, count));
    }
    cyc_store_rgb(to, to_at, c.red, c.green, c.blue, count);
}

/// Up to sixteen pixels of a row of one channel, times a gain bilinear in the pixel, in place.
CYC_INLINE void cyc_gain_step(
    cyc_bend gain, int32_t x, int32_t y, float *light, int32_t count) {
    cyc_f16 along = cyc_fma(cyc_splat(gain.along_xy), (float)y, cyc_splat(gain.along_x));
    cyc_f16 at = cyc_splat(__builtin_fmaf(gain.along_y, (float)y, gain.at));
    cyc_store(light, cyc_load(light, count) * cyc_fma(along, cyc_places(x), at), count);
}

/// A strip of light through a correction's table, in place.
CYC_INLINE void cyc_table_step(
    const cyc_correction *correction, cyc_planes light, const cyc_strip_groups *groups) {
    cyc_strip strip;
    for (int32_t i = 0; i < groups->count; ++i) {
        cyc_rgb16 c = cyc_load_group(light, groups->from[i]);
        c.red *= correction->to_table;
        c.green *= correction->to_table;
        c.blue *= correction->to_table;
        cyc_to_strip(&strip, 16 * i, cyc_coded(c));
    }
    cyc_look_strip(&correction->table, 1, &strip, 16 * groups->count);
    for (int32_t i = 0; i < groups->count; ++i) {
        cyc_rgb16 c = cyc_of_strip(&strip, 16 * i);
        c.red *= correction->from_table;
        c.green *= correction->from_table;
        c.blue *= correction->from_table;
        cyc_store_group(light, groups->to[i], c);
    }
}

/// Fewer than sixteen pixels of a row through a correction's table, in place.
CYC_INLINE void cyc_table_few(
    const cyc_correction *correction, cyc_planes light, int64_t at, int32_t count) {
    const cyc_strip_groups one = {{0}, {0}, 1};
    cyc_strip few;
    cyc_to_strip(&few, 0, cyc_load_rgb(light, at, count));
    cyc_table_step(correction, cyc_planes_of(&few), &one);
    cyc_rgb16 c = cyc_of_strip(&few, 0);
    cyc_store_rgb(light, at, c.red, c.green, c.blue, count);
}

/// One channel's curve.
CYC_INLINE const cyc_curve *cyc_curve_of(const cyc_correction *correction, int32_t channel) {
    return &correction->curves[channel];
}

/// Up to sixteen pixels of a row of one channel through its curve and a panel's gain, in place.
CYC_INLINE void cyc_drive_step(
    const cyc_ready_curve *curve, int32_t has_curve, float per_full, float gain_full, float full,
    float *light, int32_t count) {
    cyc_f16 driven =
        cyc_driven(curve, has_curve, per_full, gain_full, full, cyc_load(light, count));
    cyc_store(light, driven, count);
}

/// Up to sixteen pixels of a row to codes.
CYC_INLINE void cyc_encode_step(
    const cyc_ready_curve *curve, const float *thresholds, const float *light, uint16_t *codes,
    int32_t count) {
    cyc_i16 v = cyc_codes(curve, cyc_load(light, count), cyc_load_all(thresholds));
    cyc_store_codes(codes, v, curve->most, count);
}

/// Asks for a line that is written soon. Into the second-level cache: the first is the light's.
CYC_INLINE void cyc_fetch_line(const void *line) { _mm_prefetch((const char *)line, _MM_HINT_T1); }

/// Thirty-two pixels of a row to codes, each sixteen with thresholds of their own.
CYC_INLINE void cyc_encode_two_steps(
    const cyc_ready_curve *curve, const float *first_thresholds, const float *second_thresholds,
    const float *light, uint16_t *codes) {
    cyc_i16 first = cyc_codes(curve, cyc_load_all(light), cyc_load_all(first_thresholds));
    cyc_i16 second = cyc_codes(curve, cyc_load_all(light + 16), cyc_load_all(second_thresholds));
    cyc_store_two_codes(codes, first, second, curve->most);
}
#pragma clang diagnostic pop
#pragma clang assume_nonnull end
#endif
