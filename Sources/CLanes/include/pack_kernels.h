/// Code planes to the octets outputs are sent in: sixteen pixels at a time, AVX2.
///
/// Every CPU we take has AVX2 (x86-64-v3), and wider vectors bring nothing here: the functions ask
/// for it themselves, so that a room built for the baseline can call them. Exactly the octets of
/// the pixels given are written: the next ones may belong to another tile's thread.
#pragma once
#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#define CYC_AVX2 static inline __attribute__((target("avx2")))
#define CYC_AVX2_BLOCK static inline __attribute__((target("avx2"), always_inline))

/// Pixels of a block; chroma filters stay inside blocks.
enum { CYC_PACK_PIXELS = 16 };

/// Bits of fraction of `cyc_ycbcr`.
enum { CYC_YCBCR_SHIFT = 18 };

typedef enum {
    CYC_PACK_RGB8,
    CYC_PACK_RGB10,
    CYC_PACK_RGB12,
    CYC_PACK_RGB16,
    CYC_PACK_YCBCR8,
    CYC_PACK_YCBCR10,
    CYC_PACK_FRAMEBUFFER,
} cyc_pack_kind;

/// An integer Y′CbCr matrix: out = (Σ coefficient·code + offset) >> shift, rounding in the offset.
/// Chroma is given codes weighted by 4 (a 1-2-1 sum), so its shift is 2 larger.
typedef struct {
    int32_t y[3];
    int32_t cb[3];
    int32_t cr[3];
    int32_t y_offset;
    int32_t chroma_offset;
    int32_t limit;
} cyc_ycbcr;

/// Where a framebuffer keeps its components: bit offsets, and bits always set (opaque alpha).
typedef struct {
    int32_t red_offset;
    int32_t green_offset;
    int32_t blue_offset;
    uint32_t ones;
    /// 2, 3 or 4 octets a pixel.
    int32_t octets;
} cyc_framebuffer;

/// How pixels become octets.
typedef struct {
    cyc_pack_kind kind;
    /// Octets of sixteen pixels, at most 96.
    int32_t block_octets;
    cyc_ycbcr ycbcr;
    cyc_framebuffer framebuffer;
} cyc_packing;

/// out[i] = min(limit, floor(in[i] · ratio + ½)); count is a multiple of 8.
CYC_AVX2 void cyc_convert_codes(
    const uint16_t *in, int64_t count, double ratio, uint16_t limit, uint16_t *out)
{
    const __m256d scale = _mm256_set1_pd(ratio), half = _mm256_set1_pd(0.5);
    const __m128i most = _mm_set1_epi16((int16_t)limit);
    for (int64_t i = 0; i < count; i += 8) {
        __m256i codes = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(in + i)));
        __m256d low = _mm256_cvtepi32_pd(_mm256_castsi256_si128(codes));
        __m256d high = _mm256_cvtepi32_pd(_mm256_extracti128_si256(codes, 1));
        __m128i a = _mm256_cvttpd_epi32(_mm256_add_pd(_mm256_mul_pd(low, scale), half));
        __m128i b = _mm256_cvttpd_epi32(_mm256_add_pd(_mm256_mul_pd(high, scale), half));
        _mm_storeu_si128((__m128i *)(out + i), _mm_min_epu16(_mm_packus_epi32(a, b), most));
    }
}

CYC_AVX2_BLOCK void cyc_store10(uint8_t *out, __m128i octets)
{
    uint16_t rest = (uint16_t)_mm_extract_epi16(octets, 4);
    _mm_storel_epi64((__m128i *)out, octets);
    memcpy(out + 8, &rest, 2);
}

CYC_AVX2_BLOCK void cyc_store12(uint8_t *out, __m128i octets)
{
    uint32_t rest = (uint32_t)_mm_extract_epi32(octets, 2);
    _mm_storel_epi64((__m128i *)out, octets);
    memcpy(out + 8, &rest, 4);
}

/// Eight samples ≤ 1023 in each half to ten octets, most significant bit first.
CYC_AVX2_BLOCK __m256i cyc_bits10(__m256i samples)
{
    const __m256i weights = _mm256_set1_epi32(1 << 16 | 1024);
    const __m256i order = _mm256_setr_epi8(
        4, 3, 2, 1, 0, 12, 11, 10, 9, 8, -1, -1, -1, -1, -1, -1,
        4, 3, 2, 1, 0, 12, 11, 10, 9, 8, -1, -1, -1, -1, -1, -1);
    __m256i pairs = _mm256_madd_epi16(samples, weights);
    __m256i fours = _mm256_or_si256(_mm256_slli_epi64(pairs, 20), _mm256_srli_epi64(pairs, 32));
    return _mm256_shuffle_epi8(fours, order);
}

/// Eight samples ≤ 4095 in each half to twelve octets, most significant bit first.
CYC_AVX2_BLOCK __m256i cyc_bits12(__m256i samples)
{
    const __m256i weights = _mm256_set1_epi32(1 << 16 | 4096);
    const __m256i order = _mm256_setr_epi8(
        2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1,
        2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
    return _mm256_shuffle_epi8(_mm256_madd_epi16(samples, weights), order);
}

CYC_AVX2_BLOCK __m256i cyc_pack_bits(cyc_pack_kind kind, __m256i samples)
{
    if (kind == CYC_PACK_RGB10) return cyc_bits10(samples);
    if (kind == CYC_PACK_RGB12) return cyc_bits12(samples);
    return samples;
}

/// Sixteen pixels of R G B samples. In each half of s[0], s[1], s[2] stand 24 samples in order:
/// of the first eight pixels in the lower halves, of the others in the upper ones.
CYC_AVX2_BLOCK void cyc_interleave(
    const uint16_t *r, const uint16_t *g, const uint16_t *b, __m256i s[3])
{
    const __m256i red = _mm256_setr_epi8(
        0, 1, 6, 7, 12, 13, 2, 3, 8, 9, 14, 15, 4, 5, 10, 11,
        0, 1, 6, 7, 12, 13, 2, 3, 8, 9, 14, 15, 4, 5, 10, 11);
    const __m256i green = _mm256_setr_epi8(
        10, 11, 0, 1, 6, 7, 12, 13, 2, 3, 8, 9, 14, 15, 4, 5,
        10, 11, 0, 1, 6, 7, 12, 13, 2, 3, 8, 9, 14, 15, 4, 5);
    const __m256i blue = _mm256_setr_epi8(
        4, 5, 10, 11, 0, 1, 6, 7, 12, 13, 2, 3, 8, 9, 14, 15,
        4, 5, 10, 11, 0, 1, 6, 7, 12, 13, 2, 3, 8, 9, 14, 15);
    // Each shuffle puts sample k of its plane where it stands in one of the three results.
    __m256i R = _mm256_shuffle_epi8(_mm256_loadu_si256((const __m256i *)r), red);
    __m256i G = _mm256_shuffle_epi8(_mm256_loadu_si256((const __m256i *)g), green);
    __m256i B = _mm256_shuffle_epi8(_mm256_loadu_si256((const __m256i *)b), blue);
    s[0] = _mm256_blend_epi16(_mm256_blend_epi16(R, G, 0x92), B, 0x24);
    s[1] = _mm256_blend_epi16(_mm256_blend_epi16(B, R, 0x92), G, 0x24);
    s[2] = _mm256_blend_epi16(_mm256_blend_epi16(G, B, 0x92), R, 0x24);
}

CYC_AVX2_BLOCK void cyc_block_rgb(
    cyc_pack_kind kind, const uint16_t *r, const uint16_t *g, const uint16_t *b, uint8_t *out)
{
    __m256i s[3];
    cyc_interleave(r, g, b, s);
    if (kind == CYC_PACK_RGB8) {
        __m256i first = _mm256_packus_epi16(s[0], s[1]);
        __m256i rest = _mm256_packus_epi16(s[2], s[2]);
        _mm_storeu_si128((__m128i *)out, _mm256_castsi256_si128(first));
        _mm_storel_epi64((__m128i *)(out + 16), _mm256_castsi256_si128(rest));
        _mm_storeu_si128((__m128i *)(out + 24), _mm256_extracti128_si256(first, 1));
        _mm_storel_epi64((__m128i *)(out + 40), _mm256_extracti128_si256(rest, 1));
        return;
    }
    // Whole stores in order: what one writes too much the next puts right; the last is exact.
    // Written out, because loops are not unrolled here and the vectors would go by way of memory.
    const int step = kind == CYC_PACK_RGB10 ? 10 : kind == CYC_PACK_RGB12 ? 12 : 16;
    __m256i s0 = cyc_pack_bits(kind, s[0]), s1 = cyc_pack_bits(kind, s[1]), s2 = cyc_pack_bits(kind, s[2]);
    _mm_storeu_si128((__m128i *)out, _mm256_castsi256_si128(s0));
    _mm_storeu_si128((__m128i *)(out + step), _mm256_castsi256_si128(s1));
    _mm_storeu_si128((__m128i *)(out + 2 * step), _mm256_castsi256_si128(s2));
    _mm_storeu_si128((__m128i *)(out + 3 * step), _mm256_extracti128_si256(s0, 1));
    _mm_storeu_si128((__m128i *)(out + 4 * step), _mm256_extracti128_si256(s1, 1));
    __m128i last = _mm256_extracti128_si256(s2, 1);
    if (kind == CYC_PACK_RGB10) cyc_store10(out + 50, last);
    else if (kind == CYC_PACK_RGB12) cyc_store12(out + 60, last);
    else _mm_storeu_si128((__m128i *)(out + 80), last);
}

CYC_AVX2_BLOCK __m256i cyc_weigh(
    const int32_t c[3], __m256i r, __m256i g, __m256i b, int32_t offset)
{
    __m256i sum = _mm256_add_epi32(
        _mm256_mullo_epi32(_mm256_set1_epi32(c[0]), r), _mm256_set1_epi32(offset));
    sum = _mm256_add_epi32(sum, _mm256_mullo_epi32(_mm256_set1_epi32(c[1]), g));
    return _mm256_add_epi32(sum, _mm256_mullo_epi32(_mm256_set1_epi32(c[2]), b));
}

CYC_AVX2_BLOCK __m256i cyc_limit(__m256i code, int32_t limit)
{
    return _mm256_min_epi32(
        _mm256_max_epi32(code, _mm256_setzero_si256()), _mm256_set1_epi32(limit));
}

/// Four times the 1-2-1 mean around the even pixels; of the first pixel, four times itself.
CYC_AVX2_BLOCK __m256i cyc_chroma_sum(__m256i even, __m256i odd)
{
    const __m256i before = _mm256_setr_epi32(0, 0, 1, 2, 3, 4, 5, 6);
    __m256i left = _mm256_permutevar8x32_epi32(odd, before);
    __m256i twice = _mm256_add_epi32(even, even);
    __m256i sides = _mm256_blend_epi32(_mm256_add_epi32(left, odd), twice, 1);
    return _mm256_add_epi32(twice, sides);
}

/// R′G′B′ codes of sixteen pixels to 32 samples Cb Y0 Cr Y1 … in order.
///
/// Chroma is co-sited with the even pixels (ITU-R BT.709-6 item 4.5, BT.2020-2 table 4): a 1-2-1
/// mean around them, except at the block's first, where it is the pixel's own: the left neighbor
/// there belongs to another tile. Neither shifts the phase, so a ramp shows no difference.
CYC_AVX2_BLOCK void cyc_ycbcr_samples(
    const cyc_ycbcr *m, const uint16_t *r, const uint16_t *g, const uint16_t *b, __m256i s[2])
{
    const __m256i low = _mm256_set1_epi32(0xFFFF);
    __m256i R = _mm256_loadu_si256((const __m256i *)r);
    __m256i G = _mm256_loadu_si256((const __m256i *)g);
    __m256i B = _mm256_loadu_si256((const __m256i *)b);
    __m256i re = _mm256_and_si256(R, low), ro = _mm256_srli_epi32(R, 16);
    __m256i ge = _mm256_and_si256(G, low), go = _mm256_srli_epi32(G, 16);
    __m256i be = _mm256_and_si256(B, low), bo = _mm256_srli_epi32(B, 16);
    __m256i rs = cyc_chroma_sum(re, ro), gs = cyc_chroma_sum(ge, go), bs = cyc_chroma_sum(be, bo);
    __m256i cb = _mm256_srai_epi32(
        cyc_weigh(m->cb, rs, gs, bs, m->chroma_offset), CYC_YCBCR_SHIFT + 2);
    __m256i cr = _mm256_srai_epi32(
        cyc_weigh(m->cr, rs, gs, bs, m->chroma_offset), CYC_YCBCR_SHIFT + 2);
    __m256i y0 = _mm256_srai_epi32(cyc_weigh(m->y, re, ge, be, m->y_offset), CYC_YCBCR_SHIFT);
    __m256i y1 = _mm256_srai_epi32(cyc_weigh(m->y, ro, go, bo, m->y_offset), CYC_YCBCR_SHIFT);
    __m256i first = _mm256_or_si256(
        cyc_limit(cb, m->limit), _mm256_slli_epi32(cyc_limit(y0, m->limit), 16));
    __m256i second = _mm256_or_si256(
        cyc_limit(cr, m->limit), _mm256_slli_epi32(cyc_limit(y1, m->limit), 16));
    __m256i a = _mm256_unpacklo_epi32(first, second), c = _mm256_unpackhi_epi32(first, second);
    s[0] = _mm256_permute2x128_si256(a, c, 0x20);
    s[1] = _mm256_permute2x128_si256(a, c, 0x31);
}

CYC_AVX2_BLOCK void cyc_block_ycbcr(
    cyc_pack_kind kind, const cyc_ycbcr *m, const uint16_t *r, const uint16_t *g,
    const uint16_t *b, uint8_t *out)
{
    __m256i s[2];
    cyc_ycbcr_samples(m, r, g, b, s);
    if (kind == CYC_PACK_YCBCR8) {
        __m256i octets = _mm256_packus_epi16(s[0], s[1]);
        _mm256_storeu_si256((__m256i *)out, _mm256_permute4x64_epi64(octets, 0xD8));
        return;
    }
    s[0] = cyc_bits10(s[0]);
    s[1] = cyc_bits10(s[1]);
    _mm_storeu_si128((__m128i *)out, _mm256_castsi256_si128(s[0]));
    _mm_storeu_si128((__m128i *)(out + 10), _mm256_extracti128_si256(s[0], 1));
    _mm_storeu_si128((__m128i *)(out + 20), _mm256_castsi256_si128(s[1]));
    cyc_store10(out + 30, _mm256_extracti128_si256(s[1], 1));
}

/// Component codes, each already of its field's length, little-endian as drivers on x86 have it.
CYC_AVX2_BLOCK void cyc_block_framebuffer(
    const cyc_framebuffer *f, const uint16_t *r, const uint16_t *g, const uint16_t *b,
    uint8_t *out)
{
    const __m128i ro = _mm_cvtsi32_si128(f->red_offset);
    const __m128i go = _mm_cvtsi32_si128(f->green_offset);
    const __m128i bo = _mm_cvtsi32_si128(f->blue_offset);
    const __m256i ones = _mm256_set1_epi32((int32_t)f->ones);
    const __m256i three = _mm256_setr_epi8(
        0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1,
        0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
    for (int i = 0; i < 16; i += 8) {
        __m256i R = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(r + i)));
        __m256i G = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(g + i)));
        __m256i B = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(b + i)));
        __m256i v = _mm256_or_si256(
            _mm256_or_si256(ones, _mm256_sll_epi32(R, ro)),
            _mm256_or_si256(_mm256_sll_epi32(G, go), _mm256_sll_epi32(B, bo)));
        uint8_t *at = out + i * f->octets;
        if (f->octets == 4) {
            _mm256_storeu_si256((__m256i *)at, v);
        } else if (f->octets == 2) {
            __m256i words = _mm256_permute4x64_epi64(_mm256_packus_epi32(v, v), 0x08);
            _mm_storeu_si128((__m128i *)at, _mm256_castsi256_si128(words));
        } else {
            v = _mm256_shuffle_epi8(v, three);
            cyc_store12(at, _mm256_castsi256_si128(v));
            cyc_store12(at + 12, _mm256_extracti128_si256(v, 1));
        }
    }
}

CYC_AVX2_BLOCK void cyc_pack_block(
    cyc_pack_kind kind, const cyc_packing *p, const uint16_t *r, const uint16_t *g,
    const uint16_t *b, uint8_t *out)
{
    switch (kind) {
    case CYC_PACK_YCBCR8:
    case CYC_PACK_YCBCR10:
        cyc_block_ycbcr(kind, &p->ycbcr, r, g, b, out);
        break;
    case CYC_PACK_FRAMEBUFFER:
        cyc_block_framebuffer(&p->framebuffer, r, g, b, out);
        break;
    default:
        cyc_block_rgb(kind, r, g, b, out);
    }
}

CYC_AVX2_BLOCK void cyc_pack_kind_row(
    cyc_pack_kind kind, const cyc_packing *p, const uint16_t *r, const uint16_t *g,
    const uint16_t *b, int64_t count, uint8_t *out)
{
    int64_t i = 0;
    for (; i + 16 <= count; i += 16, out += p->block_octets)
        cyc_pack_block(kind, p, r + i, g + i, b + i, out);
    if (i < count) {
        // The canvas' right edge: a block of its own, of which only the pixels there are kept.
        uint16_t edge[3][16] = {{0}};
        uint8_t octets[96];
        memcpy(edge[0], r + i, (size_t)(count - i) * 2);
        memcpy(edge[1], g + i, (size_t)(count - i) * 2);
        memcpy(edge[2], b + i, (size_t)(count - i) * 2);
        cyc_pack_block(kind, p, edge[0], edge[1], edge[2], octets);
        memcpy(out, octets, (size_t)((count - i) * p->block_octets / 16));
    }
}

/// Asks for memory that is written to soon.
static inline void cyc_fetch_for_writing(const void *from, int64_t octets) {
    for (int64_t at = 0; at < octets; at += 64) {
        __builtin_prefetch((const char *)from + at, 1, 3);
    }
}

/// A run of pixels from a sixteenth column on; count is a whole number of pixel groups. Codes fit
/// the packing's depth (Y′CbCr: twelve bits).
CYC_AVX2 void cyc_pack_row(
    const cyc_packing *p, const uint16_t *r, const uint16_t *g, const uint16_t *b, int64_t count,
    uint8_t *out)
{
    switch (p->kind) {
    case CYC_PACK_RGB8:
        cyc_pack_kind_row(CYC_PACK_RGB8, p, r, g, b, count, out);
        break;
    case CYC_PACK_RGB10:
        cyc_pack_kind_row(CYC_PACK_RGB10, p, r, g, b, count, out);
        break;
    case CYC_PACK_RGB12:
        cyc_pack_kind_row(CYC_PACK_RGB12, p, r, g, b, count, out);
        break;
    case CYC_PACK_RGB16:
        cyc_pack_kind_row(CYC_PACK_RGB16, p, r, g, b, count, out);
        break;
    case CYC_PACK_YCBCR8:
        cyc_pack_kind_row(CYC_PACK_YCBCR8, p, r, g, b, count, out);
        break;
    case CYC_PACK_YCBCR10:
        cyc_pack_kind_row(CYC_PACK_YCBCR10, p, r, g, b, count, out);
        break;
    case CYC_PACK_FRAMEBUFFER:
        cyc_pack_kind_row(CYC_PACK_FRAMEBUFFER, p, r, g, b, count, out);
        break;
    }
}
