/// The judge: a simulated wall, camera and tracker that tell how right the emitted picture is.
///
/// Emitted RTP bytes → own parser → code values → light on every LED, by the poses of the panels →
/// a photograph through lens and entrance pupil. Beside it the same photograph of the scene itself,
/// cast ray by ray. What differs is the fault of what is judged.
///
/// It reads stored values of the value rooms and calls none of their functions, nor anything of
/// Rendering, Output or the kernels: a mistake there must not be made here a second time. It never
/// reads `Stage.facets`. All arithmetic is scalar doubles, written to be read.
///
/// The way through: `StreamReceiver` (bytes → canvas) → `WallLight` (codes → nits) →
/// `SimulatedCamera` and `WallView` (which LED a picture point sees) | `SceneSight` (the truth) →
/// `GratingPattern`, `PhaseDecoder`, `Registration` and `ColorChart`, `ColorVerdict` → `Twin`,
/// which runs all of it over a `WallUnderTest`, → `TwinReport`.
public enum StageTwin {}
