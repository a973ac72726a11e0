/// Scenes in: a picture or a scene folder becomes a `Scene` or complaints; scenes made by us.
///
/// A scene folder holds `scene.yaml`, its pictures and its meshes (glTF 2.0, folder `GLTF`); one
/// picture file alone is a dome at infinity. All sizes and paths are checked, every complaint is
/// collected. Generated scenes are computed, not stored: `GeneratedScene` to show, `TestScenes`
/// with known values to measure by.
///
/// `SceneImport` makes a scene folder of a picture and its depth (folder `Import`).
///
/// Not for pixels of a running frame.
///
/// The way through: `SceneFile.load` → `SceneDescription` → pictures by `Media` → `Scene` →
/// `SceneAsset`, the form a renderer reads; `BakedScene` keeps that on disk.
public enum Scenes {}
