/// Wires the rooms into a running stage: threads, hand-over, start, stop, supervisor.
///
/// The way through: `Supervisor` (keeps the wall alive) → `StageSession` (builds everything once) →
/// `RealTimeLoop` (a frame a grid instant) → `OutputSender` (a thread an output). `TwinRun` and
/// `Bench` drive the same frame path without a clock.
public enum StageRun {}
