/// A test pattern the running stage shows instead of the picture.
public enum TestPattern: Int, CaseIterable, BitwiseCopyable, Sendable {
    /// The picture.
    case picture = 0
    /// Strips that tell the frame's number and their own place.
    case strip
    /// Lines at every half metre of the stage, and the panels' edges.
    case grid
    /// Each panel's number, edges and which way is up.
    case panels
    /// One panel blinks, by its number.
    case identify
    /// The legal codes from black to white, as many as the canvas has columns: gray, red, green,
    /// blue.
    case ramp
    /// Codes at and beyond the ends of narrow and full range, side by side.
    case range
    /// The lowest codes in sixteen steps.
    case black
    /// Stops from the level: seven below to six above.
    case stops
    /// Every second pixel.
    case checker
    /// Lines of one, two, four and eight pixels, both ways.
    case focus
    /// One color all over.
    case flat
    /// One color of a numbered set on some panels, and strips that tell its number.
    case patches
    /// Dots that blink their numbers, and strips that tell which picture of them it is.
    case dots

    /// Its word on the control tree.
    public var name: String { "\(self)" }
}

/// Which test pattern a frame shows, and how.
public struct PatternPlan: BitwiseCopyable, Sendable, Equatable {
    /// Which.
    public var pattern: TestPattern
    /// Light of what is white in it, nits; the stops' middle gray.
    public var level: Double
    /// Shares of the level in red, green and blue, of the color that is all over.
    public var color: SIMD3<Double>
    /// The panel that blinks, from 0.
    public var panel: Int
    /// Side of the strips' cells, wall pixels.
    public var cell: Int
    /// The frame the strips tell.
    public var frame: Int64
    /// Which of the patches, or of the dots' pictures.
    public var step: Int
    /// How wide the patch is, metres.
    public var size: Double

    /// A pattern; level in nits, size in metres.
    public init(
        pattern: TestPattern, level: Double, color: SIMD3<Double>, panel: Int, cell: Int,
        frame: Int64, step: Int = 0, size: Double = 0
    ) {
        self.pattern = pattern
        self.level = level
        self.color = color
        self.panel = panel
        self.cell = cell
        self.frame = frame
        self.step = step
        self.size = size
    }

    /// The picture, no pattern.
    public static var off: PatternPlan {
        PatternPlan(
            pattern: .picture, level: 0, color: .zero, panel: 0, cell: FrameStripGrid.cellUsual,
            frame: 0)
    }
}
