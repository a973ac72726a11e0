public import Geometry

/// A frame strip as one picture shows it.
public struct StripSighting: Sendable, Equatable {
    /// Which strip.
    public var strip: Int
    /// The lower `FrameStrip.frameBits` bits of the frame's number; the earlier of two frames.
    public var number: Int
    /// How much of the exposure showed the next frame already, 0 … 1.
    public var share: Double
    /// Middle of the upper mark's three light bars, pixels from the picture's top left corner.
    public var upper: Vector2
    /// Middle of the lower mark's.
    public var lower: Vector2

    /// A sighting; places in pixels.
    public init(strip: Int, number: Int, share: Double, upper: Vector2, lower: Vector2) {
        self.strip = strip
        self.number = number
        self.share = share
        self.upper = upper
        self.lower = lower
    }
}
