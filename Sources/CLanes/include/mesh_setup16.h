/// From a cluster's vertices to triangles set up on a block of a facet, sixteen at a time.
#pragma once
#include <float.h>
#include "mesh_lanes16.h"
#if defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
#pragma clang assume_nonnull begin
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

/// A cluster's vertices on a block: place, 1/w, and the same before the division.
typedef struct {
    float x[CYC_MESH_VERTICES];
    float y[CYC_MESH_VERTICES];
    float per_w[CYC_MESH_VERTICES];
    float xw[CYC_MESH_VERTICES];
    float yw[CYC_MESH_VERTICES];
    float w[CYC_MESH_VERTICES];
} cyc_mesh_screen;

/// Corners of sixteen triangles.
typedef struct {
    cyc_f16 x[3], y[3], per_w[3];
} cyc_corners16;

/// Values of a triangle's corners that only those that are seen need: u, v, and four colours.
enum { CYC_MESH_VALUES = 6 };

/// Triangles cut by the near plane, waiting to be set up.
typedef struct {
    float x[3][16];
    float y[3][16];
    float per_w[3][16];
    float value[CYC_MESH_VALUES][3][16];
    int32_t count;
} cyc_mesh_cut;

/// Where a cluster's triangles go.
typedef struct {
    cyc_mesh_triangle *triangles;
    cyc_mesh_colors *colors;
    int32_t room;
    int32_t count;
    uint32_t object;
    uint16_t material;
    uint16_t two_sided;
    uint16_t colored;
} cyc_mesh_sink;

/// Sixteen vertices on the block.
CYC_INLINE void cyc_mesh_project(
    const cyc_mesh_data *data, const cyc_mesh_cluster *cluster, const cyc_mesh_view *view,
    cyc_mesh_screen *screen, int32_t first) {
    int64_t at = (int64_t)cluster->vertex + first;
    cyc_f16 px = cyc_load_all(data->x + at), py = cyc_load_all(data->y + at);
    cyc_f16 pz = cyc_load_all(data->z + at);
#define CYC_ROW(m)                                                                          \
    cyc_fma(cyc_splat((m)[0]), px,                                                          \
        cyc_fma(cyc_splat((m)[1]), py, cyc_fma(cyc_splat((m)[2]), pz, cyc_splat((m)[3]))))
    cyc_f16 xw = CYC_ROW(view->x), yw = CYC_ROW(view->y), w = CYC_ROW(view->w);
#undef CYC_ROW
    cyc_f16 per_w = 1.0f / w;
    cyc_store_all(screen->x + first, xw * per_w);
    cyc_store_all(screen->y + first, yw * per_w);
    cyc_store_all(screen->per_w + first, per_w);
    cyc_store_all(screen->xw + first, xw);
    cyc_store_all(screen->yw + first, yw);
    cyc_store_all(screen->w + first, w);
}

/// First and last pixels with a sample in a range of places, within 0 … count − 1.
CYC_INLINE cyc_i16 cyc_first_pixel(cyc_f16 place, int32_t count) {
    return cyc_int(-cyc_floor(-cyc_clamp(place - CYC_SAMPLE_REACH, 0, (float)count)));
}
CYC_INLINE cyc_i16 cyc_last_pixel(cyc_f16 place, int32_t count) {
    return cyc_int(cyc_floor(cyc_clamp(place + CYC_SAMPLE_REACH, -1, (float)(count - 1))));
}

/// Whether a row or column of samples lies between two places: of four a pixel they stand at
/// (k + ½) / 4, of one at k.
CYC_INLINE cyc_i16 cyc_meets_samples(cyc_f16 low, cyc_f16 high, int32_t samples) {
    float scale = (float)samples, first_at = samples == 4 ? 0.5f : 0;
    cyc_f16 first = -cyc_floor(first_at - scale * low), last = cyc_floor(scale * high - first_at);
    return first <= last;
}

/// A value linear in the pixel from its values at the corners.
CYC_INLINE cyc_linear16 cyc_through(
    const cyc_corners16 *c, cyc_f16 per_area, cyc_f16 f0, cyc_f16 f1, cyc_f16 f2) {
    cyc_f16 d1 = (f1 - f0) * per_area, d2 = (f2 - f0) * per_area;
    cyc_f16 x1 = c->x[1] - c->x[0], x2 = c->x[2] - c->x[0];
    cyc_f16 y1 = c->y[1] - c->y[0], y2 = c->y[2] - c->y[0];
    cyc_linear16 out;
    out.x = d1 * y2 - d2 * y1;
    out.y = d2 * x1 - d1 * x2;
    out.at = f0 - cyc_fma(out.x, c->x[0], out.y * c->y[0]);
    return out;
}

/// An edge ≥ 0 inside. Told from the other end it is exactly its own negative, so that two
/// triangles that share it share no sample and leave none out.
CYC_INLINE cyc_linear16 cyc_mesh_edge(const cyc_corners16 *c, int32_t from, int32_t to) {
    cyc_linear16 out;
    out.x = c->y[from] - c->y[to];
    out.y = c->x[to] - c->x[from];
    // Told about its end nearer to the block, which is chosen the same from both ends: the other
    // may be a million pixels off where the near plane cut a large triangle.
    cyc_f16 way_from = cyc_abs(c->x[from]) + cyc_abs(c->y[from]);
    cyc_f16 way_to = cyc_abs(c->x[to]) + cyc_abs(c->y[to]);
    cyc_i16 left = (c->x[from] < c->x[to])
        | ((c->x[from] == c->x[to]) & (c->y[from] < c->y[to]));
    cyc_i16 is_from = (way_from < way_to) | ((way_from == way_to) & left);
    cyc_f16 x = is_from ? c->x[from] : c->x[to], y = is_from ? c->y[from] : c->y[to];
    out.at = -cyc_fma(out.x, x, out.y * y);
    return out;
}

/// Where a lane's values are stored for writing triangles out one by one.
typedef struct {
    float edge_at[3][16], edge_x[3][16], edge_y[3][16];
    float values[7][3][16];
    int32_t left[16], top[16], right[16], bottom[16], ties[16];
} cyc_mesh_lanes;

CYC_INLINE void cyc_keep(float to[_Nonnull 3][16], cyc_linear16 value) {
    cyc_store_all(to[0], value.at);
    cyc_store_all(to[1], value.x);
    cyc_store_all(to[2], value.y);
}

CYC_INLINE cyc_linear cyc_lane(float from[_Nonnull 3][16], int32_t lane) {
    return (cyc_linear){from[0][lane], from[1][lane], from[2][lane]};
}

/// Writes the triangles of a mask out.
CYC_INLINE void cyc_mesh_write(cyc_mesh_lanes *lanes, uint32_t mask, cyc_mesh_sink *sink) {
    while (mask != 0 && sink->count < sink->room) {
        int32_t lane = __builtin_ctz(mask);
        mask &= mask - 1;
        cyc_mesh_triangle *t = sink->triangles + sink->count;
        CYC_UNROLL
        for (int32_t e = 0; e < 3; ++e) {
            t->edge_at[e] = lanes->edge_at[e][lane];
            t->edge_x[e] = lanes->edge_x[e][lane];
            t->edge_y[e] = lanes->edge_y[e][lane];
        }
        t->per_w = cyc_lane(lanes->values[0], lane);
        t->u = cyc_lane(lanes->values[1], lane);
        t->v = cyc_lane(lanes->values[2], lane);
        t->left = (uint16_t)lanes->left[lane];
        t->top = (uint16_t)lanes->top[lane];
        t->right = (uint16_t)lanes->right[lane];
        t->bottom = (uint16_t)lanes->bottom[lane];
        t->material = sink->material;
        t->flags = (uint16_t)(lanes->ties[lane] | (sink->colored ? CYC_MESH_COLORED : 0));
        t->object = sink->object;
        if (sink->colored) {
            CYC_UNROLL
            for (int32_t i = 0; i < 4; ++i) {
                sink->colors[sink->count].channel[i] = cyc_lane(lanes->values[3 + i], lane);
            }
        }
        sink->count += 1;
    }
}

/// How corners were put in another order: the last two changed places, and then the second or the
/// third became the first.
typedef struct {
    cyc_i16 swapped, second, third;
} cyc_mesh_turn;

/// Values of three corners in the order the corners were put in.
CYC_INLINE void cyc_mesh_turned(cyc_mesh_turn turn, cyc_f16 f[_Nonnull 3]) {
    cyc_f16 one = turn.swapped ? f[2] : f[1], two = turn.swapped ? f[1] : f[2], zero = f[0];
    f[0] = turn.second ? one : (turn.third ? two : zero);
    f[1] = turn.second ? two : (turn.third ? zero : one);
    f[2] = turn.second ? zero : (turn.third ? one : two);
}

/// Which of sixteen triangles face the eye, lie on the block and may hold a sample. Corners are put
/// in another order, as `turn` says: those seen from behind are turned round when they have two
/// sides, and the farthest comes first, because values are told from there: a corner on the near
/// plane may be a million pixels off, with 1/w of a thousand.
CYC_INLINE uint32_t cyc_mesh_seen(
    const cyc_mesh_view *view, cyc_corners16 *c, uint16_t two_sided, cyc_mesh_turn *turn,
    cyc_f16 *per_area, cyc_mesh_lanes *lanes) {
    cyc_f16 area = (c->x[1] - c->x[0]) * (c->y[2] - c->y[0])
        - (c->x[2] - c->x[0]) * (c->y[1] - c->y[0]);
    cyc_i16 faces = two_sided ? (cyc_i16)(-1) : (cyc_i16)(area * view->front > cyc_splat(0));
    turn->swapped = area < cyc_splat(0);
    cyc_f16 size = cyc_abs(area);
    // Thinner than this there is no sample in them.
    cyc_i16 seen = faces & (size > cyc_splat(1e-9f)) & (size < cyc_splat(FLT_MAX));
    cyc_f16 left = cyc_min(c->x[0], cyc_min(c->x[1], c->x[2]));
    cyc_f16 right = cyc_max(c->x[0], cyc_max(c->x[1], c->x[2]));
    cyc_f16 top = cyc_min(c->y[0], cyc_min(c->y[1], c->y[2]));
    cyc_f16 bottom = cyc_max(c->y[0], cyc_max(c->y[1], c->y[2]));
    cyc_i16 firstX = cyc_first_pixel(left, view->width);
    cyc_i16 lastX = cyc_last_pixel(right, view->width);
    cyc_i16 firstY = cyc_first_pixel(top, view->height);
    cyc_i16 lastY = cyc_last_pixel(bottom, view->height);
    seen &= (firstX <= lastX) & (firstY <= lastY);
    seen &= cyc_meets_samples(left, right, view->samples)
        & cyc_meets_samples(top, bottom, view->samples);
    *(cyc_i16 *)lanes->left = firstX;
    *(cyc_i16 *)lanes->right = lastX;
    *(cyc_i16 *)lanes->top = firstY;
    *(cyc_i16 *)lanes->bottom = lastY;
    turn->second = (cyc_i16)0;
    turn->third = (cyc_i16)0;
    cyc_mesh_turned(*turn, c->per_w);
    turn->second = (c->per_w[1] < c->per_w[0]) & (c->per_w[1] <= c->per_w[2]);
    turn->third = ~turn->second & (c->per_w[2] < c->per_w[0]);
    cyc_mesh_turned((cyc_mesh_turn){(cyc_i16)0, turn->second, turn->third}, c->per_w);
    cyc_mesh_turned(*turn, c->x);
    cyc_mesh_turned(*turn, c->y);
    *per_area = 1.0f / size;
    return cyc_mask(seen);
}

/// Edges, and which of them own the samples that lie on them: those a sample to the right, or just
/// below, is inside of.
CYC_INLINE void cyc_mesh_edges(const cyc_corners16 *c, cyc_mesh_lanes *lanes) {
    cyc_i16 ties = (cyc_i16)0;
    CYC_UNROLL
    for (int32_t e = 0; e < 3; ++e) {
        cyc_linear16 edge = cyc_mesh_edge(c, e, e == 2 ? 0 : e + 1);
        cyc_store_all(lanes->edge_at[e], edge.at);
        cyc_store_all(lanes->edge_x[e], edge.x);
        cyc_store_all(lanes->edge_y[e], edge.y);
        cyc_i16 owns = (edge.x > cyc_splat(0))
            | ((edge.x == cyc_splat(0)) & (edge.y > cyc_splat(0)));
        ties |= owns & (cyc_i16)(1 << e);
    }
    *(cyc_i16 *)lanes->ties = ties;
}

/// A value of three corners over w, linear in the pixel.
CYC_INLINE void cyc_mesh_value(
    const cyc_corners16 *c, cyc_f16 per_area, cyc_mesh_turn turn, cyc_f16 f0, cyc_f16 f1,
    cyc_f16 f2, float to[_Nonnull 3][16]) {
    cyc_f16 f[3] = {f0, f1, f2};
    cyc_mesh_turned(turn, f);
    cyc_keep(
        to, cyc_through(
                c, per_area, f[0] * c->per_w[0], f[1] * c->per_w[1], f[2] * c->per_w[2]));
}

/// Sets up to sixteen triangles of a cluster up.
CYC_INLINE void cyc_mesh_setup(
    const cyc_mesh_data *data, const cyc_mesh_cluster *cluster, const cyc_mesh_view *view,
    const cyc_mesh_screen *screen, cyc_i16 corner[_Nonnull 3], uint32_t wanted,
    cyc_mesh_sink *sink) {
    cyc_corners16 c;
    CYC_UNROLL
    for (int32_t k = 0; k < 3; ++k) {
        c.x[k] = cyc_gather_floats(screen->x, corner[k]);
        c.y[k] = cyc_gather_floats(screen->y, corner[k]);
        c.per_w[k] = cyc_gather_floats(screen->per_w, corner[k]);
    }
    cyc_mesh_lanes lanes;
    cyc_mesh_turn turn;
    cyc_f16 per_area;
    uint32_t seen = wanted
        & cyc_mesh_seen(view, &c, sink->two_sided, &turn, &per_area, &lanes);
    if (seen == 0) return;
    cyc_mesh_edges(&c, &lanes);
    cyc_keep(lanes.values[0], cyc_through(&c, per_area, c.per_w[0], c.per_w[1], c.per_w[2]));
    const float *uv[2] = {data->u + cluster->vertex, data->v + cluster->vertex};
    for (int32_t i = 0; i < 2; ++i) {
        cyc_mesh_value(
            &c, per_area, turn, cyc_gather_floats(uv[i], corner[0]),
            cyc_gather_floats(uv[i], corner[1]), cyc_gather_floats(uv[i], corner[2]),
            lanes.values[1 + i]);
    }
    if (sink->colored) {
        const float *rgba[4] = {data->red, data->green, data->blue, data->alpha};
        CYC_UNROLL
        for (int32_t i = 0; i < 4; ++i) {
            const float *from = rgba[i] + cluster->color;
            cyc_mesh_value(
                &c, per_area, turn, cyc_gather_floats(from, corner[0]),
                cyc_gather_floats(from, corner[1]), cyc_gather_floats(from, corner[2]),
                lanes.values[3 + i]);
        }
    }
    cyc_mesh_write(&lanes, seen, sink);
}

/// Sets the triangles cut so far up.
CYC_INLINE void cyc_mesh_setup_cut(
    const cyc_mesh_view *view, cyc_mesh_cut *cut, cyc_mesh_sink *sink) {
    cyc_corners16 c;
    CYC_UNROLL
    for (int32_t k = 0; k < 3; ++k) {
        c.x[k] = cyc_load_all(cut->x[k]);
        c.y[k] = cyc_load_all(cut->y[k]);
        c.per_w[k] = cyc_load_all(cut->per_w[k]);
    }
    cyc_mesh_lanes lanes;
    cyc_mesh_turn turn;
    cyc_f16 per_area;
    uint32_t seen = ((1u << cut->count) - 1)
        & cyc_mesh_seen(view, &c, sink->two_sided, &turn, &per_area, &lanes);
    cut->count = 0;
    if (seen == 0) return;
    cyc_mesh_edges(&c, &lanes);
    cyc_keep(lanes.values[0], cyc_through(&c, per_area, c.per_w[0], c.per_w[1], c.per_w[2]));
    int32_t count = sink->colored ? CYC_MESH_VALUES : 2;
    for (int32_t i = 0; i < count; ++i) {
        cyc_mesh_value(
            &c, per_area, turn, cyc_load_all(cut->value[i][0]), cyc_load_all(cut->value[i][1]),
            cyc_load_all(cut->value[i][2]), lanes.values[1 + i]);
    }
    cyc_mesh_write(&lanes, seen, sink);
}

/// A vertex before the division: x·w, y·w, w, u, v and colours.
typedef struct {
    float at[3 + CYC_MESH_VALUES];
} cyc_mesh_corner;

CYC_INLINE cyc_mesh_corner cyc_mesh_corner_of(
    const cyc_mesh_data *data, const cyc_mesh_cluster *cluster, const cyc_mesh_screen *screen,
    int32_t index, uint16_t colored) {
    int64_t at = (int64_t)cluster->vertex + index;
    cyc_mesh_corner c = {{screen->xw[index], screen->yw[index], screen->w[index], data->u[at],
        data->v[at], 1, 1, 1, 1}};
    if (colored) {
        int64_t color = (int64_t)cluster->color + index;
        c.at[5] = data->red[color];
        c.at[6] = data->green[color];
        c.at[7] = data->blue[color];
        c.at[8] = data->alpha[color];
    }
    return c;
}

/// Where the edge from a corner ahead of the near plane to one behind it meets the plane: always
/// told from the one ahead, so that both triangles of the edge get the same place.
CYC_INLINE cyc_mesh_corner cyc_mesh_crossing(
    const cyc_mesh_corner *ahead, const cyc_mesh_corner *behind, float near_w) {
    float t = (ahead->at[2] - near_w) / (ahead->at[2] - behind->at[2]);
    cyc_mesh_corner out;
    CYC_UNROLL
    for (int32_t i = 0; i < 3 + CYC_MESH_VALUES; ++i) {
        out.at[i] = __builtin_fmaf(t, behind->at[i] - ahead->at[i], ahead->at[i]);
    }
    out.at[2] = near_w;
    return out;
}

/// Adds a triangle that lies ahead of the near plane to those waiting.
CYC_INLINE void cyc_mesh_add_cut(
    cyc_mesh_cut *cut, const cyc_mesh_corner *a, const cyc_mesh_corner *b,
    const cyc_mesh_corner *c) {
    const cyc_mesh_corner *corner[3] = {a, b, c};
    int32_t lane = cut->count;
    CYC_UNROLL
    for (int32_t k = 0; k < 3; ++k) {
        float per_w = 1 / corner[k]->at[2];
        cut->x[k][lane] = corner[k]->at[0] * per_w;
        cut->y[k][lane] = corner[k]->at[1] * per_w;
        cut->per_w[k][lane] = per_w;
        CYC_UNROLL
        for (int32_t i = 0; i < CYC_MESH_VALUES; ++i) {
            cut->value[i][k][lane] = corner[k]->at[3 + i];
        }
    }
    cut->count += 1;
}

/// The part of a triangle ahead of the near plane: a triangle or two of them.
CYC_INLINE void cyc_mesh_cut_triangle(
    const cyc_mesh_data *data, const cyc_mesh_cluster *cluster, const cyc_mesh_screen *screen,
    const cyc_mesh_view *view, const int32_t index[_Nonnull 3], cyc_mesh_cut *cut,
    uint16_t colored) {
    cyc_mesh_corner corner[3], polygon[4];
    CYC_UNROLL
    for (int32_t k = 0; k < 3; ++k) {
        corner[k] = cyc_mesh_corner_of(data, cluster, screen, index[k], colored);
    }
    int32_t count = 0;
    CYC_UNROLL
    for (int32_t k = 0; k < 3; ++k) {
        const cyc_mesh_corner *here = corner + k, *next = corner + (k == 2 ? 0 : k + 1);
        int32_t isHere = here->at[2] >= view->near_w, isNext = next->at[2] >= view->near_w;
        if (isHere) polygon[count++] = *here;
        if (isHere && !isNext) polygon[count++] = cyc_mesh_crossing(here, next, view->near_w);
        if (!isHere && isNext) polygon[count++] = cyc_mesh_crossing(next, here, view->near_w);
    }
    if (count >= 3) cyc_mesh_add_cut(cut, polygon, polygon + 1, polygon + 2);
    if (count == 4) cyc_mesh_add_cut(cut, polygon, polygon + 2, polygon + 3);
}

/// Sixteen triangles of a cluster, those across the near plane put aside.
CYC_INLINE void cyc_mesh_place_step(
    const cyc_mesh_data *data, const cyc_mesh_cluster *cluster, const cyc_mesh_view *view,
    const cyc_mesh_screen *screen, int32_t first, cyc_mesh_cut *cut, cyc_mesh_sink *sink) {
    int64_t at = (int64_t)cluster->triangle + first;
    cyc_i16 words = *(const cyc_i16 *)(const void *)(data->triangles + at);
    cyc_i16 corner[3] = {words & 255, (words >> 8) & 255, (words >> 16) & 255};
    int32_t count = cluster->triangles - first;
    uint32_t wanted = count >= 16 ? 0xFFFF : (1u << count) - 1;
    uint32_t ahead[3];
    CYC_UNROLL
    for (int32_t k = 0; k < 3; ++k) {
        cyc_f16 w = cyc_gather_floats(screen->w, corner[k]);
        ahead[k] = cyc_mask(w >= cyc_splat(view->near_w));
    }
    uint32_t all = ahead[0] & ahead[1] & ahead[2] & wanted;
    uint32_t some = (ahead[0] | ahead[1] | ahead[2]) & wanted & ~all;
    if (all != 0) cyc_mesh_setup(data, cluster, view, screen, corner, all, sink);
    while (some != 0) {
        int32_t lane = __builtin_ctz(some);
        some &= some - 1;
        int32_t index[3] = {corner[0][lane], corner[1][lane], corner[2][lane]};
        cyc_mesh_cut_triangle(data, cluster, screen, view, index, cut, sink->colored);
        if (cut->count > 14) cyc_mesh_setup_cut(view, cut, sink);
    }
}

/// A whole cluster. The loops are here: the vertices need a place that no one has to clear.
CYC_INLINE int32_t cyc_mesh_place(
    const cyc_mesh_data *data, uint32_t index, uint32_t object, const cyc_mesh_view *view,
    cyc_mesh_triangle *triangles, cyc_mesh_colors *colors, int32_t room) {
    const cyc_mesh_cluster *cluster = data->clusters + index;
    cyc_mesh_screen screen;
    cyc_mesh_cut cut;
    cut.count = 0;
    cyc_mesh_sink sink = {
        triangles, colors, room, 0, object, cluster->material,
        cluster->flags & CYC_MESH_TWO_SIDED, cluster->color != UINT32_MAX};
    for (int32_t i = 0; i < cluster->vertices; i += 16) {
        cyc_mesh_project(data, cluster, view, &screen, i);
    }
    for (int32_t i = 0; i < cluster->triangles; i += 16) {
        cyc_mesh_place_step(data, cluster, view, &screen, i, &cut, &sink);
    }
    if (cut.count > 0) cyc_mesh_setup_cut(view, &cut, &sink);
    return sink.count;
}
#pragma clang diagnostic pop
#pragma clang assume_nonnull end
#endif
