/// A tracker's pan as a smooth function of time, with its speed.
///
/// A cubic is fitted about every instant of a 5 ms grid to the samples near it, with weights
/// (1 − u²)² that fall to zero at the window's ends; between two instants runs the cubic of their
/// values and slopes. A window as wide to either side delays nothing, whatever the motion; and it
/// matters that it is wider than a sample: an interpolant passes through the noise of the samples
/// and has less of it between them, so that a fit is drawn to delays between samples – at 240 Hz
/// and 0.02° by half a millisecond.
///
/// Not for the frame path: it allocates.
struct PanCurve {
    /// From one fit to the next, seconds.
    static let step = 0.005
    /// Half the least window, seconds: a hand's motion ends at about 5 Hz, where this takes 3 %.
    private static let windowMin = 0.1
    /// Half a window in periods, so that slow trackers have seven samples in it.
    private static let windowPeriods = 3.6
    /// Fewest samples a cubic is fitted to.
    private static let samplesMin = 5
    /// Periods without a sample that are bridged: two packets in a row are lost.
    private static let gapPeriods = 3.5

    /// Instant of the first fit, seconds.
    private let start: Double
    /// Pan, radians; NaN where there is none.
    private var pans: [Double] = []
    /// Radians a second.
    private var speeds: [Double] = []
    /// Unknown instants before each place.
    private var unknown: [Int] = [0]

    /// A curve over a span of time, from samples in order of time, seconds and radians.
    init(_ samples: [(time: Double, pan: Double)], over span: ClosedRange<Double>) {
        let first = (span.lowerBound / Self.step).rounded(.down)
        let last = (span.upperBound / Self.step).rounded(.up)
        start = first * Self.step
        let period = Self.period(of: samples)
        let window = max(Self.windowMin, Self.windowPeriods * period)
        var left = 0
        for place in 0...Int(max(0, last - first)) {
            let instant = start + Double(place) * Self.step
            while left < samples.count, samples[left].time <= instant - window { left += 1 }
            let fit = Self.fit(
                samples, from: left, at: instant, window: window, gap: Self.gapPeriods * period)
            pans.append(fit?.pan ?? .nan)
            speeds.append(fit?.speed ?? .nan)
            unknown.append(unknown[place] + (fit == nil ? 1 : 0))
        }
    }

    /// The median interval, seconds.
    static func period(of samples: [(time: Double, pan: Double)]) -> Double {
        let intervals = zip(samples, samples.dropFirst()).map { $1.time - $0.time }.sorted()
        return intervals.isEmpty ? 0 : intervals[intervals.count / 2]
    }

    private static func fit(
        _ samples: [(time: Double, pan: Double)], from left: Int, at instant: Double,
        window: Double, gap: Double
    ) -> (pan: Double, speed: Double)? {
        var system = LinearSystem(size: 4)
        var (count, before, after) = (0, -Double.infinity, Double.infinity)
        // About the first sample's pan: what is large and common to all costs digits.
        guard left < samples.count else { return nil }
        let level = samples[left].pan
        for sample in samples[left...] {
            let u = (sample.time - instant) / window
            if u >= 1 { break }
            if u <= 0 { before = sample.time }
            if u >= 0 { after = min(after, sample.time) }
            let near = 1 - u * u
            system.add([1, u, u * u, u * u * u], sample.pan - level, weight: near * near)
            count += 1
        }
        guard count >= samplesMin, after - before <= gap, let solved = system.solved() else {
            return nil
        }
        return (level + solved[0], solved[1] / window)
    }

    /// Pan and speed at an instant in a span it knows.
    func at(_ instant: Double) -> (pan: Double, speed: Double) {
        let place = (instant - start) / Self.step
        let i = max(0, min(pans.count - 2, Int(place)))
        let u = place - Double(i)
        let (p0, p1) = (pans[i], pans[i + 1])
        let (m0, m1) = (speeds[i] * Self.step, speeds[i + 1] * Self.step)
        let (c2, c3) = (3 * (p1 - p0) - 2 * m0 - m1, 2 * (p0 - p1) + m0 + m1)
        return (p0 + u * (m0 + u * (c2 + u * c3)), (m0 + u * (2 * c2 + 3 * u * c3)) / Self.step)
    }

    /// The pan is known all through a span.
    func knows(_ span: ClosedRange<Double>) -> Bool {
        let first = Int(((span.lowerBound - start) / Self.step).rounded(.down))
        let last = Int(((span.upperBound - start) / Self.step).rounded(.up))
        guard first >= 0, last < pans.count, first <= last else { return false }
        return unknown[last + 1] == unknown[first]
    }
}
