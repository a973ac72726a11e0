/// Reads what cameras saw of the stage's patterns and finds from it how the stage really is.
///
/// Not for the running of the stage: nothing here is on the frame path, and what is found reaches
/// it as configuration or as an asset.
///
/// The way through: a picture becomes a `GrayPicture`; `StripReader` finds the frame strips in it;
/// `StripPan` tells the camera's pan by them.
public enum StageCalibration {}
