/// Meshes as kernels read and make them: baked clusters of triangles, triangles set up on a block
/// of a facet, and the samples they are drawn into. Part of `kernel_types.h`, which includes it.
#pragma once
#include <stdint.h>

/// Most triangles of a cluster, so that a cluster is a small part of a tile of the picture.
#define CYC_MESH_TRIANGLES 64
/// Most vertices of a cluster: three a triangle; the places of all of them stay in the first-level
/// cache and an index is a byte.
#define CYC_MESH_VERTICES 192
/// Levels a texture's table has room for: 16384 texels and down.
#define CYC_MESH_LEVELS 16

/// Neighbouring triangles of one material, drawn or left out together.
typedef struct {
    /// First of its vertices; a multiple of 16.
    uint32_t vertex;
    /// First of its triangles; a multiple of 16.
    uint32_t triangle;
    /// First of its vertices' colours; UINT32_MAX: it has none.
    uint32_t color;
    uint16_t vertices;
    uint16_t triangles;
    uint16_t material;
    /// Bit 0: seen from both sides.
    uint16_t flags;
    /// A sphere round all of it, scene metres.
    float center[3];
    float radius;
} cyc_mesh_cluster;

/// A texture: mip levels in the scene's block, sides powers of two, each with a border of a texel
/// that goes on as the texture does.
typedef struct {
    /// Texel (0, 0) of each level against the scene's first texel.
    int32_t level[CYC_MESH_LEVELS];
    /// The same of the coverage bytes, against the scene's first; only alpha-masked textures.
    int32_t coverage[CYC_MESH_LEVELS];
    /// Texels across and down the finest level.
    int32_t width;
    int32_t height;
    int32_t levels;
    /// How it goes on beyond its edges, across and down: 0 clamped, 1 repeated, 2 mirrored.
    int32_t wrap_u;
    int32_t wrap_v;
} cyc_mesh_texture;

/// What a triangle is drawn with.
typedef struct {
    /// Index of the texture that has colour (premultiplied when it blends) and emission.
    int32_t texture;
    /// Index of a texture of emission to be added, −1: none (it is in the first one).
    int32_t emission;
    /// Bit 0: alpha-masked by the texture's coverage. Bit 1: it blends.
    int32_t flags;
    /// Least coverage, 0 … 255, of a sample that is seen.
    float cutoff;
} cyc_mesh_material;

enum { CYC_MESH_MASKED = 1, CYC_MESH_BLENDS = 2, CYC_MESH_TWO_SIDED = 1 };

/// Every mesh of a scene, in one block of memory.
typedef struct {
    const float *_Nullable x;
    const float *_Nullable y;
    const float *_Nullable z;
    const float *_Nullable u;
    const float *_Nullable v;
    /// Colours of vertices that have them: red, green, blue, alpha.
    const float *_Nullable red;
    const float *_Nullable green;
    const float *_Nullable blue;
    const float *_Nullable alpha;
    /// Three vertices of the cluster, a byte each, first in the lowest.
    const uint32_t *_Nullable triangles;
    const cyc_mesh_cluster *_Nullable clusters;
    const cyc_mesh_material *_Nullable materials;
    const cyc_mesh_texture *_Nullable textures;
    const uint64_t *_Nullable texels;
    const uint8_t *_Nullable coverage;
} cyc_mesh_data;

/// A block of a facet seen from an eye: scene point → (x·w, y·w, w), x and y in the block's pixels,
/// w = 1 on the wall.
typedef struct {
    float x[4];
    float y[4];
    float w[4];
    /// Nearest w that is drawn.
    float near_w;
    /// Sign of the pixel area of a triangle seen from its front.
    float front;
    /// The block's pixels.
    int32_t width;
    int32_t height;
    /// Samples a pixel, 4 or 1.
    int32_t samples;
} cyc_mesh_view;

/// A triangle on a block: three edges, each ≥ 0 inside, and values linear in the pixel.
typedef struct {
    float edge_at[3];
    float edge_x[3];
    float edge_y[3];
    /// 1/w, u/w, v/w.
    cyc_linear per_w;
    cyc_linear u;
    cyc_linear v;
    /// First and last pixels with a sample that may lie inside.
    uint16_t left;
    uint16_t top;
    uint16_t right;
    uint16_t bottom;
    uint16_t material;
    /// Bits 0 … 2: a sample on that edge lies inside. Bit 3: it has colours.
    uint16_t flags;
    uint32_t object;
} cyc_mesh_triangle;

enum { CYC_MESH_COLORED = 8 };

/// Colours of a triangle over w, linear in the pixel: red, green, blue, alpha.
typedef struct {
    cyc_linear channel[4];
} cyc_mesh_colors;

/// Samples in steps of sixteen. With four a pixel sample s of pixel x lies at
/// (x / 4) · 16 + s · 4 + x % 4 of its row; with one, in the pixel's middle, at x.
typedef struct {
    /// Nearest 1/w so far; 0: nothing.
    float *_Nonnull depth;
    /// Triangle seen there + 1; 0: none.
    uint32_t *_Nonnull ids;
    /// Samples of a row.
    int32_t stride;
    /// The block's pixel at the first sample.
    int32_t x;
    int32_t y;
    /// 4 or 1.
    int32_t per_pixel;
} cyc_mesh_samples;

/// Kernels of meshes, part of `cyc_kernels`.
typedef struct {
    /// Sets up a cluster's triangles on a block, at most `room` of them; returns how many.
    int32_t (*_Nonnull place)(
        const cyc_mesh_data *_Nonnull, uint32_t cluster, uint32_t object,
        const cyc_mesh_view *_Nonnull, cyc_mesh_triangle *_Nonnull, cyc_mesh_colors *_Nonnull,
        int32_t room);
    /// Draws one triangle into the samples of a region of pixels, counted from the samples' first.
    void (*_Nonnull raster)(
        const cyc_mesh_data *_Nonnull, const cyc_mesh_triangle *_Nonnull, uint32_t id, cyc_region,
        cyc_mesh_samples);
    /// Bit 0: some sample of a region sees something; bit 1: all do.
    int32_t (*_Nonnull filled)(cyc_region, cyc_mesh_samples);
    /// Lays what the samples see over the target: `blends` says with its alpha.
    void (*_Nonnull shade)(
        const cyc_mesh_data *_Nonnull, const cyc_mesh_triangle *_Nonnull,
        const cyc_mesh_colors *_Nonnull, cyc_region, cyc_mesh_samples, int32_t blends, cyc_planes);
    /// How much of each pixel has nothing nearer than 1/w of a plane; weights lie one row every
    /// `stride` floats from the region's first pixel.
    void (*_Nonnull unhidden)(
        cyc_linear per_w, cyc_region, cyc_mesh_samples, float *_Nonnull weights, int32_t stride);
    /// target += weight · (source − target); the weights have the source's stride.
    void (*_Nonnull mix)(
        cyc_region, cyc_planes source, const float *_Nonnull weights, cyc_planes target);
} cyc_mesh_kernels;
