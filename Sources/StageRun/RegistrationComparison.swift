/// The live registration error beside what the twin's camera photographed of the same frames.
public struct RegistrationComparison: Encodable, Sendable {
    /// One photographed frame, camera pixels at the worst corner.
    public struct Moment: Encodable, Sendable {
        /// What the running stage said of it, once its tracker had told: at the wall.
        public var live: Double
        /// What the photograph shows.
        public var photographed: Double
    }

    /// The frames whose corners were seen.
    public var moments: [Moment]
    /// Frames an edge of which was not on the wall.
    public var unseen: Int
    /// The largest live error, camera pixels.
    public var largestLive: Double
    /// The largest photographed error, camera pixels.
    public var largestPhotographed: Double
    /// The largest difference of the two in one frame, camera pixels.
    public var largestDifference: Double

    init(moments: [Moment], unseen: Int) {
        self.moments = moments
        self.unseen = unseen
        largestLive = moments.map(\.live).max() ?? 0
        largestPhotographed = moments.map(\.photographed).max() ?? 0
        largestDifference = moments.map { abs($0.live - $0.photographed) }.max() ?? 0
    }

    /// A few lines of text.
    public var text: String {
        func pixels(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
        var lines = ["registration, camera pixels at the worst corner:"]
        lines += moments.map {
            "  live \(pixels($0.live))  photographed \(pixels($0.photographed))"
        }
        lines.append(
            "largest: live \(pixels(largestLive)), photographed \(pixels(largestPhotographed)), "
                + "difference \(pixels(largestDifference)); \(unseen) frames not seen")
        return lines.joined(separator: "\n")
    }
}
