/// What the judge found, in the unit it is felt in.
public struct TwinReport: Codable, Sendable, Equatable {
    /// Where the picture stands against where it should, picture pixels of the camera.
    public struct Registration: Codable, Sendable, Equatable {
        /// Half of the points are displaced by no more.
        public var p50Pixels: Double
        /// 99 of 100 points are displaced by no more.
        public var p99Pixels: Double
        /// The most displaced point.
        public var maxPixels: Double
        /// Share of the points that look at the wall whose displacement was found.
        public var coverage: Double
        /// Mean displacement to the right.
        public var meanXPixels: Double
        /// Mean displacement downwards.
        public var meanYPixels: Double
    }

    /// How much the displacement changes from one panel to the next, picture pixels.
    public struct Seam: Codable, Sendable, Equatable {
        /// The largest step.
        public var maxPixels: Double
        /// Stretches of panel border measured.
        public var count: Int
    }

    /// How far patches are from what the scene asked for.
    public struct Color: Codable, Sendable, Equatable {
        /// Mean ΔE_ITP of the reachable patches.
        public var meanDeltaEITP: Double
        /// 99 of 100 reachable patches differ by no more.
        public var p99DeltaEITP: Double
        /// Share of the patches seen that the wall can show.
        public var reachable: Double
        /// Patches measured.
        public var patches: Int
    }

    /// What the wire said.
    public struct Stream: Codable, Sendable, Equatable {
        /// Datagrams taken.
        public var packets: Int
        /// Frames that ended with a marker.
        public var frames: Int
        /// Rule breaks by name.
        public var breaks: [String: Int]
    }

    /// The stage's name.
    public var stage: String
    /// Moments of the shot.
    public var moments: Int
    /// Where the picture stands.
    public var registration: Registration
    /// Steps between panels.
    public var seam: Seam
    /// Color of flat patches.
    public var color: Color
    /// The wire.
    public var stream: Stream
}
