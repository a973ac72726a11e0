/// Points, poses, rays, the lens model and the off-axis projection, in doubles and metres.
///
/// Stage space is OpenTrackIO's: right-handed, X right, Y forward (towards the wall), Z up;
/// R = Rz(pan)·Rx(tilt)·Ry(roll), its columns are right, forward and up. Transforms are named
/// target-from-source and chain: `sceneFromStage * stageFromTracker`. Not for pixels, and not for
/// anything that needs a clock or a file.
///
/// The way through: `Vector3` → `Matrix3` → `Pose` → `Lens` (what a camera sees) → `Outline`.
public enum Geometry {}

/// A point or a direction, metres unless stated.
public typealias Vector3 = SIMD3<Double>
/// A point on a plane (sensor, panel, canvas), unit stated where used.
public typealias Vector2 = SIMD2<Double>
