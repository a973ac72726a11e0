import Timing

/// A source's own clock against ours: the least that its messages took to come.
///
/// The way of a message through the network adds delay and never takes any away, so the smallest
/// difference between arrival and stamp is the nearest to the truth; it rises by at most
/// `driftMax` of the time that passes, which follows clocks that run apart and forgets a stamp that
/// was wrong. What every message takes at least cannot be told from a clock that is late: it is
/// part of the source's `delay`.
struct ClockMap: BitwiseCopyable, Sendable {
    /// Two clocks run apart by less than this share of the time: 100 ppm are usual at worst.
    private static var driftMax: Double { 150e-6 }
    /// A stamp further from what is expected is not believed, nanoseconds: 250 ms.
    private static var strange: Int64 { 250_000_000 }
    /// Strange stamps, one after another, that tell of a clock that has been set.
    private static var strangersBelieved: Int { 6 }

    /// Host clock less the source's; nil before the first stamp.
    private(set) var offset: Int64?
    /// Times the source's clock was found to have been set.
    private(set) var steps: UInt64 = 0
    private var strangers = 0
    private var lastArrival = HostTime(nanoseconds: 0)

    /// A stamp on the host clock; nil for one that is not believed.
    mutating func host(stamp: TAITime, arrivalTime: HostTime) -> HostTime? {
        let (difference, overflows) = arrivalTime.nanoseconds.subtractingReportingOverflow(
            stamp.nanoseconds)
        guard !overflows, let known = offset else {
            if overflows { return nil }
            return start(difference, arrivalTime)
        }
        let (excess, isAbsurd) = difference.subtractingReportingOverflow(known)
        guard !isAbsurd, excess.magnitude <= UInt64(Self.strange) else {
            strangers += 1
            guard strangers >= Self.strangersBelieved else { return nil }
            steps &+= 1
            return start(difference, arrivalTime)
        }
        strangers = 0
        let elapsed = Double(max(0, arrivalTime - lastArrival))
        let rise = Int64((elapsed * Self.driftMax).rounded(.up))
        let followed = known + min(excess, rise)
        offset = followed
        lastArrival = arrivalTime
        return HostTime(nanoseconds: stamp.nanoseconds + followed)
    }

    private mutating func start(_ difference: Int64, _ arrivalTime: HostTime) -> HostTime {
        offset = difference
        strangers = 0
        lastArrival = arrivalTime
        return arrivalTime
    }
}
