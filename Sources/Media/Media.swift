/// Pictures in: a file of the outside world becomes scene-linear ACEScg or one clear refusal.
///
/// Radiance HDR is read here; PNG, JPEG, TIFF and OpenEXR are decoded by FFmpeg's libraries, whose
/// types never leave this room. Reading is a pure call from bytes to a value, so that it can move
/// into a worker process. Not for where a picture stands in a scene: that is `Scenes`; not for
/// pixels of a running frame.
///
/// The way through: `PictureFile.read` → layout check (`PictureLayout`) → reader → `SourcePixels`
/// → `LinearPicture`.
public enum Media {}
