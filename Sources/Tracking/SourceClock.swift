import Timing

/// The rhythm of a source that sends no time: when each packet should have come.
///
/// A tracker sends at an even rate; the network adds delay that changes from packet to packet. The
/// clock counts periods (slots) and holds a line through the arrivals of the last 56 slots heard,
/// fitted anew with each: by least squares that count a packet the less the further it is from the
/// line before (Huber's weights), so a burst hardly moves it, a line that has gone astray finds
/// back, and about a quarter of the arrival jitter is left. The first period is the mean of eight
/// intervals where none of them is a lost packet's or a pair's, else their median; where both of
/// sixteen say that it has changed, or several packets on end are off by more than half of it, the
/// line begins anew.
struct SourceClock: BitwiseCopyable, Sendable {
    /// Arrivals the line goes through.
    private static var memory: Int { 56 }
    /// Intervals that must be known before a rhythm is believed, or a line's slope.
    private static var intervalsNeeded: Int { 8 }
    /// Packets on end, all early or all late by half a period, that are believed.
    private static var straysBelieved: Int { 4 }
    /// Periods that trackers have, nanoseconds: 4 kHz … one packet in two seconds.
    private static var periods: ClosedRange<Double> { 250_000...2_000_000_000 }

    /// One period, nanoseconds; 0 while it is not known.
    private(set) var period: Double = 0
    /// When the newest slot's packet should have come.
    private(set) var time = HostTime(nanoseconds: 0)
    /// The newest slot.
    private(set) var slot: Int64 = 0
    private var lastArrival = HostTime(nanoseconds: 0)
    private var intervals = InlineArray<16, Int64>(repeating: 0)
    private var intervalCount = 0
    /// Intervals up to the newest packet that was refused as a repeat.
    private var intervalsToRepeat = -16
    /// Intervals since the rhythm was last looked at.
    private var newIntervals = 0
    /// Packets on end off by more than half a period; negative where they are early.
    private var strays = 0
    /// Mean magnitude of the errors of the arrivals the line goes through, nanoseconds.
    private(set) var scatter: Double = 0
    /// What the line goes through, a ring.
    private var heard = InlineArray<64, Arrival>(
        repeating: Arrival(slot: 0, time: HostTime(nanoseconds: 0)))
    private var heardCount = 0
    private var newestPlace = 0

    /// The first packet of a slot.
    private struct Arrival: BitwiseCopyable {
        var slot: Int64
        var time: HostTime
    }

    /// Starts with a first packet, or again after a long silence; the period stays known.
    mutating func start(at arrival: HostTime) {
        time = arrival
        lastArrival = arrival
        slot += 1
        heardCount = 0
        strays = 0
        push(arrival)
    }

    /// Slots from the newest one to a packet that came now; 0 = it shares the newest one's.
    ///
    /// `counted` is what the sender's own four-bit frame counter says modulo 16, if it has one.
    @inline(__always)
    func slots(to arrival: HostTime, counted: Int64?) -> Int64 {
        guard period > 0 else { return counted ?? 1 }
        // The network makes packets late, seldom early: late by less than ¾ of a period is late,
        // more is a lost packet before this one. Where they scatter widely it is both.
        let early = max(0.25, min(0.4, 4 * scatter / period))
        let nearest = Int64((Double(arrival - time) / period + early).rounded(.down))
        guard let counted else { return max(0, nearest) }
        // The number nearest to what the arrival says that is congruent to the counter.
        let turns = Int64((Double(nearest - counted) / 16).rounded())
        return max(counted, counted + 16 * turns)
    }

    /// Takes a packet that stands `steps` slots on (0: in the newest slot, which does not move).
    mutating func advance(to arrival: HostTime, by steps: Int64) {
        hear(arrival)
        guard steps > 0 else { return }
        slot += steps
        push(arrival)
        if let found = lock() { return fit(near: found) }
        guard period > 0 else { return time = arrival }
        let expected = time + Int64((Double(steps) * period).rounded())
        noteStray(Double(arrival - expected))
        fit(near: heardCount == 1 ? arrival : expected)
    }

    /// Notes a packet that is refused as a repeat, but may be the source's own.
    mutating func hearRepeat(_ arrival: HostTime) {
        hear(arrival)
        intervalsToRepeat = intervalCount
    }

    /// Notes that a packet came.
    private mutating func hear(_ arrival: HostTime) {
        intervals[intervalCount % 16] = arrival - lastArrival
        intervalCount += 1
        newIntervals += 1
        lastArrival = arrival
    }

    private mutating func push(_ arrival: HostTime) {
        newestPlace = (newestPlace + 1) & 63
        heard[newestPlace] = Arrival(slot: slot, time: arrival)
        heardCount = min(heardCount + 1, Self.memory)
    }

    /// Packets that all come late by as much have another way now: what was before is forgotten.
    private mutating func noteStray(_ error: Double) {
        guard error.magnitude > period / 2 else { return strays = 0 }
        strays = error > 0 ? max(0, strays) + 1 : min(0, strays) - 1
        guard abs(strays) >= Self.straysBelieved else { return }
        heardCount = 1
        strays = 0
    }

    /// Fits the line, from one that passes the newest slot at an instant.
    private mutating func fit(near instant: HostTime) {
        let newest = heard.span[newestPlace]
        var offset = Double(instant - newest.time)
        for _ in 0..<2 {
            scatter = meanError(offset, newest)
            let limit = max(period / 32, 2 * scatter)
            var (sum, sumX, sumXX, rest, restX) = (0.0, 0.0, 0.0, 0.0, 0.0)
            for back in 0..<heardCount {
                let (x, error) = error(back, offset, newest)
                let weight = error.magnitude > limit ? limit / error.magnitude : 1
                sum += weight
                sumX += weight * x
                sumXX += weight * x * x
                rest += weight * error
                restX += weight * x * error
            }
            // A burst may lie in one slot, and has no slope.
            let spread = sum * sumXX - sumX * sumX
            guard heardCount > Self.intervalsNeeded, spread > 0 else {
                offset += rest / sum
                continue
            }
            // No source is that far from its median.
            let steeper = (sum * restX - sumX * rest) / spread
            let slope = max(-period / 4, min(period / 4, steeper))
            offset += (rest - slope * sumX) / sum
            period += slope
        }
        time = newest.time + Int64(offset.rounded())
    }

    /// Slots from the newest to one before it, and how late that came by the line.
    @inline(__always)
    private mutating func error(
        _ back: Int, _ offset: Double, _ newest: Arrival
    ) -> (x: Double, error: Double) {
        let arrival = heard.span[(newestPlace - back) & 63]
        let x = Double(arrival.slot - newest.slot)
        return (x, Double(arrival.time - newest.time) - offset - period * x)
    }

    /// The mean magnitude of the errors, where one packet counts an eighth of a period at most.
    private mutating func meanError(_ offset: Double, _ newest: Arrival) -> Double {
        var sum = 0.0
        for back in 0..<heardCount {
            sum += min(error(back, offset, newest).error.magnitude, period / 8)
        }
        return sum / Double(heardCount)
    }

    /// Finds the period for the first time, or again when most intervals say it has changed.
    ///
    /// Returns about when the newest slot's packet should have come; nil where nothing is new.
    private mutating func lock() -> HostTime? {
        guard intervalCount >= (period > 0 ? 16 : Self.intervalsNeeded) else { return nil }
        if period > 0, newIntervals < 4 { return nil }
        newIntervals = 0
        let seen = intervalsSeen()
        guard Self.periods.contains(seen.period) else { return nil }
        if period > 0 {
            // A median of intervals that differ much is no better than what is known. One of
            // arrivals on a timer's ticks is a multiple of them, whatever the source's period; a
            // mean that is off as well says that it is news.
            let isNews = max(
                period / 50, min(4 * seen.middleHalf, max(period / 12, seen.middleHalf)))
            guard abs(seen.period - period) > isNews,
                abs(seen.mean - period) > max(isNews, seen.meanError)
            else { return nil }
            // Two copies of each packet are two thirds and one third of a period apart.
            let hasRepeats = intervalCount - intervalsToRepeat < 16
            guard !hasRepeats || seen.middleHalf < seen.period / 4 else { return nil }
        }
        period = seen.period
        strays = 0
        return recount()
    }

    /// Gives the newest arrivals their slots by the rhythm just found; returns when the newest
    /// should have come by the earliest of them.
    private mutating func recount() -> HostTime {
        let newest = heard.span[newestPlace]
        heardCount = min(heardCount, Self.intervalsNeeded + 1)
        var offset = 0.0
        for back in 0..<heardCount {
            let place = (newestPlace - back) & 63
            let behind = Double(newest.time - heard.span[place].time)
            let slots = (behind / period).rounded()
            heard[place].slot = newest.slot - Int64(slots)
            // The network makes packets late, seldom early.
            offset = min(offset, slots * period - behind)
        }
        return newest.time + Int64(offset.rounded())
    }

    /// What the newest intervals say of the period.
    private struct Seen {
        /// The most likely period.
        var period: Double
        var mean: Double
        /// What the mean errs by at most where arrivals wait for a timer's ticks.
        var meanError: Double
        /// How far apart the middle half of the intervals is.
        var middleHalf: Double
    }

    private func intervalsSeen() -> Seen {
        let count = min(16, intervalCount)
        var sorted = intervals
        var sum = Double(sorted[0])
        for i in 1..<count {
            let value = sorted[i]
            sum += Double(value)
            var j = i
            while j > 0, sorted[j - 1] > value {
                sorted[j] = sorted[j - 1]
                j -= 1
            }
            sorted[j] = value
        }
        // Not the mean of the middle two: where every second packet is lost, or comes in a pair, it
        // would be an interval that nobody keeps.
        let median = Double(sorted[count / 2])
        let (mean, least, most) = (
            sum / Double(count), Double(sorted[0]), Double(sorted[count - 1])
        )
        let middleHalf = Double(sorted[count * 3 / 4] - sorted[count / 4])
        // Where most intervals are alike, a few others are of lost packets; eight say too little.
        let isEven = period == 0 || most - least < mean / 4 || middleHalf > mean / 8
        let isWhole = isEven && least > mean / 2 && most < mean * 1.5
        return Seen(
            period: isWhole ? mean : median, mean: mean,
            meanError: 1.25 * (most - least) / Double(count), middleHalf: middleHalf)
    }
}
