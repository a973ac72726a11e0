/// One triangle into the samples of a piece: four pixels of four samples a step, or sixteen of one.
#pragma once
#include <float.h>
#include "mesh_lanes16.h"
#if defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
#pragma clang assume_nonnull begin
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

/// A triangle on its way through the rows of a region.
typedef struct {
    const cyc_mesh_triangle *triangle;
    /// Pixels of the samples' own grid, first and last.
    int32_t left, right, top, bottom;
    /// Places of a step's samples against its first pixel's centre.
    cyc_f16 sample_x, sample_y;
    /// A step is 1 << `shift` pixels.
    int32_t shift;
    /// An edge value above this is inside: below 0 for an edge that owns its samples.
    float least[3];
    /// 1 / edge_x, for spans.
    float per_x[3];
    /// Texture of the mask; not masked: not set.
    const cyc_mesh_texture *_Nullable mask;
    const uint8_t *_Nullable coverage;
    cyc_look16 look;
    float cutoff;
} cyc_mesh_pass;

/// The greatest value of an edge in a rectangle of samples, and what rounding may hide: of large
/// triangles no sample may be left out here that would be found inside.
CYC_INLINE float cyc_mesh_most(const cyc_mesh_pass *pass, int32_t e, cyc_mesh_samples to) {
    const cyc_mesh_triangle *t = pass->triangle;
    float a = t->edge_x[e], b = t->edge_y[e];
    float x = (float)(to.x + (a > 0 ? pass->right : pass->left));
    float y = (float)(to.y + (b > 0 ? pass->bottom : pass->top));
    float reach = (__builtin_fabsf(a) + __builtin_fabsf(b)) * (CYC_SAMPLE_REACH + 0.01f)
        + 0x1p-21f
            * (__builtin_fabsf(a * x) + __builtin_fabsf(b * y) + __builtin_fabsf(t->edge_at[e]));
    return __builtin_fmaf(a, x, __builtin_fmaf(b, y, t->edge_at[e])) + reach;
}

/// Takes a triangle up; false when it has no sample in the region.
CYC_INLINE int32_t cyc_mesh_enter(
    const cyc_mesh_data *data, const cyc_mesh_triangle *t, cyc_region region, cyc_mesh_samples to,
    cyc_mesh_pass *pass) {
    pass->triangle = t;
    int32_t single = to.per_pixel == 1;
    pass->shift = single ? 4 : 2;
    pass->sample_x = single ? cyc_ramp() : cyc_samples_x();
    pass->sample_y = single ? cyc_splat(0) : cyc_samples_y();
    int32_t left = t->left - to.x, right = t->right - to.x;
    int32_t top = t->top - to.y, bottom = t->bottom - to.y;
    int32_t lastX = region.x + region.width - 1, lastY = region.y + region.height - 1;
    pass->left = left > region.x ? left : region.x;
    pass->right = right < lastX ? right : lastX;
    pass->top = top > region.y ? top : region.y;
    pass->bottom = bottom < lastY ? bottom : lastY;
    if (pass->left > pass->right || pass->top > pass->bottom) return 0;
    CYC_UNROLL
    for (int32_t e = 0; e < 3; ++e) {
        if (cyc_mesh_most(pass, e, to) < 0) return 0;
        pass->least[e] = t->flags >> e & 1 ? -FLT_MIN : 0;
        pass->per_x[e] = 1 / t->edge_x[e];
    }
    const cyc_mesh_material *material = data->materials + t->material;
    pass->mask = 0;
    if (material->flags & CYC_MESH_MASKED) {
        const cyc_mesh_texture *texture = data->textures + material->texture;
        pass->mask = texture;
        pass->coverage = data->coverage;
        pass->cutoff = material->cutoff;
        pass->look.width = cyc_splat((float)texture->width);
        pass->look.height = cyc_splat((float)texture->height);
        pass->look.coarsest = cyc_splat((float)(texture->levels - 1));
        pass->look.wrap_u = (cyc_i16)texture->wrap_u;
        pass->look.wrap_v = (cyc_i16)texture->wrap_v;
    }
    return 1;
}

/// First and last pixels of a row that may hold a sample: the edges cut the row.
CYC_INLINE void cyc_mesh_span(
    const cyc_mesh_pass *pass, cyc_mesh_samples to, int32_t row, int32_t *left, int32_t *right) {
    const cyc_mesh_triangle *t = pass->triangle;
    float low = (float)pass->left, high = (float)pass->right;
    CYC_UNROLL
    for (int32_t e = 0; e < 3; ++e) {
        float a = t->edge_x[e], b = t->edge_y[e];
        // Half a pixel in both directions is more than a sample's reach.
        float here = __builtin_fmaf(b, (float)(to.y + row), t->edge_at[e])
            + 0.5f * __builtin_fabsf(b);
        float cross = -here * pass->per_x[e] - (float)to.x;
        // And half a pixel more for what rounding does to ordinary triangles; large ones need more.
        float slack = 0.5f
            + 0x1p-21f * __builtin_fabsf(pass->per_x[e])
                * (__builtin_fabsf(here) + __builtin_fabsf(t->edge_at[e]));
        if (a > 0 && cross - slack > low) low = cross - slack;
        if (a < 0 && cross + slack < high) high = cross + slack;
    }
    *left = low < (float)pass->right + 1 ? (int32_t)low : pass->right + 1;
    *right = high > (float)pass->left - 1 ? (int32_t)(high + 1) : pass->left - 1;
    if (*right > pass->right) *right = pass->right;
}

/// A texture's coverage at sixteen pixels: in the middle, and its change a pixel.
typedef struct {
    cyc_f16 at, along_x, along_y;
} cyc_coverage16;

/// A value linear in the pixel at sixteen places.
CYC_INLINE cyc_f16 cyc_across(cyc_linear value, cyc_f16 x, cyc_f16 y) {
    return cyc_fma(
        cyc_splat(value.along_x), x,
        cyc_fma(cyc_splat(value.along_y), y, cyc_splat(value.at)));
}

/// Coverage of sixteen pixels, linear about each middle, so that one look at the texture tells all
/// four samples.
CYC_INLINE cyc_coverage16 cyc_mesh_coverage(const cyc_mesh_pass *pass, cyc_f16 x, cyc_f16 y) {
    const cyc_mesh_triangle *t = pass->triangle;
    cyc_f16 w = 1.0f / cyc_across(t->per_w, x, y);
    cyc_f16 u = cyc_across(t->u, x, y) * w, v = cyc_across(t->v, x, y) * w;
    cyc_f16 ux = (t->u.along_x - u * t->per_w.along_x) * w;
    cyc_f16 uy = (t->u.along_y - u * t->per_w.along_y) * w;
    cyc_f16 vx = (t->v.along_x - v * t->per_w.along_x) * w;
    cyc_f16 vy = (t->v.along_y - v * t->per_w.along_y) * w;
    cyc_i16 level = cyc_int(cyc_floor(cyc_mip_level(pass->look, ux, uy, vx, vy) + 0.5f));
    cyc_spot16 spot = cyc_spot(
        pass->look, cyc_wrap(u, pass->look.wrap_u), cyc_wrap(v, pass->look.wrap_v),
        cyc_lookup(pass->mask->coverage, level), level);
    cyc_i16 top = cyc_gather_octets(pass->coverage, spot.at);
    cyc_i16 low = cyc_gather_octets(pass->coverage, spot.at + spot.stride);
    cyc_f16 a = cyc_float(top & 255), b = cyc_float((top >> 8) & 255);
    cyc_f16 c = cyc_float(low & 255), d = cyc_float((low >> 8) & 255);
    cyc_f16 upper = cyc_fma(spot.u, b - a, a), lower = cyc_fma(spot.u, d - c, c);
    cyc_f16 across = cyc_fma(spot.v, (d - c) - (b - a), b - a) * pass->look.width;
    cyc_f16 down = (lower - upper) * pass->look.height;
    cyc_f16 scale = cyc_from_bits((127 - level) << 23);
    cyc_coverage16 out;
    out.at = cyc_fma(spot.v, lower - upper, upper);
    out.along_x = cyc_fma(across, ux, down * vx) * scale;
    out.along_y = cyc_fma(across, uy, down * vy) * scale;
    return out;
}

/// What a step's samples hold of a triangle, before its texture has a say.
typedef struct {
    float *depth;
    cyc_i16 *ids;
    cyc_f16 before, per_w;
    uint32_t in;
} cyc_mesh_step;

/// Values of a row of a triangle at its samples, still without their place along the row.
typedef struct {
    cyc_f16 edge[3], per_w;
    int64_t start;
} cyc_mesh_line;

CYC_INLINE cyc_mesh_line cyc_mesh_line_of(
    const cyc_mesh_pass *pass, int32_t row, cyc_mesh_samples to) {
    const cyc_mesh_triangle *t = pass->triangle;
    cyc_f16 y = pass->sample_y + (float)(to.y + row);
    cyc_mesh_line line;
    CYC_UNROLL
    for (int32_t e = 0; e < 3; ++e) {
        line.edge[e] = cyc_fma(cyc_splat(t->edge_y[e]), y, cyc_splat(t->edge_at[e]));
    }
    line.per_w = cyc_fma(cyc_splat(t->per_w.along_y), y, cyc_splat(t->per_w.at));
    line.start = (int64_t)row * to.stride;
    return line;
}

/// Which samples of a step lie inside a triangle and before what was there.
CYC_INLINE cyc_mesh_step cyc_mesh_step_of(
    const cyc_mesh_pass *pass, const cyc_mesh_line *line, int32_t group, cyc_mesh_samples to) {
    const cyc_mesh_triangle *t = pass->triangle;
    cyc_f16 x = pass->sample_x + (float)(to.x + (group << pass->shift));
    cyc_mesh_step step;
    step.depth = to.depth + line->start + 16 * group;
    step.ids = (cyc_i16 *)(void *)(to.ids + line->start + 16 * group);
    step.before = cyc_load_all(step.depth);
    step.per_w = cyc_fma(cyc_splat(t->per_w.along_x), x, line->per_w);
    step.in = cyc_mask(step.per_w > step.before);
    CYC_UNROLL
    for (int32_t e = 0; e < 3; ++e) {
        cyc_f16 edge = cyc_fma(cyc_splat(t->edge_x[e]), x, line->edge[e]);
        step.in &= cyc_mask(edge > cyc_splat(pass->least[e]));
    }
    return step;
}

/// Writes the samples of a mask.
CYC_INLINE void cyc_mesh_see(const cyc_mesh_step *step, uint32_t mask, uint32_t id) {
#ifdef __AVX512F__
    _mm512_mask_storeu_ps(step->depth, (__mmask16)mask, (__m512)step->per_w);
    _mm512_mask_storeu_epi32(step->ids, (__mmask16)mask, _mm512_set1_epi32((int32_t)id));
#else
    const cyc_i16 bits = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384,
                          32768};
    cyc_i16 seen = ((cyc_i16)(int32_t)mask & bits) != (cyc_i16)0;
    cyc_store_all(step->depth, seen ? step->per_w : step->before);
    *step->ids = seen ? (cyc_i16)(int32_t)id : *step->ids;
#endif
}

/// One row of a triangle that hides all it covers.
CYC_INLINE void cyc_mesh_row(
    const cyc_mesh_pass *pass, uint32_t id, int32_t row, cyc_mesh_samples to) {
    int32_t left = pass->left, right = pass->right;
    if (right - left > 12) cyc_mesh_span(pass, to, row, &left, &right);
    cyc_mesh_line line = cyc_mesh_line_of(pass, row, to);
    for (int32_t group = left >> pass->shift; group <= right >> pass->shift; ++group) {
        cyc_mesh_step step = cyc_mesh_step_of(pass, &line, group, to);
        if (step.in != 0) cyc_mesh_see(&step, step.in, id);
    }
}

/// One row of a triangle whose texture says what it covers: sixteen pixels at a time.
CYC_INLINE void cyc_mesh_masked_row(
    const cyc_mesh_pass *pass, uint32_t id, int32_t row, cyc_mesh_samples to) {
    const float sampleX[4] = CYC_SAMPLE_X, sampleY[4] = CYC_SAMPLE_Y;
    int32_t left = pass->left, right = pass->right;
    if (right - left > 12) cyc_mesh_span(pass, to, row, &left, &right);
    cyc_mesh_line line = cyc_mesh_line_of(pass, row, to);
    for (int32_t first = left >> 2; first <= right >> 2; first += 4) {
        cyc_mesh_step steps[4];
        int32_t count = (right >> 2) - first + 1;
        if (count > 4) count = 4;
        uint32_t any = 0;
        for (int32_t i = 0; i < count; ++i) {
            steps[i] = cyc_mesh_step_of(pass, &line, first + i, to);
            any |= steps[i].in;
        }
        if (any == 0) continue;
        cyc_coverage16 cover = cyc_mesh_coverage(
            pass, cyc_ramp() + (float)(to.x + 4 * first), cyc_splat((float)(to.y + row)));
        uint32_t shown[4];
        CYC_UNROLL
        for (int32_t s = 0; s < 4; ++s) {
            cyc_f16 here = cyc_fma(
                cover.along_x, cyc_splat(sampleX[s]),
                cyc_fma(cover.along_y, cyc_splat(sampleY[s]), cover.at));
            shown[s] = cyc_mask(here >= cyc_splat(pass->cutoff));
        }
        for (int32_t i = 0; i < count; ++i) {
            uint32_t mask = 0;
            CYC_UNROLL
            for (int32_t s = 0; s < 4; ++s) mask |= (shown[s] >> (4 * i) & 15) << (4 * s);
            mask &= steps[i].in;
            if (mask != 0) cyc_mesh_see(steps + i, mask, id);
        }
    }
}

/// One row of such a triangle, one sample a pixel.
CYC_INLINE void cyc_mesh_masked_single_row(
    const cyc_mesh_pass *pass, uint32_t id, int32_t row, cyc_mesh_samples to) {
    int32_t left = pass->left, right = pass->right;
    if (right - left > 12) cyc_mesh_span(pass, to, row, &left, &right);
    cyc_mesh_line line = cyc_mesh_line_of(pass, row, to);
    for (int32_t group = left >> 4; group <= right >> 4; ++group) {
        cyc_mesh_step step = cyc_mesh_step_of(pass, &line, group, to);
        if (step.in == 0) continue;
        cyc_coverage16 cover = cyc_mesh_coverage(
            pass, cyc_ramp() + (float)(to.x + 16 * group), cyc_splat((float)(to.y + row)));
        uint32_t mask = step.in & cyc_mask(cover.at >= cyc_splat(pass->cutoff));
        if (mask != 0) cyc_mesh_see(&step, mask, id);
    }
}

/// Bit 0: some sample of a row of a region sees something; bit 1: all do.
CYC_INLINE int32_t cyc_mesh_filled(cyc_region region, cyc_mesh_samples samples, int32_t y) {
    const uint32_t *ids = samples.ids + (int64_t)y * samples.stride;
    int32_t end = region.x + region.width, single = samples.per_pixel == 1;
    int32_t pixels = single ? 16 : 4;
    uint32_t some = 0, all = 1;
    for (int32_t x = region.x & -pixels; x < end; x += pixels) {
        uint32_t inside = (1u << pixels) - 1;
        if (x < region.x) inside &= inside << (region.x - x);
        if (x + pixels > end) inside &= ((1u << pixels) - 1) >> (x + pixels - end);
        if (!single) inside |= inside << 4 | inside << 8 | inside << 12;
        const cyc_i16 *here = (const cyc_i16 *)(const void *)(ids + (single ? x : 4 * x));
        uint32_t mask = cyc_mask(*here != (cyc_i16)0) & inside;
        some |= mask;
        if (mask != inside) all = 0;
    }
    return (some != 0 ? 1 : 0) | (all ? 2 : 0);
}

/// How much of four pixels from x on lies before what the samples see: weights of 1/w of a plane,
/// for those of the region; `weights` is its first pixel of the row.
CYC_INLINE void cyc_mesh_unhidden(
    cyc_linear per_w, int32_t x, int32_t y, cyc_region region, cyc_mesh_samples samples,
    float *weights) {
    cyc_f16 px = cyc_samples_x() + (float)x, py = cyc_samples_y() + (float)y;
    cyc_f16 plane = cyc_fma(
        cyc_splat(per_w.along_x), px,
        cyc_fma(cyc_splat(per_w.along_y), py, cyc_splat(per_w.at)));
    cyc_f16 nearest = cyc_load_all(samples.depth + (int64_t)y * samples.stride + 4 * x);
    cyc_f16 share = plane > nearest ? cyc_splat(0.25f) : cyc_splat(0);
    CYC_UNROLL
    for (int32_t i = 0; i < 4; ++i) {
        int32_t column = x + i - region.x;
        if (column < 0 || column >= region.width) continue;
        weights[column] = share[i] + share[4 + i] + share[8 + i] + share[12 + i];
    }
}

/// The same of sixteen pixels from x on, with one sample each.
CYC_INLINE void cyc_mesh_unhidden_single(
    cyc_linear per_w, int32_t x, int32_t y, cyc_region region, cyc_mesh_samples samples,
    float *weights) {
    cyc_f16 plane = cyc_across(per_w, cyc_ramp() + (float)x, cyc_splat((float)y));
    cyc_f16 nearest = cyc_load_all(samples.depth + (int64_t)y * samples.stride + x);
    cyc_f16 share = plane > nearest ? cyc_splat(1) : cyc_splat(0);
    for (int32_t i = 0; i < 16; ++i) {
        int32_t column = x + i - region.x;
        if (column >= 0 && column < region.width) weights[column] = share[i];
    }
}

CYC_INLINE void cyc_mix_step(
    cyc_planes from, const float *weights, int64_t at, cyc_planes to, int64_t to_at,
    int32_t count) {
    cyc_f16 w = cyc_load(weights + at, count);
    const float *source[3] = {from.red, from.green, from.blue};
    float *target[3] = {to.red, to.green, to.blue};
    CYC_UNROLL
    for (int32_t i = 0; i < 3; ++i) {
        cyc_f16 under = cyc_load(target[i] + to_at, count);
        cyc_f16 over = cyc_load(source[i] + at, count);
        // A weight of 1 is the source alone, to the last bit: a tile in which nothing is hidden
        // is drawn without weights.
        cyc_store(target[i] + to_at, cyc_fma(w, over, cyc_fma(-w, under, under)), count);
    }
}

/// A triangle's part of a region.
CYC_INLINE void cyc_mesh_raster(
    const cyc_mesh_data *data, const cyc_mesh_triangle *t, uint32_t id, cyc_region region,
    cyc_mesh_samples to) {
    cyc_mesh_pass pass;
    if (!cyc_mesh_enter(data, t, region, to, &pass)) return;
    if (pass.mask && to.per_pixel == 1) {
        for (int32_t row = pass.top; row <= pass.bottom; ++row) {
            cyc_mesh_masked_single_row(&pass, id, row, to);
        }
    } else if (pass.mask) {
        for (int32_t row = pass.top; row <= pass.bottom; ++row) {
            cyc_mesh_masked_row(&pass, id, row, to);
        }
    } else {
        for (int32_t row = pass.top; row <= pass.bottom; ++row) cyc_mesh_row(&pass, id, row, to);
    }
}
#pragma clang diagnostic pop
#pragma clang assume_nonnull end
#endif
