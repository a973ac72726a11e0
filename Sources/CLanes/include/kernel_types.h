/// Constants that pixel kernels are given. Prepared once per change by Color and Rendering.
#pragma once
#include <stdint.h>

/// A tetrahedron of a table's cell, from its lowest corner along the edges to its highest: what the
/// table makes of it is in each channel what it begins with and a step along each edge.
typedef struct {
    /// Steps along red, green and blue, then what the channel begins with.
    int16_t red[4], green[4], blue[4];
    /// A channel's sum is multiplied by a power of 2 of its own: red's stands where a float has its
    /// exponent, green's 8 bits below, blue's 16 below.
    uint32_t exponents;
    /// Fills 32 octets, so that a tetrahedron lies in one cache line.
    uint32_t unused;
} cyc_tetrahedron;

/// A look table on ACEScct codes: curves, if any, then a 3D table between tetrahedra.
typedef struct {
    /// Red, green, blue and one float not used, a point; red fastest. NULL: no table.
    const float *_Nullable points;
    /// The same as six tetrahedra a cell, cells in the order of points: faster to look up, 12 times
    /// as large. Which of the six: 3 where green is larger than red, 1 more where blue is larger
    /// than green, and 1 more where it is larger than red. NULL: the points are all there is; a
    /// table of whole grades always has them.
    const cyc_tetrahedron *_Nullable tetrahedra;
    /// All of red, then green, then blue. NULL: no curves.
    const float *_Nullable curves;
    /// Of the numbers above: what they are wherever they lie in memory.
    uint64_t fingerprint;
    /// Points along an edge, at least 2.
    int32_t side;
    /// Points of a curve, at least 2.
    int32_t curve_points;
    /// Place along an edge = value · scale + offset, brought into 0 … side − 1.
    float scale[3];
    float offset[3];
    /// The same for the curves.
    float curve_scale[3];
    float curve_offset[3];
    /// Only of a table of whole grades, light to a wall's: the binary logarithm of its points an
    /// octave. Along an edge light + 2^-8 is doubled 16 times, in equal steps within an octave:
    /// what is linear in light the table then has exactly, and a place is the bits of a float.
    int32_t octave_bits;
} cyc_look;

/// One scope of a grade: matrix (exposure and white balance), then an ASC CDL, then a look table.
/// Matrices are row major: out[i] = Σ m[3i+j]·in[j].
typedef struct {
    float matrix[9];
    /// 0: slope … saturation are neutral and not applied.
    int32_t has_cdl;
    /// 1: the CDL works on ACEScct codes; 0: on light.
    int32_t in_codes;
    /// 1: clamped to 0 … 1 before the power and at the end (ASC CDL v1.2); 0: nowhere.
    int32_t is_clamped;
    /// 1: the way back, saturation first and slope and offset last, each number its own inverse.
    int32_t is_inverse;
    float slope[3];
    float offset[3];
    float power[3];
    float saturation;
    /// How much of the look there is, 0 … 1, in codes.
    float strength;
    /// Without points: none.
    cyc_look look;
} cyc_grade_stage;

/// What keeps light within what a wall can make, after the output matrix; light in its unit.
typedef struct {
    /// 0: nothing of this is done.
    int32_t is_used;
    /// 1: what is over `roll_from` is rolled off to the peak, by the greatest channel.
    int32_t rolls_off;
    float roll_from;
    /// Parts of 10,000 nits of a unit of light.
    float to_pq;
    /// PQ signal at `roll_from`, and 1 / (1 − it).
    float roll_signal;
    float per_roll;
    /// PQ signal = roll_signal + u(roll[0] + u(roll[1] + u·roll[2])), u = 0 … 1 from there to 1.
    float roll[3];
    /// 1: channels far from the greatest one are brought nearer to it.
    int32_t compresses;
    /// Of each channel's compression.
    float scale[3];
    /// 1: instead of all that a grey picture with marks where light is over the peak or out of
    /// gamut.
    int32_t has_marks;
    /// Light over which is over the peak.
    float peak;
    /// Grey of the picture as a part of its light, its brightest and the marks' light, and the
    /// least light that is marked.
    float mark_grey;
    float mark_light;
    float mark_least;
} cyc_limits;

/// Everything between scene-linear ACEScg and normalised wall light, for one view on one wall.
/// Stages without a CDL and a look are merged away: with neutral CDLs stage_count is 0 and
/// out_matrix is all.
typedef struct {
    int32_t stage_count;
    cyc_grade_stage stages[3];
    /// With points: all the stages as one table, light to the wall's light; they are not done.
    cyc_look baked;
    /// ACEScg → wall primaries, scaled so that 1.0 is the curve's full scale (PQ: 10,000 nits,
    /// else the wall's peak). After a table what is left: nothing, unless the wall is dimmed or its
    /// colors are corrected.
    float out_matrix[9];
    /// Light added after it: a calibrated wall's black, which is taken off.
    float offset[3];
    cyc_limits limits;
    /// Peak of the wall in the same unit; light is clipped to floor … clip per channel.
    float clip;
    /// Least light of each channel: 0 but where a picture of colors for meanings is asked for.
    float floor[3];
} cyc_grade;

/// An inverse transfer function as a piecewise cubic: one segment an octave of x = L + 2^-32, so
/// that no light is too small for a segment of its own.
///
/// With e the biased exponent of x (95 … 126): code = c0 + x(c1 + x(c2 + x·c3)), coefficients
/// number e mod 32, before dither and rounding.
typedef struct {
    float c0[32];
    float c1[32];
    float c2[32];
    float c3[32];
    /// Codes of V = 1 above those of V = 0, e.g. 1023 (full 10 bit) or 876 (narrow 10 bit).
    float scale;
    /// Code of V = 0, e.g. 0 or 64; c0 holds it too.
    float offset;
} cyc_curve;

/// What one wall's panels are asked for instead of the light that is wanted of them; light in full
/// scales.
typedef struct {
    /// With points: a table on ACEScct codes, done first; light · to_table is what it takes, and
    /// what it gives · from_table is light again.
    cyc_look table;
    float to_table;
    float from_table;
    /// Full scales of the wall's peak, and 1 / it.
    float full;
    float per_full;
    /// 1: `curves` are used.
    int32_t has_curves;
    /// Drive of red, green and blue over light, both 0 … 1 of the peak; `scale` and `offset` are
    /// 1 and 0.
    cyc_curve curves[3];
} cyc_correction;

/// What each channel of one panel is multiplied by.
typedef struct {
    float red;
    float green;
    float blue;
} cyc_gains;

/// One level of a half-float picture as kernels read it: RGBA texels of four halves.
typedef struct {
    /// Texel (0, 0); a border of at least two texels lies round it.
    const uint64_t *_Nullable texels;
    /// Texels from one row to the next.
    int32_t stride;
    /// Texels across, without the border.
    int32_t width;
    /// Texels down, without the border.
    int32_t height;
    /// Texels from one cube face to the next; 0 for a plain picture.
    int32_t face_stride;
} cyc_level;

/// Three planes of linear light, one row every `stride` floats.
typedef struct {
    float *_Nonnull red;
    float *_Nonnull green;
    float *_Nonnull blue;
    int32_t stride;
} cyc_planes;

/// A rectangle of pixels: place of its first pixel against the block's origin, and its size.
typedef struct {
    int32_t x;
    int32_t y;
    int32_t width;
    int32_t height;
} cyc_region;

/// A value linear in the pixel place: at + x·along_x + y·along_y.
typedef struct {
    float at;
    float along_x;
    float along_y;
} cyc_linear;

/// A flat picture seen through a facet: texel place (u/w, v/w) against an anchor texel, where
/// `texels` points; whole coordinates are texel centres.
typedef struct {
    cyc_linear u;
    cyc_linear v;
    cyc_linear w;
    /// Least and greatest place that may be sampled, against the anchor.
    float u_min;
    float u_max;
    float v_min;
    float v_max;
    const uint64_t *_Nonnull texels;
    int32_t stride;
    /// Rows of texels that any sixteen neighbors of a row of pixels lie between, when u and w do
    /// not change down the region (an upright wall before an upright picture), at least 2; 0: not
    /// upright.
    int32_t upright_rows;
    /// Only cards: an edge of the picture may run through the region; 0: all of it lies inside.
    int32_t has_edges;
    /// Only cards: places of the picture's own edges, against the anchor.
    float edge_left;
    float edge_right;
    float edge_top;
    float edge_bottom;
    /// Only cards: wall pixels over which an edge fades; 1 in focus.
    float edge_pixels;
} cyc_plane_map;

/// A dome as six cube faces seen through a facet, in any direction; at a radius when `radius_term`
/// is not zero.
///
/// With d linear in the pixel: direction = q·(d·d) + (√(b² − (d·d)·c) − b)·d, b = q·d,
/// c = |q|² − radius², q the eye against the dome's centre. At infinity the direction is d.
typedef struct {
    cyc_linear x;
    cyc_linear y;
    cyc_linear z;
    float q[3];
    /// c above; 0: the dome is at infinity.
    float radius_term;
    cyc_level level;
} cyc_dome_map;

/// A value bilinear in the pixel place: at + x·along_x + y·(along_y + x·along_xy).
typedef struct {
    float at;
    float along_x;
    float along_y;
    float along_xy;
} cyc_bend;

/// Planes that a picture's samples are gathered in.
typedef struct {
    cyc_planes light;
    /// Opacity, rows as those of the light; null when nobody asks.
    float *_Nullable alpha;
} cyc_layer;

/// Places a step of a pass keeps before it samples the first: of groups of sixteen pixels, or of
/// the samples of one group.
#define CYC_KEPT 8

/// The samples of one mip level that make up a pixel when one bilinear sample does not do.
///
/// Together they make up ramp(from) − ramp(to) of the pixel, ramp(x) = (detail − x) · per_fade
/// within 0 … 1.
typedef struct {
    /// The pixel's level of detail: the mip level whose texels are its own size.
    cyc_bend detail;
    /// Level of detail from which this mip level fades in, and from which the next one does.
    float from;
    float to;
    float per_fade;
    /// Samples of a pixel, 1 … CYC_KEPT, evenly along a line through it.
    int32_t samples;
    /// From one sample to the next, wall pixels.
    float step_x;
    float step_y;
    /// 1: this pass writes; 0: it adds to what the passes before it wrote.
    int32_t is_first;
    /// 1: sixteen texels a sample, of cubic weights by (cubic_below − detail) · per_cubic within
    /// 0 … 1, bilinear for the rest.
    int32_t is_cubic;
    float cubic_below;
    float per_cubic;
    /// The cubic weights: 0 Catmull-Rom, which keeps detail … 1 B-spline, which is soft.
    float softness;
} cyc_pass;

/// A camera's outline for kernels (Geometry.Outline in floats): where a wall point is seen.
typedef struct {
    /// Right, forward and down components of the point from the eye.
    cyc_linear right;
    cyc_linear forward;
    cyc_linear down;
    float edge_left[5];
    float edge_right[5];
    float edge_top[5];
    float edge_bottom[5];
    float a_min;
    float a_max;
    float b_min;
    float b_max;
    /// 1 / width of the soft edge.
    float per_soft_edge;
} cyc_outline;

/// The dither of one channel of a canvas.
typedef struct {
    /// 64 rows of 80 thresholds in (0, 1); the last 16 of a row repeat its first 16.
    const float *_Nonnull thresholds;
    /// Column and row of the tile that lie at the region's first pixel.
    int32_t column;
    int32_t row;
} cyc_dither;

/// Memory that is written next, in rows, to be asked for by a kernel that computes meanwhile: its
/// lines then come while nothing waits for them.
typedef struct {
    /// Where the region's first row begins; null: there is none. Addresses beyond do no harm.
    const void *_Nullable at;
    /// Octets from one row to the next, and from 32 pixels to the next.
    int64_t row_octets;
    int64_t step_octets;
} cyc_fetch;

#include "mesh_types.h"

/// Every pixel kernel of one instruction set. Each is exact in what it writes: nothing outside
/// `region.width` × `region.height`.
typedef struct {
    /// x86-64 level the kernels are built for: 3 or 4.
    int32_t level;
    /// A flat picture, opaque (a dome inside one cube face).
    void (*_Nonnull picture)(const cyc_plane_map *_Nonnull, cyc_region, cyc_planes);
    /// The same through a grade: what `picture` and then `grade` in place make.
    void (*_Nonnull graded_picture)(
        const cyc_plane_map *_Nonnull, const cyc_grade *_Nonnull, cyc_region, cyc_planes);
    /// A dome across cube faces or at a radius.
    void (*_Nonnull dome)(const cyc_dome_map *_Nonnull, cyc_region, cyc_planes);
    /// A flat picture with alpha and edges, over what is there.
    void (*_Nonnull card)(const cyc_plane_map *_Nonnull, cyc_region, cyc_planes);
    /// One pass over a flat picture, its edges left alone.
    void (*_Nonnull picture_pass)(
        const cyc_plane_map *_Nonnull, const cyc_pass *_Nonnull, cyc_region, cyc_layer);
    /// One pass over a dome.
    void (*_Nonnull dome_pass)(
        const cyc_dome_map *_Nonnull, const cyc_pass *_Nonnull, cyc_region, cyc_layer);
    /// A card's gathered passes, within its edges, over what is there.
    void (*_Nonnull lay_over)(
        const cyc_plane_map *_Nonnull, cyc_region, cyc_layer, cyc_planes);
    /// Weight of a camera's picture, 0 … 1, one row every `stride` floats.
    void (*_Nonnull weight)(
        const cyc_outline *_Nonnull, cyc_region, float *_Nonnull weights, int32_t stride);
    /// Grade from planes to planes (the same ones or others).
    void (*_Nonnull grade)(
        const cyc_grade *_Nonnull, cyc_region, cyc_planes source, cyc_planes target);
    /// Grade, then blend over the target by weights; `weights` has the source's stride.
    void (*_Nonnull grade_over)(
        const cyc_grade *_Nonnull, cyc_region, cyc_planes source, const float *_Nonnull weights,
        cyc_planes target);
    /// One channel's light times a gain that is bilinear in the pixel, in place; the gain's place
    /// (0, 0) is that of the region's.
    void (*_Nonnull gain)(cyc_bend, cyc_region, float *_Nonnull light, int32_t stride);
    /// A wall's correction and one panel's gains, in place.
    void (*_Nonnull correct)(
        const cyc_correction *_Nonnull, cyc_gains, cyc_region, cyc_planes);
    /// A picture of squares of `reduction` (2 or 4) pixels a side brought up to pixels,
    /// bilinearly. Square 0 ends where pixel 0 begins, across and down; `source` begins with the
    /// square that the region's first pixel lies after, and sixteen of a row are read from any of
    /// its squares on.
    void (*_Nonnull enlarge)(
        int32_t reduction, cyc_region, cyc_planes source, cyc_planes target);
    /// One channel of wall light to code values: curve, dither, floor; a line is fetched every 32
    /// pixels.
    void (*_Nonnull encode)(
        const cyc_curve *_Nonnull, cyc_dither, cyc_region, const float *_Nonnull light,
        int32_t light_stride, uint16_t *_Nonnull codes, int32_t code_stride, cyc_fetch);
    /// Triangles (`mesh_types.h`).
    cyc_mesh_kernels mesh;
} cyc_kernels;
