/// From samples to light: each pixel's triangles are shaded once, at the middle of their samples,
/// sixteen at a time.
#pragma once
#include "mesh_lanes16.h"
#include "sample16.h"
#if defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
#pragma clang assume_nonnull begin
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

/// Parts of pixels: where, of which triangle, in which of the pixel's samples (bit s).
typedef struct {
    cyc_f16 x, y;
    cyc_i16 ids, samples;
} cyc_parts16;

/// What a lane's triangle says about it.
typedef struct {
    cyc_linear16 per_w, u, v, color[4];
    cyc_i16 texture, emission, colored;
} cyc_surface16;

/// What the shading of a piece needs.
typedef struct {
    const cyc_mesh_data *data;
    const cyc_mesh_triangle *triangles;
    const cyc_mesh_colors *colors;
    int32_t blends;
} cyc_mesh_shading;

/// Middle of each set of samples against the pixel's centre, and their share of the pixel.
static const float cyc_sample_middle_x[16] = {
    0, -0.125f, 0.375f, 0.125f, -0.375f, -0.25f, 0, -0.125f / 3,
    0.125f, 0, 0.25f, 0.125f, -0.125f, -0.125f, 0.125f / 3, 0};
static const float cyc_sample_middle_y[16] = {
    0, -0.375f, -0.125f, -0.25f, 0.125f, -0.125f, 0, -0.125f,
    0.375f, 0, 0.125f, -0.125f / 3, 0.25f, 0.125f / 3, 0.125f, 0};
static const float cyc_sample_share[16] = {
    0, 0.25f, 0.25f, 0.5f, 0.25f, 0.5f, 0.5f, 0.75f,
    0.25f, 0.5f, 0.5f, 0.75f, 0.5f, 0.75f, 0.75f, 1};

CYC_INLINE cyc_f16 cyc_of_samples(const float *table, cyc_i16 samples) {
    return (cyc_f16)cyc_lookup((const int32_t *)(const void *)table, samples);
}

CYC_INLINE void cyc_take(cyc_linear16 *to, cyc_i16 mine, cyc_linear value) {
    to->at = mine ? cyc_splat(value.at) : to->at;
    to->x = mine ? cyc_splat(value.along_x) : to->x;
    to->y = mine ? cyc_splat(value.along_y) : to->y;
}

/// Gathers what is known of each lane's triangle, triangle by triangle: neighbors share it.
/// Returns bit 0: some have colours; bit 1: some have emission of its own.
CYC_INLINE int32_t cyc_mesh_surface(
    const cyc_mesh_shading *s, cyc_i16 ids, uint32_t wanted, cyc_surface16 *surface) {
    int32_t kinds = 0;
    uint32_t id[16];
    *(cyc_i16 *)(void *)id = ids;
    while (wanted != 0) {
        uint32_t now = id[__builtin_ctz(wanted)];
        cyc_i16 mine = ids == (cyc_i16)(int32_t)now;
        wanted &= ~cyc_mask(mine);
        const cyc_mesh_triangle *t = s->triangles + (now - 1);
        const cyc_mesh_material *material = s->data->materials + t->material;
        cyc_take(&surface->per_w, mine, t->per_w);
        cyc_take(&surface->u, mine, t->u);
        cyc_take(&surface->v, mine, t->v);
        surface->texture = mine ? (cyc_i16)material->texture : surface->texture;
        surface->emission = mine ? (cyc_i16)material->emission : surface->emission;
        if (material->emission >= 0) kinds |= 2;
        if ((t->flags & CYC_MESH_COLORED) == 0) continue;
        kinds |= 1;
        surface->colored |= mine;
        const cyc_mesh_colors *colors = s->colors + (now - 1);
        CYC_UNROLL
        for (int32_t i = 0; i < 4; ++i) cyc_take(&surface->color[i], mine, colors->channel[i]);
    }
    return kinds;
}

/// Sixteen bilinear samples, each of a picture of its own.
CYC_INLINE cyc_rgba16 cyc_mesh_bilinear(const uint64_t *texels, cyc_spot16 spot) {
    int32_t at[16] __attribute__((aligned(64))), below[16] __attribute__((aligned(64)));
    *(cyc_i16 *)at = spot.at;
    *(cyc_i16 *)below = spot.at + spot.stride;
    // Through memory, as in cyc_bilinear.
    __asm__("" : "+m"(at), "+m"(below));
    return cyc_between_four((cyc_neighbors16){texels, texels, at, below}, spot.u, spot.v);
}

/// Place in a texture and its change from pixel to pixel.
typedef struct {
    cyc_f16 u, v, ux, uy, vx, vy;
} cyc_footprint16;

/// Words from one texture of the table to the next.
#define CYC_TEXTURE_WORDS ((int32_t)(sizeof(cyc_mesh_texture) / 4))

/// Each lane's texture: one for all, as nearly always, or each its own. Returns where its levels
/// stand in the table.
CYC_INLINE cyc_i16 cyc_mesh_look(
    const cyc_mesh_data *data, cyc_i16 texture, uint32_t wanted, cyc_look16 *look) {
    const cyc_mesh_texture *first = data->textures + texture[__builtin_ctz(wanted)];
    cyc_i16 at = texture * CYC_TEXTURE_WORDS;
    if ((cyc_mask(texture != (cyc_i16)texture[__builtin_ctz(wanted)]) & wanted) == 0) {
        look->width = cyc_splat((float)first->width);
        look->height = cyc_splat((float)first->height);
        look->coarsest = cyc_splat((float)(first->levels - 1));
        look->wrap_u = (cyc_i16)first->wrap_u;
        look->wrap_v = (cyc_i16)first->wrap_v;
        return at;
    }
    const cyc_mesh_texture *table = data->textures;
    look->width = cyc_float(cyc_gather(&table->width, at));
    look->height = cyc_float(cyc_gather(&table->height, at));
    look->coarsest = cyc_float(cyc_gather(&table->levels, at) - 1);
    look->wrap_u = cyc_gather(&table->wrap_u, at);
    look->wrap_v = cyc_gather(&table->wrap_v, at);
    return at;
}

/// A texture's light, between the two levels nearest to the footprint.
CYC_INLINE cyc_rgba16 cyc_mesh_texture_light(
    const cyc_mesh_data *data, cyc_i16 texture, uint32_t wanted, cyc_footprint16 f) {
    cyc_look16 look;
    cyc_i16 table = cyc_mesh_look(data, texture, wanted, &look);
    cyc_f16 level = cyc_mip_level(look, f.ux, f.uy, f.vx, f.vy);
    cyc_f16 fine = cyc_floor(level), part = level - fine;
    cyc_i16 fineLevel = cyc_int(fine);
    cyc_f16 u = cyc_wrap(f.u, look.wrap_u), v = cyc_wrap(f.v, look.wrap_v);
    const int32_t *levels = data->textures->level;
    cyc_rgba16 out = cyc_mesh_bilinear(
        data->texels, cyc_spot(look, u, v, cyc_gather(levels, table + fineLevel), fineLevel));
    if ((cyc_mask(part > cyc_splat(0)) & wanted) == 0) return out;
    cyc_i16 next = cyc_int(cyc_min(fine + 1.0f, look.coarsest));
    cyc_rgba16 far = cyc_mesh_bilinear(
        data->texels, cyc_spot(look, u, v, cyc_gather(levels, table + next), next));
    out.red = cyc_fma(part, far.red - out.red, out.red);
    out.green = cyc_fma(part, far.green - out.green, out.green);
    out.blue = cyc_fma(part, far.blue - out.blue, out.blue);
    out.alpha = cyc_fma(part, far.alpha - out.alpha, out.alpha);
    return out;
}

/// Light of sixteen parts; lanes that are not wanted say nothing.
CYC_INLINE cyc_rgba16 cyc_mesh_light(
    const cyc_mesh_shading *s, cyc_parts16 parts, uint32_t wanted) {
    cyc_linear16 none = {cyc_splat(1), cyc_splat(0), cyc_splat(0)};
    cyc_linear16 zero = {cyc_splat(0), cyc_splat(0), cyc_splat(0)};
    cyc_surface16 surface = {none, zero, zero, {zero, zero, zero, zero}, (cyc_i16)0, (cyc_i16)(-1),
        (cyc_i16)0};
    int32_t kinds = cyc_mesh_surface(s, parts.ids, wanted, &surface);
    cyc_f16 x = parts.x + cyc_of_samples(cyc_sample_middle_x, parts.samples);
    cyc_f16 y = parts.y + cyc_of_samples(cyc_sample_middle_y, parts.samples);
    cyc_f16 w = 1.0f / cyc_value(surface.per_w, x, y);
    cyc_footprint16 f;
    f.u = cyc_value(surface.u, x, y) * w;
    f.v = cyc_value(surface.v, x, y) * w;
    f.ux = (surface.u.x - f.u * surface.per_w.x) * w;
    f.uy = (surface.u.y - f.u * surface.per_w.y) * w;
    f.vx = (surface.v.x - f.v * surface.per_w.x) * w;
    f.vy = (surface.v.y - f.v * surface.per_w.y) * w;
    cyc_rgba16 out = cyc_mesh_texture_light(s->data, surface.texture, wanted, f);
    if (kinds & 1) {
        cyc_f16 factor[4];
        CYC_UNROLL
        for (int32_t i = 0; i < 4; ++i) {
            cyc_f16 color = cyc_max(cyc_value(surface.color[i], x, y) * w, cyc_splat(0));
            factor[i] = surface.colored ? color : cyc_splat(1);
        }
        cyc_f16 opacity = s->blends ? cyc_min(factor[3], cyc_splat(1)) : cyc_splat(1);
        out.red *= factor[0] * opacity;
        out.green *= factor[1] * opacity;
        out.blue *= factor[2] * opacity;
        out.alpha *= opacity;
    }
    if (kinds & 2) {
        uint32_t glowing = cyc_mask(surface.emission >= (cyc_i16)0) & wanted;
        cyc_i16 texture = surface.emission >= (cyc_i16)0 ? surface.emission : (cyc_i16)0;
        cyc_rgba16 more = cyc_mesh_texture_light(s->data, texture, glowing, f);
        cyc_f16 own = surface.emission >= (cyc_i16)0 ? cyc_splat(1) : cyc_splat(0);
        out.red = cyc_fma(own, more.red, out.red);
        out.green = cyc_fma(own, more.green, out.green);
        out.blue = cyc_fma(own, more.blue, out.blue);
    }
    if (!s->blends) out.alpha = cyc_splat(1);
    return out;
}

/// Parts of pixels beyond each pixel's first, waiting until sixteen are there: at most 15 and the
/// 48 of a step, read sixteen at a time.
typedef struct {
    float x[80], y[80];
    int32_t ids[80], samples[80];
    /// The pixel's place in the target, and its light before any part of it was laid over.
    int32_t at[80];
    float red[80], green[80], blue[80];
    int32_t count;
} cyc_mesh_queue;

/// Lays waiting parts, from `first` on, sixteen or fewer, over the target.
CYC_INLINE void cyc_mesh_flush(
    const cyc_mesh_shading *s, const cyc_mesh_queue *queue, int32_t first, int32_t count,
    cyc_planes target) {
    cyc_parts16 parts = {
        cyc_load_all(queue->x + first), cyc_load_all(queue->y + first),
        *(cyc_i16 *)(queue->ids + first), *(cyc_i16 *)(queue->samples + first) & 15};
    cyc_rgba16 light = cyc_mesh_light(s, parts, count == 16 ? 0xFFFF : (1u << count) - 1);
    cyc_f16 share = cyc_of_samples(cyc_sample_share, parts.samples);
    float red[16], green[16], blue[16];
#define CYC_OVER(name)                                                                      \
    cyc_store_all(                                                                          \
        name,                                                                               \
        share * cyc_fma(-light.alpha, cyc_load_all(queue->name + first), light.name));
    CYC_OVER(red) CYC_OVER(green) CYC_OVER(blue)
#undef CYC_OVER
    for (int32_t i = 0; i < count; ++i) {
        int32_t at = queue->at[first + i];
        target.red[at] += red[i];
        target.green[at] += green[i];
        target.blue[at] += blue[i];
    }
}

/// Lays waiting parts over the target until fewer than `least` wait: first come, first served, so
/// that the parts of a pixel are added in one order however the picture is cut.
CYC_INLINE void cyc_mesh_drain(
    const cyc_mesh_shading *s, cyc_mesh_queue *queue, cyc_planes target, int32_t least) {
    int32_t first = 0;
    while (queue->count - first >= least) {
        int32_t count = queue->count - first < 16 ? queue->count - first : 16;
        cyc_mesh_flush(s, queue, first, count, target);
        first += count;
    }
    if (first == 0) return;
    queue->count -= first;
#define CYC_MOVE(name)                                                                      \
    *(cyc_i16 *)(void *)queue->name = *(const cyc_i16 *)(const void *)(queue->name + first);
    CYC_MOVE(x) CYC_MOVE(y) CYC_MOVE(ids) CYC_MOVE(samples)
    CYC_MOVE(at) CYC_MOVE(red) CYC_MOVE(green) CYC_MOVE(blue)
#undef CYC_MOVE
}

/// Ids of one sample of sixteen pixels.
CYC_INLINE cyc_i16 cyc_mesh_sample_ids(const uint32_t *ids, int32_t sample) {
    cyc_i16 out;
    CYC_UNROLL
    for (int32_t i = 0; i < 4; ++i) {
        __builtin_memcpy((char *)&out + 16 * i, ids + 16 * i + 4 * sample, 16);
    }
    return out;
}

/// The lanes of a mask of sixteen floats; the rest are 0.
CYC_INLINE cyc_f16 cyc_load_some(const float *from, uint32_t mask) {
#ifdef __AVX512F__
    return (cyc_f16)_mm512_maskz_loadu_ps((__mmask16)mask, from);
#else
    float some[16] = {0};
    for (int32_t i = 0; i < 16; ++i) if (mask >> i & 1) some[i] = from[i];
    return cyc_load_all(some);
#endif
}
CYC_INLINE void cyc_store_some(float *to, cyc_f16 value, uint32_t mask) {
#ifdef __AVX512F__
    _mm512_mask_storeu_ps(to, (__mmask16)mask, (__m512)value);
#else
    float some[16];
    cyc_store_all(some, value);
    for (int32_t i = 0; i < 16; ++i) if (mask >> i & 1) to[i] = some[i];
#endif
}

/// Puts a pixel's further parts into the queue.
CYC_INLINE void cyc_mesh_wait(
    cyc_mesh_queue *queue, uint32_t mask, cyc_parts16 parts, int32_t at, cyc_f16 red,
    cyc_f16 green, cyc_f16 blue) {
    while (mask != 0) {
        int32_t lane = __builtin_ctz(mask), place = queue->count++;
        mask &= mask - 1;
        queue->x[place] = parts.x[lane];
        queue->y[place] = parts.y[lane];
        queue->ids[place] = parts.ids[lane];
        queue->samples[place] = parts.samples[lane];
        queue->at[place] = at + lane;
        queue->red[place] = red[lane];
        queue->green[place] = green[lane];
        queue->blue[place] = blue[lane];
    }
}

/// Sixteen pixels of a row, those of `inside`: the first part of each now, the others wait.
/// x and y are the block's pixel of the first lane, `at` is its place in the target.
CYC_INLINE void cyc_mesh_shade_step(
    const cyc_mesh_shading *s, const uint32_t *ids, int32_t x, int32_t y, uint32_t inside,
    cyc_planes target, int32_t at, cyc_mesh_queue *queue) {
    cyc_i16 id[4];
    cyc_i16 any = (cyc_i16)0;
    CYC_UNROLL
    for (int32_t i = 0; i < 4; ++i) {
        id[i] = cyc_mesh_sample_ids(ids, i);
        any |= id[i];
    }
    if ((cyc_mask(any != (cyc_i16)0) & inside) == 0) return;
    cyc_f16 red = cyc_load_some(target.red + at, inside);
    cyc_f16 green = cyc_load_some(target.green + at, inside);
    cyc_f16 blue = cyc_load_some(target.blue + at, inside);
    if (!s->blends) {
        // Where all is hidden it is black that is, whatever was drawn there: a tile in which
        // nothing shows through has no dome below.
        cyc_i16 whole = id[0] != (cyc_i16)0;
        CYC_UNROLL
        for (int32_t i = 1; i < 4; ++i) whole &= id[i] != (cyc_i16)0;
        red = whole ? cyc_splat(0) : red;
        green = whole ? cyc_splat(0) : green;
        blue = whole ? cyc_splat(0) : blue;
    }
    cyc_parts16 parts = {cyc_ramp() + (float)x, cyc_splat((float)y), id[0], (cyc_i16)0};
    CYC_UNROLL
    for (int32_t i = 3; i >= 0; --i) {
        // Part i is that of sample i, unless an earlier sample shows the same triangle.
        cyc_i16 samples = (cyc_i16)0, own = id[i] != (cyc_i16)0;
        CYC_UNROLL
        for (int32_t j = 0; j < 4; ++j) {
            cyc_i16 same = id[j] == id[i];
            if (j < i) own &= ~same;
            samples |= same & (cyc_i16)(1 << j);
        }
        parts.ids = id[i];
        parts.samples = samples;
        uint32_t mask = cyc_mask(own) & inside;
        if (mask == 0) continue;
        if (i > 0) {
            cyc_mesh_wait(queue, mask, parts, at, red, green, blue);
            continue;
        }
        cyc_rgba16 light = cyc_mesh_light(s, parts, mask);
        cyc_f16 share = cyc_of_samples(cyc_sample_share, samples & 15);
        cyc_store_some(
            target.red + at,
            cyc_fma(share, cyc_fma(-light.alpha, red, light.red), red), mask);
        cyc_store_some(
            target.green + at,
            cyc_fma(share, cyc_fma(-light.alpha, green, light.green), green), mask);
        cyc_store_some(
            target.blue + at,
            cyc_fma(share, cyc_fma(-light.alpha, blue, light.blue), blue), mask);
    }
}

/// Sixteen pixels of a row with one sample each, those of `inside`.
CYC_INLINE void cyc_mesh_shade_single(
    const cyc_mesh_shading *s, const uint32_t *ids, int32_t x, int32_t y, uint32_t inside,
    cyc_planes target, int32_t at) {
    cyc_i16 id = *(const cyc_i16 *)(const void *)ids;
    uint32_t mask = cyc_mask(id != (cyc_i16)0) & inside;
    if (mask == 0) return;
    // Over black where opaque, as in cyc_mesh_shade_step.
    uint32_t under = s->blends ? mask : 0;
    cyc_f16 red = cyc_load_some(target.red + at, under);
    cyc_f16 green = cyc_load_some(target.green + at, under);
    cyc_f16 blue = cyc_load_some(target.blue + at, under);
    cyc_parts16 parts = {cyc_ramp() + (float)x, cyc_splat((float)y), id, (cyc_i16)15};
    cyc_rgba16 light = cyc_mesh_light(s, parts, mask);
    cyc_store_some(target.red + at, cyc_fma(-light.alpha, red, light.red) + red, mask);
    cyc_store_some(target.green + at, cyc_fma(-light.alpha, green, light.green) + green, mask);
    cyc_store_some(target.blue + at, cyc_fma(-light.alpha, blue, light.blue) + blue, mask);
}

/// All of a region. The loops are here: the queue needs a place that no one has to clear.
CYC_INLINE void cyc_mesh_shade(
    const cyc_mesh_data *data, const cyc_mesh_triangle *triangles, const cyc_mesh_colors *colors,
    cyc_region region, cyc_mesh_samples samples, int32_t blends, cyc_planes target) {
    cyc_mesh_shading shading = {data, triangles, colors, blends};
    cyc_mesh_queue queue;
    queue.count = 0;
    int32_t single = samples.per_pixel == 1;
    int32_t start = region.x & (single ? ~15 : ~3), end = region.x + region.width;
    for (int32_t row = 0; row < region.height; ++row) {
        int32_t y = region.y + row;
        for (int32_t x = start; x < end; x += 16) {
            uint32_t inside = 0xFFFF;
            if (x < region.x) inside &= 0xFFFFu << (region.x - x);
            if (x + 16 > end) inside &= (1u << (end - x)) - 1;
            if (single) {
                cyc_mesh_shade_single(
                    &shading, samples.ids + (int64_t)y * samples.stride + x, samples.x + x,
                    samples.y + y, inside, target, row * target.stride + (x - region.x));
                continue;
            }
            cyc_mesh_shade_step(
                &shading, samples.ids + (int64_t)y * samples.stride + 4 * x, samples.x + x,
                samples.y + y, inside, target, row * target.stride + (x - region.x), &queue);
            if (queue.count >= 16) cyc_mesh_drain(&shading, &queue, target, 16);
        }
    }
    cyc_mesh_drain(&shading, &queue, target, 1);
}
#pragma clang diagnostic pop
#pragma clang assume_nonnull end
#endif
