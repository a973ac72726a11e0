import Glibc
public import Timing

/// Watches one tracker's delay, from capture to arrival, for steps.
///
/// A FreeD packet carries no time, so a step shows in two ways only. The packets come in another
/// phase of the source's period, which tells the step but for whole periods. And the motion, put
/// down by arrival, stands still for a moment or leaps: across lost packets the camera has moved on
/// by its speed times the gap, across a longer delay it goes on where it was. Where the motion is
/// fast enough to decide, it decides; where it is not, the phase alone raises the alarm when every
/// number of periods it allows would be a change beyond the tolerance. Sources that count frames or
/// stamp their packets say the step outright.
///
/// What cannot be seen: a step of whole periods, or of less than the tolerance in phase, while the
/// camera stands still – no later motion tells of it, as motion looks alike at any delay that does
/// not change; a step across a silence of 0.2 s, as nothing is known of a tracker that was away; a
/// step at the turning point of a pan, where for a quarter of a second there is no speed. Several
/// milliseconds of jitter hide many more: better none than one too many, as an alarm that was wrong
/// once is not looked at again.
///
/// Plain bytes without a clock: a take replays it to the bit.
public struct DelayWatch: BitwiseCopyable, Sendable {
    /// A silence longer than this is a tracker that was away, nanoseconds: beyond 0.2 s a hand's
    /// motion does not tell where it was.
    static var gapMax: Int64 { 200_000_000 }

    /// The delay now less the delay when it was first heard, nanoseconds; since it was last lost.
    public private(set) var change: Int64 = 0
    /// Arrival of the first packet after the newest change; nil before the first one.
    public private(set) var changedTime: HostTime?
    /// Changes seen, there and back, since the stage was started.
    public private(set) var changes: UInt32 = 0

    /// Changes up to this are no alarm, nanoseconds.
    let tolerance: Int64
    /// Silence after which a source is lost, nanoseconds.
    let lostAfter: Int64

    var memory = DelayMemory()
    /// Place of the next boundary to be looked at, in all that is remembered since it began.
    private var next = 0

    /// Watches a source nothing has come from yet.
    ///
    /// - Parameters:
    ///   - tolerance: Changes up to this are no alarm, nanoseconds.
    ///   - lostAfter: Silence after which a source is lost, nanoseconds.
    public init(tolerance: Int64, lostAfter: Int64) {
        self.tolerance = tolerance
        self.lostAfter = lostAfter
    }

    /// The delay differs by more than the tolerance from what it was.
    ///
    /// It stays on until the delay comes back, the source is lost – what was before a tracker was
    /// started again says nothing of what is now – or the stage is started, with another delay in
    /// its file or not. It does not go off by itself: as long as the delay is another, the wall is
    /// wrong on every pan.
    public var isAlarm: Bool { change.magnitude > UInt64(tolerance) }

    /// Takes a sample that was accepted.
    ///
    /// - Parameters:
    ///   - sample: the sample.
    ///   - period: the source's period, nanoseconds; 0 while it is not known.
    ///   - counted: periods since the sample before, by the sender's own count; nil without one.
    ///   - sourceTime: when the sender says it was captured, on any clock; nil without one.
    /// - Frame path: yes
    public mutating func note(
        _ sample: TrackingSample, period: Double, counted: Int64? = nil,
        sourceTime: HostTime? = nil
    ) {
        let silence = memory.newest.map { sample.arrivalTime - $0.arrival } ?? 0
        if silence >= lostAfter || silence < -1_000_000_000 { change = 0 }
        if period <= 0 || silence > Self.gapMax || silence < -1_000_000_000 {
            memory.forget(0)
            next = 0
        }
        memory.take(
            HeardPose(sample, counted: counted, sourceTime: sourceTime), period: period)
        lookBack(period: period)
    }

    /// Looks at every boundary between two samples that has enough after it by now.
    private mutating func lookBack(period: Double) {
        while period > 0, next + 1 < memory.count {
            let settled = DelayEvidence.settleSpan(period)
            guard memory.newestTime - memory.time(next + 1) >= settled else { return }
            let step = evidence(after: next, period)
            next += 1
            if let step { accept(step, period) }
        }
    }

    private mutating func evidence(after place: Int, _ period: Double) -> DelayEvidence.Estimate? {
        DelayEvidence(&memory, after: place, period: period, tolerance: tolerance).step
    }

    /// Takes a step found at the boundary before `next`, or at one of the next ones, where it shows
    /// most: a boundary a little before the step sees a part of it.
    private mutating func accept(_ first: DelayEvidence.Estimate, _ period: Double) {
        var best = first
        for place in next..<max(next, min(next + 12, memory.count - 6)) {
            guard let step = evidence(after: place, period), step.score > best.score else {
                continue
            }
            best = step
            next = place + 1
        }
        change += Int64(best.value.rounded())
        changedTime = memory.heard(next).arrival
        changes &+= 1
        memory.forget(next)
        next = 0
    }
}

/// What is kept of a sample.
struct HeardPose: BitwiseCopyable, Sendable {
    var arrival: HostTime
    /// Unit quaternion, scalar last; single precision is a hundredth of a tracker's noise.
    var rotation: SIMD4<Float>
    /// Metres; the last one is not used.
    var position: SIMD4<Float>
    /// Periods since the sample kept before, by the sender's count; 0 without one.
    var counted: Int32
    /// Packets that came since the sample kept before, this one among them.
    var packets: Int32 = 1
    /// Arrival less the sender's time, nanoseconds; `Int64.min` without one.
    var latency: Int64

    static var none: HeardPose { HeardPose(.none, counted: nil, sourceTime: nil) }

    init(_ sample: TrackingSample, counted: Int64?, sourceTime: HostTime?) {
        arrival = sample.arrivalTime
        let (scalar, v) = (sample.rotation.scalar, sample.rotation.vector)
        rotation = SIMD4(Float(v.x), Float(v.y), Float(v.z), Float(scalar))
        position = SIMD4(
            Float(sample.position.x), Float(sample.position.y), Float(sample.position.z), 0)
        self.counted = Int32(clamping: counted ?? 0)
        latency = sourceTime.map { sample.arrivalTime - $0 } ?? .min
    }
}

/// The samples of the last second, those left out that came at once with a later one.
///
/// Reading it may change it, as far as the compiler knows: a call of what may not copies it all.
/// What the network held up and delivered at once is as late as the last of it is not: only that
/// one tells of delay. Of fast sources one sample in about 17 ms is kept.
struct DelayMemory: BitwiseCopyable, Sendable {
    /// A second at 60 Hz.
    private static var capacity: Int { 64 }
    /// Closer than this to the next, in periods, a sample came at once with it: 16 ms less two
    /// times a jitter of 5 ms is 0.4 periods.
    private static var clusterPeriods: Double { 0.35 }
    /// Samples are kept this far apart where they come faster, nanoseconds.
    private static var spacing: Double { 17_500_000 }

    private var ring = InlineArray<64, HeardPose>(repeating: .none)
    private var newestPlace = 0
    /// Samples kept since it began.
    private(set) var count = 0
    /// The newest sample, kept or not: whether it came at once with the next is not known yet.
    private(set) var newest: HeardPose?
    /// Of the samples since the one kept last, but for the newest.
    private var countedSince: Int32 = 0
    private var packetsSince: Int32 = 0

    /// Samples a period of these is kept for.
    static func stride(_ period: Double) -> Double { max(1, (spacing / period).rounded(.down)) }

    mutating func take(_ pose: HeardPose, period: Double) {
        guard period > 0 else { return newest = pose }
        if let newest, Double(pose.arrival - newest.arrival) >= Self.clusterPeriods * period {
            keep(newest, period: period)
        }
        countedSince &+= pose.counted
        packetsSince &+= 1
        newest = pose
    }

    private mutating func keep(_ pose: HeardPose, period: Double) {
        let apart = (Self.stride(period) - 0.5) * period
        guard
            count == 0 || Self.stride(period) == 1
                || Double(pose.arrival - heard(count - 1).arrival) >= apart
        else { return }
        newestPlace = (newestPlace + 1) & (Self.capacity - 1)
        ring[newestPlace] = pose
        ring[newestPlace].counted = countedSince
        ring[newestPlace].packets = packetsSince
        (countedSince, packetsSince) = (0, 0)
        count += 1
    }

    /// Forgets what came before a place, which becomes place 0; a place of 0 forgets all.
    mutating func forget(_ place: Int) {
        count = place > 0 ? count - place : 0
        if place == 0 {
            newest = nil
            (countedSince, packetsSince) = (0, 0)
        }
    }

    /// The first place that is still remembered.
    var first: Int { max(0, count - Self.capacity) }

    /// The sample of a place, `first` ..< `count`.
    mutating func heard(_ place: Int) -> HeardPose {
        // By the span: an element read by the array's own subscript copies the whole of it.
        ring.span[(newestPlace - (count - 1 - place)) & (Self.capacity - 1)]
    }

    /// Arrival at a place, nanoseconds.
    mutating func time(_ place: Int) -> Int64 { heard(place).arrival.nanoseconds }

    /// Arrival of the newest kept sample, nanoseconds.
    var newestTime: Int64 {
        mutating get { time(count - 1) }
    }
}
