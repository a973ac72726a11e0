public import Timing

/// How evenly packets arrive: rate and jitter over the last 512 intervals.
///
/// Plain bytes, recorded on the frame path; the summary sorts a copy and is for whoever prints.
public struct ArrivalStatistics: BitwiseCopyable, Sendable {
    /// Intervals remembered: eight seconds at 60 Hz.
    public static var capacity: Int { 512 }

    private var intervals = InlineArray<512, Int64>(repeating: 0)
    private var count = 0
    private var last: HostTime?

    /// Nothing has arrived yet.
    public init() {}

    /// Takes an arrival.
    /// - Frame path: yes
    public mutating func record(_ arrivalTime: HostTime) {
        if let last {
            intervals[count & (Self.capacity - 1)] = arrivalTime - last
            count &+= 1
        }
        last = arrivalTime
    }

    /// What the intervals say; times in seconds.
    public struct Summary: Sendable, Equatable {
        /// Packets a second: the inverse of the mean interval.
        public var rate: Double
        /// The median interval.
        public var interval: Double
        /// Distance of half of the intervals from the median one.
        public var jitterP50: Double
        /// Distance of 99 % of the intervals from the median one.
        public var jitterP99: Double
        /// Distance of the worst interval from the median one.
        public var jitterMax: Double
    }

    /// The summary, or nil before the second arrival.
    ///
    /// Not for the frame path: it sorts.
    public func summary() -> Summary? {
        let known = min(count, Self.capacity)
        guard known > 0 else { return nil }
        var sorted: [Double] = []
        for i in 0..<known { sorted.append(Double(intervals[i]) * 1e-9) }
        sorted.sort()
        let mean = sorted.reduce(0, +) / Double(known)
        let median = sorted[known / 2]
        let distances = sorted.map { abs($0 - median) }.sorted()
        return Summary(
            rate: mean > 0 ? 1 / mean : 0, interval: median, jitterP50: distances[known / 2],
            jitterP99: distances[min(known - 1, known * 99 / 100)],
            jitterMax: distances[known - 1])
    }
}
