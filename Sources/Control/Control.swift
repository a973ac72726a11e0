/// What an operator can change and how it is asked for: the parameter tree, edits, undo, and the
/// text protocol.
///
/// One control thread owns a `ShowDocument`; it is the only writer. Every edit is checked, answered
/// (applied / clamped / refused because), and makes a new `LiveState`, which the loop shows with
/// the next frame. Not for sockets (`ControlServer`) and not for anything a frame waits for.
///
/// The way through: `ParameterTree` (names, units, ranges, places) → `Edit` → `ShowDocument` →
/// `LiveState`; `ControlSession` speaks the text protocol; `StatusBoard` carries the loop's numbers
/// back.
public enum Control {}
