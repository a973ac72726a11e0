/// Calibration: captures of patterns in, a result with its residuals and verdicts out.
///
/// Not for the frame path: everything here allocates, takes its time and runs beside the stage.
/// Nothing of a running stage needs it.
///
/// The way through, for patterns: a picture becomes a `GrayPicture`; `StripReader` finds the frame
/// strips in it; `StripPan` tells the camera's pan by them.
///
/// For colour: `ColorSamples` (what the camera saw of each patch) → `ColorSolution` (black, matrix,
/// curves) → `ColorReport` (figures and `Verdict`s) and a look file; `OpenVPCalSamples` →
/// `OpenVPCalResult` does what OpenVPCal does, to compare.
///
/// For geometry: `GeometryCaptures` (dots seen from many poses) → `GeometrySolution` →
/// `GeometryReport`; `LensGrid` for other zooms and focuses; `PanelGains` for light; `Survey` and
/// `PlannedWall` for the wall on its own. Linear algebra is LAPACK's, behind `Dense`.
public enum StageCalibration {}
