/// Maxima of a calibration, each with its reason.
public enum CalibrationLimits {
    /// Bytes of a file of samples or observations: forty poses of two thousand dots take 8 MB.
    public static let fileBytes = 64 << 20
    /// Steps of a colour ramp: more than 64 are closer than a camera's noise.
    public static let rampSteps = 64
    /// Dots of a wall: 4 on each of 2000 panels, or two marks on each of 4096 strips.
    public static let dots = 8192
    /// Groups of dots: each is three unknowns, of whose 3072 the solver keeps a matrix of 75 MB.
    public static let groups = 1024
    /// Side of a map of points: a canvas of 16k.
    public static let mapSide = 16384
    /// Bytes of a map or a mesh: three floats a pixel of an 8k canvas.
    public static let mapBytes = 1 << 30
    /// Corners of a mesh or a survey: those of 60,000 panels.
    public static let meshPoints = 1 << 18
    /// Triangles of a mesh: two a corner.
    public static let meshTriangles = 1 << 19
    /// Objects of a mesh: a panel each, of 60,000.
    public static let meshSections = 1 << 16
    /// Camera poses: 24 are best, more than 200 no one takes.
    public static let views = 200
    /// Pictures of one capture: ten minutes of 60 frames a second.
    public static let pictures = 36_000
    /// Colours to check with: a chart has 24, a clip of 35 s has room for 200.
    public static let checkColors = 1024
}
