/// `prepare` / `render` / `finish`: a frame as a function of a closed list of inputs.
///
///     prepare(&state, inputs) → FramePlan     serial, microseconds
///     render(plan, tile)                      parallel, disjoint rows, any order, same bytes
///     finish(plan) → FrameReport              serial
///
/// The stage, the twin, the tests and the benchmarks call the same three. No clock, no socket, no
/// thread of its own: `StageRun` brings those.
///
/// The way through: `LoopStage` (tables from a `Stage`) → `LoopState` → `prepare` → `RenderJob` →
/// `FrameAccounts`; `Mailbox` and `AssetTable` bring what others prepared.
public enum FrameLoop {}
