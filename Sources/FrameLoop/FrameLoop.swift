/// `prepare` / `render` / `finish`: a frame as a function of a closed list of inputs.
///
///     prepare(&state, inputs) → FramePlan     serial, microseconds
///     render(plan, tile)                      parallel, disjoint rows, any order, same bytes
///     finish(&report)                         serial
///
/// The stage, the twin and the tests call the same three. No clock, no socket, no
/// thread of its own: `StageRun` brings those.
///
/// The way through: `LoopStage` (tables from a `Stage`) → `LoopState` → `preparePlan` →
/// `FramePath` → `FrameAccounts`; `Mailbox` and `AssetTable` bring what others prepared,
/// `BudgetKeeper` chooses the next frame's quality.
public enum FrameLoop {}
