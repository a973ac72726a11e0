import FrameModel
public import Geometry

/// A frame strip as one picture shows it.
public struct StripSighting: Sendable, Equatable {
    /// Which strip.
    public var strip: Int
    /// The lower `FrameStrip.frameBits` bits of the number of the frame the exposure shows most of.
    public var number: Int
    /// How much later than that frame the exposure's middle is, frames, −½ … ½: the share of the
    /// next frame in it, less that of the one before.
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

    /// The middle one of several times, each told as a number and a share; there is one at least.
    public static func median(_ times: [(number: Int, share: Double)]) -> (
        number: Int, share: Double
    ) {
        let first = times[0].number
        let after = times.map {
            Double(FrameStrip.frames(from: first, to: $0.number)) + $0.share
        }.sorted()
        // The mean of the middle half: how light a bar is has noise.
        let half = after[after.count / 4..<max(after.count / 4 + 1, after.count * 3 / 4)]
        let middle = half.reduce(0, +) / Double(half.count)
        let whole = middle.rounded()
        return (
            (first + Int(whole)) & (1 << FrameStrip.frameBits - 1), middle - whole
        )
    }
}
