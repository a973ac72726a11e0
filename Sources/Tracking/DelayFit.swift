import Glibc
public import Timing

/// The delay of a tracker, found by comparing a pan as the tracker told it with the same pan as
/// recorded pictures show it.
///
/// Each picture carries the number of the wall frame it shows, so its place in time is that
/// frame's `lightTime` and nothing is inferred from when it was taken. The pan in it may count from
/// anywhere, to either side, in a scale a little wrong. What comes out is the value of
/// `TrackingSource.delay` with which the wall is drawn for where the camera is in the pictures: the
/// time from a sample's capture to its arrival, and from the frame's light to the middle of the
/// exposure.
///
/// The way: `PanCurve` makes the tracker's pan continuous; a coarse search over `searched` finds
/// where a line through pan against pan fits; Gauss and Newton's steps find the delay, with weights
/// that leave out pictures whose number was read wrongly. Not for the frame path: it allocates.
public struct DelayFit: Sendable, Equatable {
    /// A pan at an instant.
    public struct Sample: Sendable, Equatable {
        /// Of a tracker's sample: its arrival, without the network's jitter; of a picture: the
        /// `lightTime` of the frame it shows.
        public var time: HostTime
        /// Radians.
        public var pan: Double

        /// A pan at an instant; radians.
        public init(time: HostTime, pan: Double) {
            self.time = time
            self.pan = pan
        }
    }

    /// Why no delay is told; delays in seconds, angles in radians.
    public enum Refusal: Error, Equatable, Sendable {
        /// Pictures that fall where the tracker is known all through the search, and the others.
        case tooFewPictures(usable: Int, others: Int)
        /// How far the camera panned.
        case tooLittleMotion(Double)
        /// The pan changes its speed so little that the delay is known no better than this.
        case tooUncertain(Double)
        /// What is left when one pan is taken from the other, what that pan was (both rms), and the
        /// share of the pictures that fit nowhere.
        case notTheSameMove(residual: Double, motion: Double, leftOut: Double)
        /// The pictures turn so many times as far as the tracker.
        case wrongScale(Double)
        /// Two delays fit alike: the motion repeats itself.
        case ambiguous(Double, Double)
        /// The best delay lies at this end of what is searched, or beyond it.
        case atEnd(Double)
    }

    /// Delays that are looked for, seconds: no tracker is known to be later than 0.2 s; below zero
    /// lies what a stage has too much of latency in its file.
    public static let searched = -0.05...0.3
    /// Pictures needed: two seconds of 25 a second.
    public static let picturesMin = 50
    /// Pan needed, radians: 2°, a hundred times the noise of a picture's pan.
    public static let motionMin = 2 * Double.pi / 180
    /// An uncertainty that is worth telling, seconds: a quarter of a frame of 50 Hz.
    public static let uncertaintyMax = 0.005
    /// A delay that a hundredth of the motion would hide is not determined by it, seconds.
    static let blurMax = 0.1
    /// Largest residual, as a share of the motion; beyond it what is left is another motion, and
    /// the error bar, which takes it for noise, says nothing.
    public static let residualMax = 0.1
    /// Pictures that may be wrong: a strip read wrongly in one of four is no strip.
    public static let leftOutMax = 0.25
    /// How much further or less far the pictures may turn than the tracker.
    public static let scales = 0.5...2

    /// From capture to arrival, seconds.
    public let delay: Double
    /// The delay is right within this in 19 of 20 cases, seconds.
    ///
    /// From the scatter of ten pieces of the take about the whole, and the residuals one by one,
    /// whichever is worse; with the jitter the tracker's times still have.
    public let uncertainty: Double
    /// What is left of the pictures' pan, rms in radians, of those that were used.
    public let residual: Double
    /// How many times as far as the tracker the pictures turn; negative where they count to the
    /// other side.
    public let scale: Double
    /// Pictures used.
    public let used: Int
    /// Pictures that contradict the others.
    public let leftOut: Int
    /// Pictures of frames where the tracker is not known all through the search.
    public let outside: Int

    /// The delay of a tracker.
    ///
    /// - Parameters:
    ///   - tracker: its samples, in any order, such as `SourceTrace` gives.
    ///   - pictures: the pictures, in any order, with any gaps.
    ///   - jitter: what the tracker's times are uncertain by all together, seconds.
    public init(tracker: [Sample], pictures: [Sample], jitter: Double = 0) throws(Refusal) {
        let search = DelaySearch(tracker: tracker, pictures: pictures)
        outside = pictures.count - search.count
        guard search.count >= Self.picturesMin else {
            throw .tooFewPictures(usable: search.count, others: outside)
        }
        guard search.range >= Self.motionMin else { throw .tooLittleMotion(search.range) }
        let found = search.minima()
        guard let best = found.first, let figures = DelayFigures(search, best) else {
            throw .tooUncertain(.infinity)
        }
        let share = Double(figures.leftOut) / Double(search.count)
        guard figures.residual <= Self.residualMax * figures.motion, share <= Self.leftOutMax else {
            throw .notTheSameMove(
                residual: figures.residual, motion: figures.motion, leftOut: share)
        }
        let jitter = 2 * jitter
        uncertainty = (figures.uncertainty * figures.uncertainty + jitter * jitter).squareRoot()
        guard figures.blur <= Self.blurMax else { throw .tooUncertain(figures.blur) }
        guard !best.isAtEnd else { throw .atEnd(best.delay) }
        guard uncertainty <= Self.uncertaintyMax else { throw .tooUncertain(uncertainty) }
        if let other = search.rival(of: best, among: found, cut: figures.cut) {
            throw .ambiguous(best.delay, other)
        }
        guard Self.scales.contains(abs(best.scale)) else { throw .wrongScale(best.scale) }
        delay = best.delay
        residual = figures.residual
        scale = best.scale
        used = search.count - figures.leftOut
        leftOut = figures.leftOut
    }
}
