/// From a `FramePlan` and its scene to linear wall light, one canvas tile at a time.
///
/// A facet is cut into pieces (`RenderLimits`), counted from its own corner. All decisions (mip
/// level, cube face, inside or outside an inner frustum) are made per piece, never per tile, so
/// any cut into tiles gives the same bytes. On a piece every ray is linear in the pixel, so cards
/// and single cube faces are homographies.
///
/// Not for code values (`Output.CodeEncoder`) and not for deciding what a frame shows.
///
/// The way through: `StagePlan` (once a stage) + `TileScratch` (once a worker) →
/// `StagePlan.renderTile` → three planes of light.
public enum Rendering {}
