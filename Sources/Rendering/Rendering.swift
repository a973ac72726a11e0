/// From a `FramePlan` and its scene to linear wall light, one canvas tile at a time.
///
/// A facet is cut into pieces (`RenderLimits`), counted from its own corner. All decisions (mip
/// level, cube face, inside or outside an inner frustum) are made per piece or slice of it, never
/// per tile, so any cut into tiles gives the same bytes; which views are drawn at all may depend on
/// the tile, but those left out have a weight of exactly 0 or lie under one of exactly 1. On a
/// piece every ray is linear in the pixel, so cards and single cube faces are homographies.
///
/// Meshes come in two halves. First, every worker sets triangles up, a block of a facet seen by a
/// view at a time, and enters them in the lists of their pieces; objects and clusters whose spheres
/// miss a block cost nothing there. Then each piece draws its list into four samples a pixel (1/w
/// and a triangle's number) and shades each pixel's triangles once, at the middle of their samples.
///
/// Not for code values (`Output.CodeEncoder`) and not for deciding what a frame shows.
///
/// The way through: `StagePlan` (once a stage) + `TileScratch` (once a worker) → a frame's
/// `beginMeshes`, each worker's `placeMeshes` → `StagePlan.renderTile` → three planes of light.
public enum Rendering {}
