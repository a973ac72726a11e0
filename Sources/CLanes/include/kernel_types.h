/// Constants that pixel kernels are given. Prepared once per change by Color and Rendering.
#pragma once
#include <stdint.h>

/// One scope of a grade: matrix (exposure and white balance), then an ASC CDL, no-clamp style.
/// Matrices are row major: out[i] = Σ m[3i+j]·in[j].
typedef struct {
    float matrix[9];
    /// 0: slope … saturation are neutral and not applied.
    int32_t has_cdl;
    float slope[3];
    float offset[3];
    float power[3];
    float saturation;
} cyc_grade_stage;

/// Everything between scene-linear ACEScg and normalised wall light, for one view on one wall.
/// Stages without a CDL are merged away: with neutral CDLs stage_count is 0 and out_matrix is all.
typedef struct {
    int32_t stage_count;
    cyc_grade_stage stages[3];
    /// ACEScg → wall primaries, scaled so that 1.0 is the curve's full scale (PQ: 10,000 nits,
    /// else the wall's peak).
    float out_matrix[9];
    /// Peak of the wall in the same unit; light is clipped to 0 … clip per channel.
    float clip;
} cyc_grade;

/// An inverse transfer function as a piecewise cubic: one segment an octave of light.
/// For 2^-31 ≤ L < 1, octave e = floor(log2 L) + 32 (1 … 31), fraction f = L·2^(32−e) − 1 in
/// [0, 1): V = c0 + f(c1 + f(c2 + f·c3)). Segment 0 is linear from L = 0. L ≥ 1 gives V of 1.
/// Code = V·scale + offset before dither and rounding.
typedef struct {
    float c0[32];
    float c1[32];
    float c2[32];
    float c3[32];
    /// Codes of V = 1 above those of V = 0, e.g. 1023 (full 10 bit) or 876 (narrow 10 bit).
    float scale;
    /// Code of V = 0, e.g. 0 or 64.
    float offset;
} cyc_curve;
