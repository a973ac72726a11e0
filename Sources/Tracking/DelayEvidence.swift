import Glibc

/// What the samples to either side of a boundary between two of them say of a step of the delay
/// there.
struct DelayEvidence: BitwiseCopyable {
    /// A step and its standard deviation, nanoseconds.
    struct Estimate: BitwiseCopyable {
        var value: Double
        var deviation: Double

        /// How many deviations it is from nothing.
        var score: Double { abs(value) / deviation }
    }

    /// Deviations from nothing at which the motion is sure of a step, and those where it has no
    /// phase to confirm it.
    ///
    /// The noise is that of bends no cubic follows as much as of trackers and networks, and not
    /// normal: in 24 simulated hours of pans, shoulder, dolly, crane and whips with up to 5 ms of
    /// jitter, 5 % of loss and bursts, 35 boundaries passed at 6; in 36 hours none passes at these.
    private static var sure: Double { 8 }
    private static var sureWithoutPhase: Double { 10 }
    /// The same next to the boundary, where there are few samples.
    private static var sureNear: Double { 5 }
    /// Least share of the tolerance by which a phase must move for a gap beside it to be a step: a
    /// lost packet and a network a little slower at once are nothing new.
    private static var phaseShare: Double { 0.45 }

    /// The source's period, nanoseconds.
    private let period: Double
    /// Steps up to this are of no interest, nanoseconds.
    private let tolerance: Double
    /// From the sample before the boundary to that after it, nanoseconds.
    private let gap: Double
    /// The step if no packet was lost, by the count of those that came, nanoseconds.
    ///
    /// A loss takes whole periods from it.
    private let counted: Double
    /// The count is the sender's own: no packet is lost without being counted.
    private let isCountSure: Bool
    /// By the sender's time.
    private var stamped: Estimate?
    /// By the motion.
    private var motion: Estimate?
    /// By the motion next to the boundary, where all of it says that there is a step.
    private var near: Estimate?
    /// By the phase of the arrivals, ± half a period.
    private var phase: Estimate?

    /// Arrivals looked at on either side, nanoseconds: 27 packets at 60 Hz, 11 at 24.
    static func settleSpan(_ period: Double) -> Int64 { Int64(max(450_000_000, 11 * period)) }
    /// Motion looked at on either side, nanoseconds: in twice this a hand's motion is a cubic, and
    /// slow trackers have six samples in it.
    static func motionSpan(_ period: Double) -> Int64 { Int64(max(220_000_000, 6.2 * period)) }

    /// The evidence at the boundary after a place.
    /// - Frame path: yes
    init(_ memory: inout DelayMemory, after place: Int, period: Double, tolerance: Int64) {
        self.period = period
        self.tolerance = Double(tolerance)
        gap = Double(memory.time(place + 1) - memory.time(place))
        (counted, isCountSure) = memory.step(after: place, period: period)
        stamped = memory.stampedStep(after: place, span: Self.settleSpan(period))
        guard stamped == nil else { return }
        phase = PhaseFit(&memory, after: place, period: period).step
        guard !isCountSure else { return }
        let span = Self.motionSpan(period)
        let wide = MotionFit(
            &memory, after: place, span: span, isCubic: true, tolerance: tolerance)
        motion = wide?.step
        guard let motion, motion.score > Self.sure else { return }
        let close = MotionFit(
            &memory, after: place, span: span * 6 / 10, isCubic: false, tolerance: tolerance)
        near = close?.step
    }

    /// The step of the delay, nanoseconds, and how sure it is; nil where there is none beyond
    /// the tolerance, or none that is sure.
    var step: Estimate? {
        if let stamped { return beyond(stamped) }
        if isCountSure {
            guard let phase else { return nil }
            return beyond(Estimate(value: inPhase(counted), deviation: phase.deviation))
        }
        return fewer ?? moved ?? shifted
    }

    private func beyond(_ step: Estimate) -> Estimate? {
        abs(step.value) > tolerance + 5 * step.deviation ? step : nil
    }

    /// More packets than the time has periods: the delay is less by that, or by more.
    private var fewer: Estimate? {
        guard let phase, counted < 0 else { return nil }
        return beyond(Estimate(value: inPhase(counted), deviation: phase.deviation))
    }

    /// The motion stands still for a moment, or leaps.
    private var moved: Estimate? {
        guard let motion, motion.score > Self.sure else { return nil }
        // A bend that no cubic follows is no step: a step is there however near one looks.
        guard let near, near.score > Self.sureNear,
            abs(near.value - motion.value) < abs(motion.value) / 4,
            phase != nil || motion.score > Self.sureWithoutPhase
        else { return nil }
        let value = inPhase(motion.value)
        // A longer delay shows as a longer gap; what else stands still is the camera.
        guard value < gap - 0.35 * period, abs(value - motion.value) < 4 * motion.deviation,
            abs(value) > tolerance
        else { return nil }
        return Estimate(value: value, deviation: motion.deviation)
    }

    /// Another phase, where the motion does not say otherwise.
    private var shifted: Estimate? {
        guard let phase, phase.score > 8 else { return nil }
        let value = inPhase(counted)
        let step = Estimate(value: value, deviation: phase.deviation)
        if let motion, motion.deviation < period / 4, motion.deviation < tolerance,
            abs(motion.value - value) > 4 * motion.deviation
        {
            return nil
        }
        // No number of lost packets brings it below the tolerance.
        if abs(phase.value) > tolerance { return step }
        // The gap and the phase are one event: that just here packets were lost as well is less
        // likely than that none was.
        let isOne = value > 0 && abs(phase.value) > Self.phaseShare * tolerance
        return isOne ? beyond(step) : nil
    }

    /// The step nearest to one that has the phase seen.
    private func inPhase(_ value: Double) -> Double {
        guard let phase, phase.deviation < period / 6 else { return value }
        return phase.value + period * ((value - phase.value) / period).rounded()
    }
}

extension DelayMemory {
    /// The time across a boundary less the periods counted in it; of the boundary alone and with
    /// one and two samples more on either side the one that says least, so that one late packet
    /// says nothing.
    mutating func step(after place: Int, period: Double) -> (nanoseconds: Double, isSure: Bool) {
        var (least, isSure) = (0.0, true)
        for more in 0...2 {
            let (from, to) = (place - more, place + 1 + more)
            guard from >= first, to < count else { return (0, false) }
            var periods: Int32 = 0
            for at in (from + 1)...to {
                let pose = heard(at)
                if pose.counted == 0 { isSure = false }
                periods += pose.counted > 0 ? pose.counted : pose.packets
            }
            let step = Double(time(to) - time(from)) - Double(periods) * period
            if more == 0 { least = step }
            if step * least <= 0 { return (0, isSure) }
            if abs(step) < abs(least) { least = step }
        }
        return (least, isSure)
    }

    /// The change of the latency by the sender's time stamps, before and after a boundary.
    mutating func stampedStep(after place: Int, span: Int64) -> DelayEvidence.Estimate? {
        guard heard(place).latency != .min, heard(place + 1).latency != .min else { return nil }
        let zero = heard(place).latency
        var (before, after) = (Mean(), Mean())
        var at = place
        while at >= first, time(place) - time(at) <= span, heard(at).latency != .min {
            before.add(Double(heard(at).latency - zero))
            at -= 1
        }
        at = place + 1
        while at < count, time(at) - time(place + 1) <= span, heard(at).latency != .min {
            after.add(Double(heard(at).latency - zero))
            at += 1
        }
        guard before.count >= 6, after.count >= 6 else { return nil }
        return DelayEvidence.Estimate(
            value: after.mean - before.mean,
            deviation: (before.variance + after.variance).squareRoot())
    }

    /// A mean and its variance.
    private struct Mean {
        var count = 0.0
        var sum = 0.0
        var squares = 0.0

        mutating func add(_ value: Double) {
            count += 1
            sum += value
            squares += value * value
        }

        var mean: Double { sum / count }
        /// Never less than that of 10 µs in one.
        var variance: Double { max(1e8, (squares - sum * mean) / (count - 1)) / count }
    }
}

/// The phase of arrivals before and after a boundary.
struct PhaseFit {
    var step: DelayEvidence.Estimate?

    init(_ memory: inout DelayMemory, after place: Int, period: Double) {
        let span = DelayEvidence.settleSpan(period)
        let zero = memory.time(place)
        var first = place
        while first > memory.first, zero - memory.time(first - 1) <= span { first -= 1 }
        var last = place + 1
        let start = memory.time(place + 1)
        while last + 1 < memory.count, memory.time(last + 1) - start <= span { last += 1 }
        guard let before = PhaseLine(&memory, first...place, at: zero, period: period),
            let after = PhaseLine(&memory, (place + 1)...last, at: start, period: period)
        else { return }
        var value = after.phase - before.phase
        // Phases are of each side's own nearest instant: the way between them has whole periods and
        // a rest.
        value += Double(start - zero).remainder(dividingBy: period)
        value = value.remainder(dividingBy: period)
        let variance = before.variance + after.variance
        step = DelayEvidence.Estimate(value: value, deviation: variance.squareRoot())
    }
}

/// A line through the phases of arrivals, at one end of them.
struct PhaseLine {
    /// Nanoseconds after an instant, ± half a period.
    var phase: Double
    var variance: Double

    /// Nil where the arrivals have no phase: they scatter all over the period.
    init?(
        _ memory: inout DelayMemory, _ places: ClosedRange<Int>, at zero: Int64, period: Double
    ) {
        let count = Double(places.count)
        let periods =
            Double(memory.time(places.upperBound) - memory.time(places.lowerBound)) / period
        // With another rate, or most packets lost, phases tell nothing; and only a wrong period
        // makes more packets than there are periods.
        let share = (count - 1) * DelayMemory.stride(period) / max(1, periods)
        guard places.count >= 6, 0.65...1.12 ~= share else { return nil }
        let turn = 2 * Double.pi / period
        var (c, s) = (0.0, 0.0)
        for place in places {
            let angle = Double(memory.time(place) - zero) * turn
            c += cos(angle)
            s += sin(angle)
        }
        // Of packets at random, 27 have a mean arrow of 0.2; of ± 5 ms in 16.7, 0.5.
        guard (c * c + s * s).squareRoot() > 0.35 * count else { return nil }
        let mean = atan2(s, c) / turn
        var (sum, sumT, sumTT, sumR, sumTR, sumRR) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        for place in places {
            let time = Double(memory.time(place) - zero)
            let rest = (time - mean).remainder(dividingBy: period)
            let t = time * 1e-9
            sum += 1
            sumT += t
            sumTT += t * t
            sumR += rest
            sumTR += t * rest
            sumRR += rest * rest
        }
        let determinant = sum * sumTT - sumT * sumT
        guard determinant > 1e-9 else { return nil }
        let slope = (sum * sumTR - sumT * sumR) / determinant
        let offset = (sumR - slope * sumT) / sum
        let squares = max(0, sumRR - offset * sumR - slope * sumTR)
        phase = mean + offset
        // Ten microseconds: what a clock's mapping errs by where nothing else does.
        variance = max(1e8, squares / (count - 2)) * sumTT / determinant
    }
}
