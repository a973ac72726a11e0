/// Sampling an upright picture: a column sixteen pixels wide at a time, first along the rows of
/// texels, then down the column. Each texel is converted once a column instead of twice a pixel.
#pragma once
#include "steps16.h"
/// Rows of pixels in a column; two vectors hold a number of each.
#define CYC_UPRIGHT_HEIGHT 32
/// Rows of texels a column may need: 31 steps of up to 1.46 texels, fifteen pixels along at up to
/// 0.4, the two a sample lies between and a rounding.
#define CYC_UPRIGHT_ROWS 56
/// Texels that sixteen pixels of a row lie between: at most 24, which is 1.46 texels a pixel.
#define CYC_UPRIGHT_TEXELS 24

#if defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
#pragma clang assume_nonnull begin
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

#ifdef __AVX512BW__

/// Red, then green, of sixteen texels in two registers of eight.
CYC_INLINE __m512i cyc_red_green(__m512i a, __m512i b) {
    const cyc_u32 at = {
        0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 1, 5, 9, 13, 17, 21, 25, 29,
        33, 37, 41, 45, 49, 53, 57, 61};
    return _mm512_permutex2var_epi16(a, (__m512i)at, b);
}

/// Blue, then alpha.
CYC_INLINE __m512i cyc_blue_alpha(__m512i a, __m512i b) {
    const cyc_u32 at = {
        2, 6, 10, 14, 18, 22, 26, 30, 34, 38, 42, 46, 50, 54, 58, 62, 3, 7, 11, 15, 19, 23, 27, 31,
        35, 39, 43, 47, 51, 55, 59, 63};
    return _mm512_permutex2var_epi16(a, (__m512i)at, b);
}

/// Channel by channel of eight texels.
CYC_INLINE __m512i cyc_by_channel(__m512i a) {
    const cyc_u32 at = {
        0, 4, 8, 12, 16, 20, 24, 28, 1, 5, 9, 13, 17, 21, 25, 29, 2, 6, 10, 14, 18, 22, 26, 30, 3,
        7, 11, 15, 19, 23, 27, 31};
    return _mm512_permutexvar_epi16((__m512i)at, a);
}

/// The first sixteen of thirty-two halves.
CYC_INLINE __m512 cyc_first_halves(__m512i a) { return _mm512_cvtph_ps(_mm512_castsi512_si256(a)); }
/// The last sixteen.
CYC_INLINE __m512 cyc_last_halves(__m512i a) {
    return _mm512_cvtph_ps(_mm512_extracti64x4_epi64(a, 1));
}

/// Where sixteen pixels lie along a row of texels: between two neighbors among 24 texels from
/// `base` on. The first sixteen are one register a channel; of the other eight two channels share
/// one, the second behind the first, so that it has places of its own.
typedef struct {
    int32_t base;
    /// All lie between the first sixteen.
    int32_t is_narrow;
    __m512i left, right, left_second, right_second;
    cyc_f16 beyond;
} cyc_along16;

CYC_INLINE __m512i cyc_second_channel(__m512i place) {
    const __m512i last = _mm512_set1_epi32(15), more = _mm512_set1_epi32(8);
    return _mm512_mask_add_epi32(place, _mm512_cmpgt_epi32_mask(place, last), place, more);
}

CYC_INLINE cyc_along16 cyc_upright_along(cyc_f16 u) {
    // The ends bound the places between, but for rounding; what rounding puts outside is taken
    // from the outermost texel, a rounding beyond it.
    int32_t is_mirrored = u[15] < u[0];
    float first = __builtin_floorf(is_mirrored ? u[15] : u[0]);
    float last = __builtin_floorf(is_mirrored ? u[0] : u[15]);
    cyc_f16 column = cyc_max(cyc_floor(u), cyc_splat(first));
    column = cyc_min(column, cyc_splat(__builtin_fminf(last, first + CYC_UPRIGHT_TEXELS - 2)));
    cyc_along16 out;
    out.is_narrow = last - first <= 14;
    out.base = (int32_t)first;
    out.left = (__m512i)cyc_int(column - first);
    out.right = _mm512_add_epi32(out.left, _mm512_set1_epi32(1));
    out.left_second = cyc_second_channel(out.left);
    out.right_second = cyc_second_channel(out.right);
    out.beyond = u - column;
    return out;
}

CYC_INLINE cyc_f16 cyc_between(
    __m512 low, __m512 high, __m512i leftAt, __m512i rightAt, cyc_f16 beyond) {
    cyc_f16 left = (cyc_f16)_mm512_permutex2var_ps(low, leftAt, high);
    cyc_f16 right = (cyc_f16)_mm512_permutex2var_ps(low, rightAt, high);
    return cyc_fma(beyond, right - left, left);
}

CYC_INLINE cyc_f16 cyc_between_narrow(__m512 texels, const cyc_along16 *along) {
    cyc_f16 left = (cyc_f16)_mm512_permutexvar_ps(along->left, texels);
    cyc_f16 right = (cyc_f16)_mm512_permutexvar_ps(along->right, texels);
    return cyc_fma(along->beyond, right - left, left);
}

/// A row of texels at sixteen places.
CYC_INLINE cyc_rgba16 cyc_upright_row(
    const uint64_t *texels, const cyc_along16 *along, int32_t has_alpha) {
    // Parted as halves, then converted: half the registers to part.
    __m512i a = _mm512_loadu_si512(texels), b = _mm512_loadu_si512(texels + 8);
    __m512i rg = cyc_red_green(a, b), ba = cyc_blue_alpha(a, b);
    __m512 red = cyc_first_halves(rg), green = cyc_last_halves(rg);
    __m512 blue = cyc_first_halves(ba), alpha = cyc_last_halves(ba);
    cyc_rgba16 out;
    if (along->is_narrow) {
        out.red = cyc_between_narrow(red, along);
        out.green = cyc_between_narrow(green, along);
        out.blue = cyc_between_narrow(blue, along);
        if (has_alpha) out.alpha = cyc_between_narrow(alpha, along);
        return out;
    }
    __m512i last = cyc_by_channel(_mm512_loadu_si512(texels + 16));
    __m512 rgLast = cyc_first_halves(last), baLast = cyc_last_halves(last);
    out.red = cyc_between(red, rgLast, along->left, along->right, along->beyond);
    out.green = cyc_between(
        green, rgLast, along->left_second, along->right_second, along->beyond);
    out.blue = cyc_between(blue, baLast, along->left, along->right, along->beyond);
    if (has_alpha) {
        out.alpha = cyc_between(
            alpha, baLast, along->left_second, along->right_second, along->beyond);
    }
    return out;
}

/// Samples of sixteen pixels' columns along a row of texels, whole cache lines.
typedef struct {
    float red[16], green[16], blue[16], alpha[16];
} __attribute__((aligned(64))) cyc_column_row;

/// A column of sixteen pixels: its samples along each row of texels, and where its pixels lie
/// between the rows.
typedef struct {
    cyc_column_row rows[CYC_UPRIGHT_ROWS];
    /// Place down the picture in the first row of pixels, and its step a row.
    cyc_f16 v, step;
    /// Row of texels above each row of pixels and the one below that, which is asked for as often,
    /// and where in `rows` the first is.
    float tops[2][CYC_UPRIGHT_HEIGHT];
    int32_t from[CYC_UPRIGHT_HEIGHT];
} cyc_column16;

/// The row of texels above the highest of a column's sixteen places, for sixteen rows of pixels
/// from `y` on.
CYC_INLINE cyc_f16 cyc_upright_tops(cyc_plane_map map, const cyc_column16 *column, float y) {
    cyc_f16 rows = cyc_ramp() + y;
    cyc_f16 first = cyc_fma(rows, cyc_splat(column->step[0]), cyc_splat(column->v[0]));
    cyc_f16 last = cyc_fma(rows, cyc_splat(column->step[15]), cyc_splat(column->v[15]));
    return cyc_floor(cyc_clamp(cyc_min(first, last), map.v_min, map.v_max));
}

/// Samples along the rows that pixel rows `y` … `y` + `height` − 1 need, at columns `x` … `x` + 15.
CYC_INLINE void cyc_column_rows(
    cyc_plane_map map, int32_t x, int32_t y, int32_t height, int32_t is_first, int32_t has_alpha,
    cyc_column16 *column) {
    cyc_f16 at = cyc_places(x);
    cyc_f16 per_w = cyc_splat(1) / cyc_along(map.w, at, 0);
    cyc_f16 u = cyc_clamp(cyc_along(map.u, at, 0) * per_w, map.u_min, map.u_max);
    column->v = cyc_along(map.v, at, 0) * per_w;
    column->step = cyc_splat(map.v.along_y) * per_w;
    cyc_along16 along = cyc_upright_along(u);
    for (int32_t i = 0; i < CYC_UPRIGHT_HEIGHT; i += 16) {
        cyc_f16 tops = cyc_upright_tops(map, column, (float)(y + i));
        cyc_store_all(column->tops[0] + i, tops);
        cyc_store_all(column->tops[1] + i, tops + 1.0f);
    }
    float top = column->tops[0][0], bottom = column->tops[0][height - 1];
    float least = top < bottom ? top : bottom;
    cyc_f16 most_from = cyc_splat((float)(CYC_UPRIGHT_ROWS - map.upright_rows));
    for (int32_t i = 0; i < CYC_UPRIGHT_HEIGHT; i += 16) {
        cyc_f16 from = cyc_max(cyc_load_all(column->tops[0] + i) - least, cyc_splat(0));
        *(cyc_i16 *)(column->from + i) = cyc_int(cyc_min(from, most_from));
    }
    int32_t first = (int32_t)least;
    int32_t count = (int32_t)__builtin_fabsf(bottom - top) + map.upright_rows;
    count = count < CYC_UPRIGHT_ROWS ? count : CYC_UPRIGHT_ROWS;
    // The border's last row.
    int32_t most = (int32_t)__builtin_floorf(map.v_max) + 1;
    // The texels of the next column down, which is drawn soon: a region's first column fetches all
    // of its own, the others what they add.
    int64_t below = (int64_t)(int32_t)((float)height * map.v.along_y) * map.stride;
    for (int32_t i = 0; i < count; ++i) {
        int32_t row = first + i < most ? first + i : most;
        const uint64_t *texels = map.texels + ((int64_t)row * map.stride + along.base);
        // The texels that the next column adds.
        _mm_prefetch((const char *)(texels + 26), _MM_HINT_T0);
        _mm_prefetch((const char *)(texels + 34), _MM_HINT_T0);
        for (int32_t k = is_first ? 0 : 18; k < 32; k += 8) {
            _mm_prefetch((const char *)(texels + below + k), _MM_HINT_T1);
        }
        cyc_rgba16 c = cyc_upright_row(texels, &along, has_alpha);
        cyc_store_all(column->rows[i].red, c.red);
        cyc_store_all(column->rows[i].green, c.green);
        cyc_store_all(column->rows[i].blue, c.blue);
        if (has_alpha) cyc_store_all(column->rows[i].alpha, c.alpha);
    }
}

/// A row of texels by its weights, added to what there is; the first one begins.
CYC_INLINE void cyc_add_weighted(
    cyc_f16 weight, const cyc_column_row *row, int32_t is_first, int32_t has_alpha,
    cyc_rgba16 *to) {
    const cyc_f16 red = cyc_load_all(row->red), green = cyc_load_all(row->green);
    const cyc_f16 blue = cyc_load_all(row->blue);
    to->red = is_first ? weight * red : cyc_fma(weight, red, to->red);
    to->green = is_first ? weight * green : cyc_fma(weight, green, to->green);
    to->blue = is_first ? weight * blue : cyc_fma(weight, blue, to->blue);
    if (!has_alpha) return;
    const cyc_f16 alpha = cyc_load_all(row->alpha);
    to->alpha = is_first ? weight * alpha : cyc_fma(weight, alpha, to->alpha);
}

/// Sixteen pixels of a column in its row `row` of pixels, `y` of the facet, from `count` rows of
/// texels.
///
/// How much of a place lies below a row of texels is a number of the two alone, wherever the rows
/// begin, and a row's weight is what of it lies below the row before but not below this one. All
/// places lie between the first row and the last, as `upright_rows` promises, but for a rounding.
CYC_INLINE cyc_rgba16 cyc_weighted_rows(
    cyc_plane_map map, const cyc_column16 *column, int32_t row, float y, int32_t count,
    int32_t has_alpha) {
    cyc_f16 v = cyc_fma(cyc_splat(y), column->step, column->v);
    v = cyc_clamp(v, map.v_min, map.v_max);
    const cyc_column_row *rows = column->rows + column->from[row];
    // All lie below the row before the first, none below the last.
    cyc_f16 below = cyc_min(v - column->tops[0][row], cyc_splat(1));
    cyc_rgba16 out;
    cyc_add_weighted(1.0f - below, &rows[0], 1, has_alpha, &out);
    for (int32_t i = 1; i < count - 1; ++i) {
        cyc_f16 next = i == 1 ? v - column->tops[1][row] : v - (column->tops[0][row] + (float)i);
        next = cyc_max(next, cyc_splat(0));
        if (i < count - 2) next = cyc_min(next, cyc_splat(1));
        cyc_add_weighted(below - next, &rows[i], 0, has_alpha, &out);
        below = next;
    }
    cyc_add_weighted(below, &rows[count - 1], 0, has_alpha, &out);
    return out;
}

/// Sixteen pixels of a column in its row `row` of pixels, `y` of the facet.
CYC_INLINE cyc_rgba16 cyc_column_pixels(
    cyc_plane_map map, const cyc_column16 *column, int32_t row, float y, int32_t has_alpha) {
    // Mostly there are three rows of texels, or four: without a loop over them.
    if (map.upright_rows == 3) return cyc_weighted_rows(map, column, row, y, 3, has_alpha);
    if (map.upright_rows == 4) return cyc_weighted_rows(map, column, row, y, 4, has_alpha);
    return cyc_weighted_rows(map, column, row, y, map.upright_rows, has_alpha);
}

/// Up to sixteen columns of pixels of an upright picture: an opaque one, through a grade if there
/// is one, or a card's inside over what is there.
CYC_INLINE void cyc_upright_column(
    cyc_plane_map map, int32_t is_card, const cyc_plain_grade *_Nullable grade, int32_t x,
    int32_t y, int32_t height, int32_t is_first, cyc_planes to, int64_t at, int32_t count) {
    cyc_column16 column;
    cyc_column_rows(map, x, y, height, is_first, is_card, &column);
    for (int32_t row = 0; row < height; ++row) {
        cyc_rgba16 c = cyc_column_pixels(map, &column, row, (float)(y + row), is_card);
        int64_t here = at + (int64_t)row * to.stride;
        if (is_card) {
            cyc_store_over(to, here, c, count);
        } else {
            cyc_rgb16 light = {c.red, c.green, c.blue};
            if (grade) light = cyc_plainly(grade, light);
            cyc_store_rgb(to, here, light.red, light.green, light.blue, count);
        }
    }
}
#else
/// Twenty-four texels do not fit two registers here and a column gains nothing, so `isUpright`
/// never says yes.
CYC_INLINE void cyc_upright_column(
    cyc_plane_map map, int32_t is_card, const cyc_plain_grade *_Nullable grade, int32_t x,
    int32_t y, int32_t height, int32_t is_first, cyc_planes to, int64_t at, int32_t count) {
    __builtin_trap();
}
#endif
#pragma clang diagnostic pop
#pragma clang assume_nonnull end
#endif
