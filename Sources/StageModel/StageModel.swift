/// What is built: stage, wall, panel, facet, processor canvas, camera, output; immutable per
/// revision.
///
/// A `Stage` comes out of `StageConfig` already checked; inside the house no one checks it again.
/// Lengths in metres, angles in radians, times in seconds, light in nits.
///
/// `WallShape` and `CanvasBlock` build walls from grids; `Facet.merging` finds their planar parts.
///
/// The way through: `Stage` → `Processor` (canvas) → `Wall` → `Panel` (where it hangs, what it
/// shows) → `Facet` (planar groups of panels, what renderers work on) → `Camera` → `OutputPort`.
public enum StageModel {}
