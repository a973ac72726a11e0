import Timing

/// The rhythm of a source that sends no time: when each packet should have come.
///
/// A tracker sends at an even rate; the network adds delay that changes from packet to packet. The
/// clock counts periods (slots) and holds a line through arrival against slot: a recursive
/// least-squares fit with growing memory (weights 2(2n−1)/(n(n+1)) and 6/(n(n+1))) that becomes an
/// α-β filter of 40 packets, which leaves about a quarter of the arrival jitter. An error counts at
/// most an eighth of a period, so a burst hardly moves it. The period itself is found as the median
/// of sixteen intervals, and found anew when they say that the rate has changed.
struct SourceClock: BitwiseCopyable, Sendable {
    /// Packets the filter remembers.
    private static var memory: Double { 40 }
    /// Packets a period found as a median is worth.
    private static var memoryAtStart: Double { 8 }
    /// Intervals that must be known before a rhythm is believed.
    private static var intervalsNeeded: Int { 8 }

    /// One period, nanoseconds; 0 while it is not known.
    private(set) var period: Double = 0
    /// When the newest slot's packet should have come.
    private(set) var time = HostTime(nanoseconds: 0)
    /// The newest slot.
    private(set) var slot: Int64 = 0
    /// What `time` leaves out, at most half a nanosecond: without it corrections below half a
    /// nanosecond were rounded away, and two clocks of one source stayed up to 6 ns apart for ever.
    private var rest: Double = 0
    private var lastArrival = HostTime(nanoseconds: 0)
    private var weight: Double = 0
    private var intervals = InlineArray<16, Int64>(repeating: 0)
    private var intervalCount = 0

    /// Starts with a first packet, or again after a long silence; the period stays known.
    mutating func start(at arrival: HostTime) {
        stand(at: arrival)
        lastArrival = arrival
        slot += 1
        weight = Self.memoryAtStart
    }

    /// Slots from the newest one to a packet that came now; 0 = it shares the newest one's.
    ///
    /// `counted` is what the sender's own four-bit frame counter says modulo 16, if it has one.
    func slots(to arrival: HostTime, counted: Int64?) -> Int64 {
        guard period > 0 else { return counted ?? 1 }
        // The network makes packets late, seldom early: late by less than ¾ of a period is late,
        // more is a lost packet before this one.
        let nearest = Int64((Double(arrival - time) / period + 0.25).rounded(.down))
        guard let counted else { return max(0, nearest) }
        // The number nearest to what the arrival says that is congruent to the counter.
        let turns = Int64((Double(nearest - counted) / 16).rounded())
        return max(counted, counted + 16 * turns)
    }

    /// Takes a packet that stands `steps` slots on (0: in the newest slot, which does not move).
    mutating func advance(to arrival: HostTime, by steps: Int64) {
        remember(interval: arrival - lastArrival)
        lastArrival = arrival
        if relockIfNeeded(at: arrival, by: steps) { return }
        if steps == 0 { return }
        slot += steps
        guard period > 0 else { return stand(at: arrival) }
        let expected = Double(steps) * period + rest
        let limit = period / 8
        let raw = Double(arrival - time) - expected
        let error = max(-limit, min(limit, raw))
        weight = min(weight + 1, Self.memory)
        let scale = weight * (weight + 1)
        move(by: expected + error * 2 * (2 * weight - 1) / scale)
        // A packet off by more says something of the network and nothing of the source's rate.
        if error == raw { period += error * 6 / scale / Double(steps) }
    }

    private mutating func stand(at instant: HostTime) {
        time = instant
        rest = 0
    }

    private mutating func move(by nanoseconds: Double) {
        let whole = nanoseconds.rounded()
        time = time + Int64(whole)
        rest = nanoseconds - whole
    }

    private mutating func remember(interval: Int64) {
        intervals[intervalCount % 16] = interval
        intervalCount += 1
    }

    /// Finds the period for the first time, or again when most intervals say it has changed.
    private mutating func relockIfNeeded(at arrival: HostTime, by steps: Int64) -> Bool {
        guard intervalCount >= (period > 0 ? 16 : Self.intervalsNeeded) else { return false }
        if period > 0, intervalCount % 4 != 0 { return false }
        let median = Double(medianInterval())
        let difference = abs(median - period)
        guard median > 500_000, difference > period / 12 else { return false }
        if period > 0, difference < period / 5 {
            // The filter has been led astray, the rhythm is the same: only the period is put right.
            period = median
            weight = Self.memoryAtStart
            return false
        }
        period = median
        stand(at: arrival)
        slot += max(1, steps)
        weight = Self.memoryAtStart
        return true
    }

    private func medianInterval() -> Int64 {
        let count = min(16, intervalCount)
        var sorted = intervals
        for i in 1..<count {
            let value = sorted[i]
            var j = i
            while j > 0, sorted[j - 1] > value {
                sorted[j] = sorted[j - 1]
                j -= 1
            }
            sorted[j] = value
        }
        // Not the mean of the middle two: where every second packet is lost, or comes in a pair, it
        // would be an interval that nobody keeps.
        return sorted[count / 2]
    }
}
