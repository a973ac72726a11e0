/// Code planes to the sample streams and bit packings outputs are sent in.
///
/// Everything here needs SSSE3 and SSE4.1 at most, which every CPU we take (x86-64-v3) has; the
/// functions say so themselves, so that a room built for the baseline can call them. Nothing is
/// written past the octets a function promises: the next octets may belong to another tile's
/// thread.
#pragma once
#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#define CYC_PACK static inline __attribute__((target("ssse3,sse4.1")))

/// Pixels packed at a time: a whole number of every pixel group and of chroma filter columns.
enum { CYC_PACK_PIXELS = 64 };

/// An integer Y′CbCr matrix: out = (Σ coefficient·code + offset) >> shift, offset with rounding.
/// Chroma is given codes weighted by 4 (a 1-2-1 sum), so its shift is 2 larger.
typedef struct {
    int32_t y[3];
    int32_t cb[3];
    int32_t cr[3];
    int32_t y_offset;
    int32_t chroma_offset;
    int32_t shift;
    int32_t limit;
} cyc_ycbcr;

/// Where a framebuffer keeps its components: bit offsets, and bits always set (opaque alpha).
typedef struct {
    uint32_t red_offset;
    uint32_t green_offset;
    uint32_t blue_offset;
    uint32_t ones;
    int32_t octets;
} cyc_framebuffer;

/// out[i] = min(limit, (in[i] · multiplier + 2³¹) >> 32), any count.
static inline void cyc_convert_codes(
    const uint16_t *in, int64_t count, uint64_t multiplier, uint16_t limit, uint16_t *out)
{
    for (int64_t i = 0; i < count; i++) {
        uint64_t code = (in[i] * multiplier + 0x80000000u) >> 32;
        out[i] = (uint16_t)(code < limit ? code : limit);
    }
}

/// r0 g0 b0 r1 g1 b1 …: 3·count samples.
CYC_PACK void cyc_interleave3(
    const uint16_t *r, const uint16_t *g, const uint16_t *b, int64_t count, uint16_t *out)
{
    const __m128i r0 = _mm_setr_epi8(0, 1, -1, -1, -1, -1, 2, 3, -1, -1, -1, -1, 4, 5, -1, -1);
    const __m128i g0 = _mm_setr_epi8(-1, -1, 0, 1, -1, -1, -1, -1, 2, 3, -1, -1, -1, -1, 4, 5);
    const __m128i b0 = _mm_setr_epi8(-1, -1, -1, -1, 0, 1, -1, -1, -1, -1, 2, 3, -1, -1, -1, -1);
    const __m128i b1 = _mm_setr_epi8(4, 5, -1, -1, -1, -1, 6, 7, -1, -1, -1, -1, 8, 9, -1, -1);
    const __m128i r1 = _mm_setr_epi8(-1, -1, 6, 7, -1, -1, -1, -1, 8, 9, -1, -1, -1, -1, 10, 11);
    const __m128i g1 = _mm_setr_epi8(-1, -1, -1, -1, 6, 7, -1, -1, -1, -1, 8, 9, -1, -1, -1, -1);
    const __m128i g2 =
        _mm_setr_epi8(10, 11, -1, -1, -1, -1, 12, 13, -1, -1, -1, -1, 14, 15, -1, -1);
    const __m128i b2 =
        _mm_setr_epi8(-1, -1, 10, 11, -1, -1, -1, -1, 12, 13, -1, -1, -1, -1, 14, 15);
    const __m128i r2 =
        _mm_setr_epi8(-1, -1, -1, -1, 12, 13, -1, -1, -1, -1, 14, 15, -1, -1, -1, -1);
    int64_t i = 0;
    for (; i + 8 <= count; i += 8, out += 24) {
        __m128i R = _mm_loadu_si128((const __m128i *)(r + i));
        __m128i G = _mm_loadu_si128((const __m128i *)(g + i));
        __m128i B = _mm_loadu_si128((const __m128i *)(b + i));
        _mm_storeu_si128((__m128i *)out, _mm_or_si128(
            _mm_or_si128(_mm_shuffle_epi8(R, r0), _mm_shuffle_epi8(G, g0)),
            _mm_shuffle_epi8(B, b0)));
        _mm_storeu_si128((__m128i *)(out + 8), _mm_or_si128(
            _mm_or_si128(_mm_shuffle_epi8(R, r1), _mm_shuffle_epi8(G, g1)),
            _mm_shuffle_epi8(B, b1)));
        _mm_storeu_si128((__m128i *)(out + 16), _mm_or_si128(
            _mm_or_si128(_mm_shuffle_epi8(R, r2), _mm_shuffle_epi8(G, g2)),
            _mm_shuffle_epi8(B, b2)));
    }
    for (; i < count; i++, out += 3) {
        out[0] = r[i];
        out[1] = g[i];
        out[2] = b[i];
    }
}

/// Samples ≤ 255 to octets.
CYC_PACK void cyc_pack_samples8(const uint16_t *in, int64_t count, uint8_t *out)
{
    int64_t i = 0;
    for (; i + 16 <= count; i += 16) {
        __m128i low = _mm_loadu_si128((const __m128i *)(in + i));
        __m128i high = _mm_loadu_si128((const __m128i *)(in + i + 8));
        _mm_storeu_si128((__m128i *)(out + i), _mm_packus_epi16(low, high));
    }
    for (; i < count; i++) out[i] = (uint8_t)in[i];
}

/// Samples ≤ 1023, most significant bit first; count is a multiple of 4: 4 samples, 5 octets.
CYC_PACK void cyc_pack_samples10(const uint16_t *in, int64_t count, uint8_t *out)
{
    const __m128i weights = _mm_set1_epi32(1 << 16 | 1024);
    const __m128i order = _mm_setr_epi8(4, 3, 2, 1, 0, 12, 11, 10, 9, 8, -1, -1, -1, -1, -1, -1);
    int64_t i = 0;
    for (; i + 8 <= count; i += 8, out += 10) {
        __m128i s = _mm_loadu_si128((const __m128i *)(in + i));
        __m128i pairs = _mm_madd_epi16(s, weights);
        __m128i fours = _mm_or_si128(_mm_slli_epi64(pairs, 20), _mm_srli_epi64(pairs, 32));
        __m128i octets = _mm_shuffle_epi8(fours, order);
        // A whole store is put right by the next one, so it may reach over unless it is the last.
        if (i + 16 <= count) {
            _mm_storeu_si128((__m128i *)out, octets);
        } else {
            _mm_storel_epi64((__m128i *)out, octets);
            uint16_t rest = (uint16_t)_mm_extract_epi16(octets, 4);
            memcpy(out + 8, &rest, 2);
        }
    }
    for (; i < count; i += 4, out += 5) {
        uint64_t v = (uint64_t)in[i] << 30 | (uint64_t)in[i + 1] << 20
            | (uint64_t)in[i + 2] << 10 | in[i + 3];
        for (int k = 0; k < 5; k++) out[k] = (uint8_t)(v >> (32 - 8 * k));
    }
}

/// Samples ≤ 4095, most significant bit first; count is a multiple of 2: 2 samples, 3 octets.
CYC_PACK void cyc_pack_samples12(const uint16_t *in, int64_t count, uint8_t *out)
{
    const __m128i weights = _mm_set1_epi32(1 << 16 | 4096);
    const __m128i order = _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
    int64_t i = 0;
    for (; i + 8 <= count; i += 8, out += 12) {
        __m128i s = _mm_loadu_si128((const __m128i *)(in + i));
        __m128i octets = _mm_shuffle_epi8(_mm_madd_epi16(s, weights), order);
        if (i + 16 <= count) {
            _mm_storeu_si128((__m128i *)out, octets);
        } else {
            _mm_storel_epi64((__m128i *)out, octets);
            uint32_t rest = (uint32_t)_mm_extract_epi32(octets, 2);
            memcpy(out + 8, &rest, 4);
        }
    }
    for (; i < count; i += 2, out += 3) {
        uint32_t v = (uint32_t)in[i] << 12 | in[i + 1];
        out[0] = (uint8_t)(v >> 16);
        out[1] = (uint8_t)(v >> 8);
        out[2] = (uint8_t)v;
    }
}

static inline int32_t cyc_clamp_code(int32_t code, int32_t limit)
{
    code = code < 0 ? 0 : code;
    return code < limit ? code : limit;
}

/// R′G′B′ codes to Cb Y0 Cr Y1 …: count is even and at most CYC_PACK_PIXELS, 2·count samples.
///
/// Chroma is co-sited with the even pixels (ITU-R BT.709-6 item 4.5, BT.2020-2 table 4): a 1-2-1
/// sum around them, except in every sixteenth column, where the pixel's own chroma is taken: the
/// left neighbour there belongs to another tile. Both have no phase error, so a ramp shows no
/// difference. The first pixel given must be in such a column.
CYC_PACK void cyc_ycbcr422(
    const uint16_t *r, const uint16_t *g, const uint16_t *b, int64_t count,
    const cyc_ycbcr *m, uint16_t *out)
{
    int32_t s[3][CYC_PACK_PIXELS / 2];
    const uint16_t *planes[3] = {r, g, b};
    const int64_t pairs = count / 2;
    for (int p = 0; p < 3; p++) {
        const uint16_t *c = planes[p];
        for (int64_t i = 0; i < pairs; i++) {
            int64_t left = (i & 7) == 0 ? 2 * i : 2 * i - 1;
            int64_t right = (i & 7) == 0 ? 2 * i : 2 * i + 1;
            s[p][i] = c[left] + 2 * c[2 * i] + c[right];
        }
    }
    const int32_t shift = m->shift, limit = m->limit;
    for (int64_t i = 0; i < pairs; i++) {
        int32_t cb = (m->cb[0] * s[0][i] + m->cb[1] * s[1][i] + m->cb[2] * s[2][i]
            + m->chroma_offset) >> (shift + 2);
        int32_t cr = (m->cr[0] * s[0][i] + m->cr[1] * s[1][i] + m->cr[2] * s[2][i]
            + m->chroma_offset) >> (shift + 2);
        out[4 * i] = (uint16_t)cyc_clamp_code(cb, limit);
        out[4 * i + 2] = (uint16_t)cyc_clamp_code(cr, limit);
    }
    for (int64_t i = 0; i < count; i++) {
        int32_t y = (m->y[0] * r[i] + m->y[1] * g[i] + m->y[2] * b[i] + m->y_offset) >> shift;
        out[2 * i + 1] = (uint16_t)cyc_clamp_code(y, limit);
    }
}

/// Component codes, each already of its field's length, into 2, 3 or 4 octets a pixel,
/// little-endian as the kernel's drivers lay them out on x86.
static inline void cyc_pack_framebuffer(
    const uint16_t *r, const uint16_t *g, const uint16_t *b, int64_t count,
    const cyc_framebuffer *f, uint8_t *out)
{
    const uint32_t ro = f->red_offset, go = f->green_offset, bo = f->blue_offset;
    const uint32_t ones = f->ones;
    if (f->octets == 4) {
        for (int64_t i = 0; i < count; i++) {
            uint32_t v = ones | (uint32_t)r[i] << ro | (uint32_t)g[i] << go | (uint32_t)b[i] << bo;
            memcpy(out + 4 * i, &v, 4);
        }
    } else if (f->octets == 2) {
        for (int64_t i = 0; i < count; i++) {
            uint16_t v = (uint16_t)(ones | (uint32_t)r[i] << ro | (uint32_t)g[i] << go
                | (uint32_t)b[i] << bo);
            memcpy(out + 2 * i, &v, 2);
        }
    } else {
        for (int64_t i = 0; i < count; i++) {
            uint32_t v = ones | (uint32_t)r[i] << ro | (uint32_t)g[i] << go | (uint32_t)b[i] << bo;
            out[3 * i] = (uint8_t)v;
            out[3 * i + 1] = (uint8_t)(v >> 8);
            out[3 * i + 2] = (uint8_t)(v >> 16);
        }
    }
}
