/// The values a frame is made of: `LiveState`, `FrameInputs`, `FramePlan`, `FrameReport`, the
/// scene.
///
/// A frame is a function of `FrameInputs`; nothing else may influence a pixel. Everything that
/// crosses to the loop is plain bytes. Not for the functions that compute them: those are in
/// `FrameLoop`, `Rendering` and `Control`.
///
/// The way through: `LiveState` + packets → `FrameInputs` → `FramePlan` → `FrameReport`.
public enum FrameModel {}
