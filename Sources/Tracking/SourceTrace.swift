import Geometry
public import Timing

/// The pan of a tracking source as it arrived, without the network's jitter: what a `DelayFit`
/// compares with pictures.
///
/// The packets go through a `Timeline`, so that what a stage refuses is refused here. Their times
/// are the source's rhythm, which is found from the whole recording: a stage knows only what has
/// come so far. Not for the frame path: it allocates.
public struct SourceTrace: Sendable {
    /// A sample as it came.
    private struct Heard: Sendable {
        var arrival: HostTime
        var pan: Double
    }

    private var timeline: Timeline
    private let stageFromTracker: Pose
    private var heard: [Heard] = []

    /// A trace of a source nothing has come from yet.
    public init(source: TrackingSource) {
        stageFromTracker = source.stageFromTracker
        timeline = Timeline(source: source)
    }

    /// What became of the packets.
    public var counters: TrackingCounters { timeline.counters }

    /// Takes a datagram of the source's port.
    public mutating func accept(
        datagram: UnsafeRawBufferPointer, sender: UInt32, arrivalTime: HostTime
    ) {
        let before = timeline.counters.accepted
        timeline.accept(datagram: datagram, sender: sender, arrivalTime: arrivalTime)
        guard timeline.counters.accepted > before, let newest = timeline.newest else { return }
        let pose = stageFromTracker * newest.trackerFromBody
        heard.append(Heard(arrival: arrivalTime, pan: pose.rotation.panTiltRoll.pan))
    }

    /// The samples so far, and what their times are uncertain by all together, seconds.
    public func samples() -> (samples: [DelayFit.Sample], jitter: Double) {
        guard let zero = heard.first?.arrival else { return ([], 0) }
        let rhythm = Rhythm(heard.map { Double($0.arrival - zero) })
        let samples = zip(heard, rhythm.times).map {
            DelayFit.Sample(time: zero + Int64($1.rounded()), pan: $0.pan)
        }
        return (samples, rhythm.uncertainty * 1e-9)
    }
}

/// When packets should have come, by when they and all others did; nanoseconds.
private struct Rhythm {
    /// Share of an error a phase takes over: the memory of 20 packets.
    private static let gain = 0.05
    /// Without a packet for so many periods a rhythm begins anew.
    private static let gapPeriods = 24.0
    /// Half the time lateness is averaged over: what is left of a jitter of 2 ms is 0.1 ms then.
    private static let span = 1.5e9
    /// From one average to the next: they change slowly.
    private static let pace = 0.25e9

    /// In the order of the arrivals.
    private(set) var times: [Double]
    /// Standard error of the mean of the times.
    private(set) var uncertainty = 0.0

    init(_ arrivals: [Double]) {
        times = arrivals
        let period = Self.period(arrivals)
        guard period > 0 else { return }
        count(period)
        even(arrivals, limit: period / 2)
    }

    /// The mean of the intervals near the median one; 0 where there are too few.
    private static func period(_ arrivals: [Double]) -> Double {
        let intervals = zip(arrivals, arrivals.dropFirst()).map { $1 - $0 }.sorted()
        guard intervals.count >= 16 else { return 0 }
        let median = intervals[intervals.count / 2]
        let near = intervals.filter { abs($0 - median) < median / 2 }
        return near.reduce(0, +) / Double(max(1, near.count))
    }

    /// Puts each packet in its period, from the last to the first.
    ///
    /// Backwards, because the network makes packets late: the last of a burst is the one that came
    /// in time, and those before it cannot stand in its period or later.
    private mutating func count(_ first: Double) {
        var period = first
        var (place, known) = (times[times.count - 1], 1.0)
        for k in times.indices.reversed().dropFirst() {
            let arrival = times[k]
            let steps = max(1, ((place - arrival) / period).rounded())
            guard steps < Self.gapPeriods else {
                (place, known) = (arrival, 1)
                continue
            }
            let expected = place - steps * period
            let error = arrival - expected
            place = expected
            times[k] = expected
            // Beyond half a period it was held up, and tells nothing of the rhythm.
            guard abs(error) <= period / 2 else { continue }
            known += 1
            let share = max(Self.gain, 1 / known)
            place += share * error
            period -= share * share / 4 * error / steps
            times[k] = place
        }
    }

    /// Moves each time to where its neighbors' arrivals, before and after, say it is in the mean.
    private mutating func even(_ arrivals: [Double], limit: Double) {
        let lateness = zip(arrivals, times).map { $0 - $1 }
        var (left, right, squares, mean) = (0, 0, 0.0, 0.0)
        var due = -Double.infinity
        let rough = times
        for k in rough.indices {
            if rough[k] >= due {
                while right < rough.count, rough[right] - rough[k] <= Self.span { right += 1 }
                while rough[k] - rough[left] > Self.span { left += 1 }
                mean = Self.middle(lateness[left..<right], limit: limit)
                due = rough[k] + Self.pace
            }
            let error = max(-limit, min(limit, lateness[k] - mean))
            squares += error * error
            times[k] = rough[k] + mean
        }
        // Half the samples are taken while the camera turns fast enough to count.
        uncertainty = (2 * squares).squareRoot() / Double(rough.count)
    }

    /// The mean of those numbers that are not further than a limit from their median: the others
    /// tell of the network.
    private static func middle(_ values: ArraySlice<Double>, limit: Double) -> Double {
        let median = values.sorted()[values.count / 2]
        let near = values.filter { abs($0 - median) <= limit }
        return near.reduce(0, +) / Double(near.count)
    }
}
