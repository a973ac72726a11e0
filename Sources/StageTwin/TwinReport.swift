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

    /// How far the light of a scene is from what the camera ought to see, by the mean light of
    /// blocks of 8 × 8 LEDs.
    public struct Scene: Codable, Sendable, Equatable {
        /// Its name.
        public var name: String
        /// Mean ΔE_ITP of the blocks the wall can show.
        public var meanDeltaEITP: Double
        /// 99 of 100 of them differ by no more.
        public var p99DeltaEITP: Double
        /// Share of the blocks seen that the wall can show.
        public var reachable: Double
        /// Blocks measured.
        public var blocks: Int

        /// What this does not tell.
        public static let limits =
            "not judged on a scene: detail finer than 8 LEDs, blocks beyond the wall's reach, and "
            + "the outer frustum"
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
    /// What carried the charts.
    public var content: TwinContent
    /// Moments of the shot.
    public var moments: Int
    /// Where the picture stands.
    public var registration: Registration
    /// Steps between panels.
    public var seam: Seam
    /// Color of flat patches.
    public var color: Color
    /// Light of a scene; nil when none was asked for.
    public var scene: Scene?
    /// The wire.
    public var stream: Stream

    /// What is not as good as a stage needs it, one sentence each; empty: the picture is right.
    ///
    /// The bars: half a camera pixel for 99 of 100 points, 98 % of the points found, a quarter of a
    /// pixel across a seam, ΔE_ITP 1 in the mean (just visible) and 2 for 99 of 100 patches.
    public var complaints: [String] {
        var list: [String] = []
        func check(_ isGood: Bool, _ text: String) {
            if !isGood { list.append(text) }
        }
        let r = registration
        check(r.p99Pixels <= 0.5, "registration: p99 is over 0.5 camera pixels")
        check(r.coverage >= 0.98, "registration: fewer than 98 % of the points could be placed")
        check(seam.maxPixels <= 0.25, "seams: a step is over 0.25 camera pixels")
        check(color.meanDeltaEITP <= 1, "color: mean ΔE_ITP is over 1")
        check(color.p99DeltaEITP <= 2, "color: p99 ΔE_ITP is over 2")
        check(color.reachable >= 0.9, "color: fewer than 90 % of the patches are reachable")
        check(stream.breaks.isEmpty, "stream: rules of ST 2110-20 are broken")
        return list
    }
}
