/// The largest stage we take, and why.
public enum StageLimits {
    /// Cameras on one stage: peers show up to 8 inner frusta.
    public static let cameras = 8
    /// Walls on one stage; each has a grade scope in live state.
    public static let walls = 16
    /// Processors on one stage; each has a canvas in memory.
    public static let processors = 16
    /// Outputs on one stage; each has a sender thread.
    public static let outputs = 32
    /// Panels on one stage: 270° × 8 m of 500 mm cabinets is about 1,500.
    public static let panels = 8192
    /// A canvas' larger side: ST 2110-20 carries 15 bits of row and offset (32767); 16384 is the
    /// largest HDMI and DP canvas.
    public static let canvasSide = 16384
    /// Pixels of one canvas: 8K UHD.
    public static let canvasPixels = 7680 * 4320
    /// Tracking sources on one stage.
    public static let sources = 16
    /// Lenses a camera can choose from: a set of primes and a zoom.
    public static let lenses = 8
    /// Sensor modes a camera can choose from, beside its own.
    public static let sensorModes = 7
    /// Zooms or focuses a lens is measured at: a zoom is calibrated at 5 to 12 of each.
    public static let lensRingStops = 16
}
