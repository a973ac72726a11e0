public import Geometry
public import Timing

/// The recent past of one tracking source, and from it the camera at any instant.
///
/// Plain bytes: no clock, no allocation, no lock. They are tens of kilobytes, and a call of a
/// method that may not change them copies them all: what a packet or a frame asks for is inlined,
/// takes its parts, or may change them. Every packet of the source's port goes to
/// `accept`; `cameraState` answers without changing anything, as often as asked. FreeD carries no
/// time: a `SourceClock` finds the source's rhythm and gives each sample its place in it. Where a
/// source stamps its samples, a `ClockMap` finds their place on our clock.
public struct Timeline: BitwiseCopyable, Sendable {
    /// Samples remembered: one second at 60 Hz.
    public static var capacity: Int { 64 }
    /// A body faster than this is a wild packet, metres a second.
    static var speedLimit: Double { 100 }
    /// A body turning faster than this is a wild packet, radians a second: 120° a 60 Hz frame.
    static var turningLimit: Double { 7200 * .pi / 180 }
    /// Wild packets that agree with one another and are then believed.
    static var wildPacketsBelieved: Int { 3 }
    /// Time to blend from the held pose back to the tracked one, nanoseconds.
    static var blendNanoseconds: Double { 100_000_000 }

    /// Samples in memory, at most `capacity`.
    public private(set) var sampleCount = 0
    /// Time from capture to arrival, nanoseconds: what is asked for is looked up this much later.
    public private(set) var delay: Int64
    /// The same for what samples say of the lens.
    public private(set) var lensDelay: Int64
    /// What the source last said of how its lens bends its picture.
    public internal(set) var shape = LensShape()
    /// The source said last that it records.
    public internal(set) var isRecording = false
    /// The recorded area of the sensor as the source last said it; nil where it never did.
    public internal(set) var sensor: Sensor?
    /// Whether the source's delay is still what it was.
    public private(set) var delayWatch: DelayWatch

    let transport: TrackingSource.Transport
    let stageFromTracker: Pose
    let scale: Double
    let staleAfter: Int64
    let lostAfter: Int64
    let positionLimit: Double
    /// Packets a second by the stage file; nil: it says none.
    let statedRate: Double?
    let prediction: Prediction

    /// What became of the messages, but for what the assembler has counted.
    var tally = TrackingCounters()
    /// Datagrams of an OpenTrackIO source on their way to a payload.
    var assembler: OpenTrackIOAssembler
    /// Whose datagrams the assembler has; 0 before the first.
    var assembledSpeaker: UInt64 = 0
    /// An OpenTrackIO source's clock against ours.
    var clockMap = ClockMap()
    private var samples = InlineArray<64, TrackingSample>(repeating: .none)
    private var newestPlace = 0
    /// Newest samples that belong to one unbroken motion.
    private var motionCount = 0
    private var clock = SourceClock()
    private var motion = Motion(sample: .none)
    /// What was shown before the newest samples came, while it is blended away.
    private var heldMotion = Motion(sample: .none)
    private var returnTime: HostTime?
    private var wild = TrackingSample.none
    private var wildCount = 0

    /// A timeline without samples; one of a `fixed` source never has any.
    public init(source: TrackingSource) {
        transport = source.transport
        var rule = OpenTrackIOHeader.ChecksumRule.published
        if case .openTrackIO(let options) = source.transport { rule = options.checksum }
        assembler = OpenTrackIOAssembler(rule: rule)
        stageFromTracker = source.stageFromTracker
        scale = source.scale
        delay = Int64((source.delay * 1e9).rounded())
        lensDelay = Int64((source.lensDelay * 1e9).rounded())
        staleAfter = Int64((source.staleAfter * 1e9).rounded())
        lostAfter = Int64((source.lostAfter * 1e9).rounded())
        positionLimit = source.positionLimit
        statedRate = source.packetsPerSecond
        prediction = source.prediction
        delayWatch = DelayWatch(
            tolerance: Int64((source.delayTolerance * 1e9).rounded()), lostAfter: lostAfter)
    }

    /// What became of the packets.
    public var counters: TrackingCounters { tally.adding(assembler.counters) }

    /// The newest sample, or nil before the first.
    public var newest: TrackingSample? {
        @inline(__always) get { sampleCount > 0 ? sample(back: 0) : nil }
    }

    /// When the newest sample was measured, host clock; nil before the first.
    public var newestCaptureTime: HostTime? { newest.map { $0.dueTime + -delay } }

    /// The source's packets a second, or nil while its rhythm is not known.
    public var rate: Double? { clock.period > 0 ? 1e9 / clock.period : nil }

    /// How the source keeps time; may change the timeline only so that it is not copied.
    /// - Frame path: yes
    public mutating func timekeeping() -> Timekeeping {
        let rate = clock.period > 0 ? 1e9 / clock.period : 0
        return Timekeeping(
            rate: rate, isRateWrong: rate > 0 && abs(rate / (statedRate ?? rate) - 1) > 0.02,
            jitterNanoseconds: clock.scatter, isClockWrong: isClockWrong,
            clockOffset: clockMap.offset ?? 0)
    }

    /// The sender the timeline listens to, IPv4 in host byte order; 0 before the first sample.
    public var sender: UInt32 { UInt32(truncatingIfNeeded: speaker >> 16) }

    /// Host clock less the source's own clock, nanoseconds; nil where it sends no stamps.
    public var clockOffset: Int64? { clockMap.offset }

    /// Its stamps are said to be of PTP time, and the newest cannot be of this machine's.
    var isClockWrong = false

    /// Times the source's own clock was found to have been set.
    public var clockSteps: UInt64 { clockMap.steps }

    /// Who said the newest sample.
    var speaker: UInt64 {
        @inline(__always) get { sampleCount > 0 ? sample(back: 0).speaker : 0 }
    }

    /// Changes how late samples come, nanoseconds; those in memory are read by it too.
    /// - Frame path: yes
    public mutating func setDelay(_ pose: Int64, lens: Int64) {
        (delay, lensDelay) = (pose, lens)
    }

    /// Takes one datagram of the source's port, whatever it holds.
    ///
    /// - Parameters:
    ///   - datagram: its payload.
    ///   - sender: IPv4 address, host byte order.
    ///   - senderPort: UDP port it was sent from.
    ///   - arrivalTime: when the kernel had it, host clock.
    ///   - clock: the clocks of now, for stamps of PTP; nil: they are taken for a clock of the
    ///     tracker's own.
    /// - Frame path: yes
    public mutating func accept(
        datagram: UnsafeRawBufferPointer, sender: UInt32, senderPort: UInt16 = 0,
        arrivalTime: HostTime, clock: ClockSample? = nil
    ) {
        switch transport {
        case .fixed: return
        case .freeD(let options):
            accept(freeD: datagram, options, sender: sender, arrivalTime: arrivalTime)
        case .openTrackIO(let options):
            accept(
                openTrackIO: datagram, options, speaker: UInt64(sender) << 16 | UInt64(senderPort),
                arrivalTime: arrivalTime, clock: clock)
        }
    }

    /// The first who speaks has the line until silent for `staleAfter`: two trackers that send to
    /// one port by mistake shall not shake the wall between them.
    mutating func isHeard(_ speaker: UInt64, at arrivalTime: HostTime) -> Bool {
        guard let newest = liveSample(at: arrivalTime) else { return true }
        return newest.speaker == speaker
    }

    /// The newest sample while its speaker has the line.
    mutating func liveSample(at arrivalTime: HostTime) -> TrackingSample? {
        guard sampleCount > 0 else { return nil }
        let newest = recall(0)
        return arrivalTime - newest.arrivalTime < staleAfter ? newest : nil
    }

    /// Takes one message's sample.
    ///
    /// False when it is refused.
    @discardableResult
    mutating func take(_ incoming: TrackingSample) -> Bool {
        var sample = incoming
        // Squares that overflow are not below the limit either, nor is a NaN.
        guard sample.position.isFinite, sample.position.length <= positionLimit else {
            tally.refusedPose &+= 1
            return false
        }
        guard sampleCount > 0 else { return begin(sample) }
        let newest = recall(0)
        let silence = sample.arrivalTime - newest.arrivalTime
        if silence < -1_000_000_000 || silence >= lostAfter { return resume(sample) }
        // Stamps of one burst may cross by the jitter of the clock mapping.
        guard silence >= -2_000_000, !isOlder(sample, than: newest) else {
            tally.outOfOrder &+= 1
            return false
        }
        if silence < 0 {
            sample.arrivalTime = newest.arrivalTime
            if !sample.isStamped { sample.stamp = newest.arrivalTime }
        }
        if isRepeated(sample, silence: silence) { return false }

        let isOtherSender = newest.speaker != sample.speaker
        var counted: Int64?
        if case .freeD(let options) = transport, options.countsFrames, !isOtherSender {
            let step = Int64(sample.count &- newest.count) & 15
            if step == 0 || step > 8 {
                tally.outOfOrder &+= 1
                return false
            }
            counted = step
        }
        let steps = clock.slots(to: sample.stamp, counted: counted)
        let due = max(Double(steps), 0.5) * clock.period
        if Self.isWild(sample, after: newest, due: due) { return takeWild(sample) }
        wildCount = 0
        guard append(sample, steps: steps) else { return false }
        delayWatch.note(
            sample, period: clock.period, counted: counted, sourceTime: sample.sourceTime)
        if isOtherSender { motionCount = 1 }
        let held = motion
        refitMotion()
        if Double(silence) > held.patience { startBlend(from: held) }
        return true
    }

    /// The first sample ever.
    private mutating func begin(_ sample: TrackingSample) -> Bool {
        clock.start(at: sample.stamp)
        push(sample)
        delayWatch.note(sample, period: clock.period, sourceTime: sample.sourceTime)
        motionCount = 1
        tally.accepted &+= 1
        refitMotion()
        return true
    }

    /// The first sample after a long silence or a believed jump: a new motion, blended in.
    private mutating func resume(_ sample: TrackingSample) -> Bool {
        let held = motion
        if sample.arrivalTime < held.sample.arrivalTime {
            // The clock itself went back: nothing in memory has a place on it any more.
            sampleCount = 0
        }
        _ = begin(sample)
        if sample.arrivalTime > held.sample.arrivalTime { startBlend(from: held) }
        return true
    }

    private mutating func startBlend(from held: Motion) {
        // A blend under way runs on: the gap was shorter than the blend, and so is the step.
        if let returnTime, Double(motion.sample.arrivalTime - returnTime) < Self.blendNanoseconds {
            return
        }
        heldMotion = held
        returnTime = motion.sample.arrivalTime
    }
}

// MARK: - What is refused

extension Timeline {
    /// Stamped by its own clock as measured before the newest one.
    @inline(__always)
    private func isOlder(_ sample: TrackingSample, than newest: TrackingSample) -> Bool {
        guard sample.isStamped, newest.isStamped else { return false }
        return Double(sample.stamp - newest.stamp) < -0.5 * clock.period
    }

    /// The newest message again within half a period, or an older one away from the camera.
    private mutating func isRepeated(_ sample: TrackingSample, silence: Int64) -> Bool {
        let newest = recall(0)
        let half = clock.period > 0 ? clock.period / 2 : 1_000_000
        if newest.fingerprint == sample.fingerprint {
            guard Double(silence) < half else { return false }
            // A camera at rest says the same each time; where it does so faster than before, only
            // the rhythm tells it from a network's doubles.
            if sampleCount > 1, recall(1).fingerprint == newest.fingerprint {
                clock.hearRepeat(sample.stamp)
            }
            tally.duplicates &+= 1
            return true
        }
        // With no live stream beside it, an old message is as good as any other.
        guard clock.period > 0, Double(silence) < 1.5 * clock.period else { return false }
        guard isRemembered(sample.fingerprint) else { return false }
        let expected = motion.moved(by: Double(silence) * 1e-9)
        let turn = (sample.rotation * expected.rotation.conjugate).rotationVector.length
        let way = (sample.position - expected.position).length
        // Heads with coarse encoders do say the same twice: a replay shows in a step back.
        guard Double(silence) < half || turn > 0.1 * .pi / 180 || way > 0.005 else { return false }
        tally.replayed &+= 1
        return true
    }

    private mutating func isRemembered(_ fingerprint: UInt64) -> Bool {
        for back in 1..<max(1, sampleCount) where recall(back).fingerprint == fingerprint {
            return true
        }
        return false
    }

    private static func isWild(
        _ sample: TrackingSample, after other: TrackingSample, due: Double
    ) -> Bool {
        let elapsed = Double(sample.arrivalTime - other.arrivalTime)
        // Two at a time: `max` of more takes them as an array, and that is an allocation.
        let seconds = max(max(elapsed, due), 2_000_000) * 1e-9
        let way = (sample.position - other.position).length
        let turn = (sample.rotation * other.rotation.conjugate).rotationVector.length
        return way > speedLimit * seconds || turn > turningLimit * seconds
    }

    /// One wild packet is refused; several that agree are where the camera now is.
    private mutating func takeWild(_ sample: TrackingSample) -> Bool {
        if wildCount > 0, !Self.isWild(sample, after: wild, due: clock.period) {
            wildCount += 1
        } else {
            wildCount = 1
        }
        wild = sample
        if wildCount < Self.wildPacketsBelieved {
            tally.refusedPose &+= 1
            return false
        }
        wildCount = 0
        return resume(sample)
    }
}

// MARK: - Memory and motion

extension Timeline {
    /// The same as `sample(back:)`, where the timeline may change: read in place.
    private mutating func recall(_ back: Int) -> TrackingSample {
        samples.span[(newestPlace - back) & (Self.capacity - 1)]
    }

    @inline(__always)
    func sample(back: Int) -> TrackingSample {
        // By the span: an element read by the array's own subscript copies all ten kilobytes.
        samples.span[(newestPlace - back) & (Self.capacity - 1)]
    }

    private mutating func push(_ incoming: TrackingSample) {
        var sample = incoming
        sample.dueTime = sample.isStamped ? sample.stamp : clock.time
        sample.slot = clock.slot
        if sampleCount > 0 {
            // A rhythm found anew may step back a little; time in memory only goes forward.
            sample.dueTime = max(sample.dueTime, recall(0).dueTime + 1000)
        }
        newestPlace = (newestPlace + 1) & (Self.capacity - 1)
        samples[newestPlace] = sample
        sampleCount = min(sampleCount + 1, Self.capacity)
    }

    /// False when it has its place among the older ones.
    private mutating func append(_ sample: TrackingSample, steps: Int64) -> Bool {
        if steps == 0, isOvertaken(sample) {
            tally.outOfOrder &+= 1
            return false
        }
        tally.accepted &+= 1
        clock.advance(to: sample.stamp, by: steps)
        if steps == 0, !closeGap(until: sample.stamp) {
            // Two messages in one slot: the later one is the truth about it.
            newestPlace = (newestPlace - 1) & (Self.capacity - 1)
            sampleCount -= 1
            push(sample)
            return true
        }
        if steps > 1 { tally.lost &+= UInt64(steps - 1) }
        motionCount = min(motionCount + 1, Self.capacity)
        push(sample)
        return true
    }

    /// A message without a stamp that shares the newest one's slot, and belongs to the gap before
    /// it: the network let the newest overtake it.
    ///
    /// Where the body moves, such a message is nearer to the way between the gap's two ends than to
    /// the newest; one of a burst lies beyond the newest.
    private mutating func isOvertaken(_ sample: TrackingSample) -> Bool {
        guard !sample.isStamped else { return false }
        var after = recall(0)
        for back in 1..<max(1, min(4, sampleCount)) {
            let before = recall(back)
            if after.slot - before.slot > 1 {
                let middle = Placement(before).blended(to: Placement(after), by: 0.5)
                let half = Self.distance(Placement(before), Placement(after)) / 2
                let own = Placement(sample)
                return half > 0 && Self.distance(own, middle) <= half
                    && Self.distance(own, Placement(recall(0))) > half / 2
            }
            after = before
        }
        return false
    }

    /// How far two placements are apart: metres, a radian counting as one.
    private static func distance(_ a: Placement, _ b: Placement) -> Double {
        let turn = (a.rotation * b.rotation.conjugate).rotationVector.length
        return turn + (a.position - b.position).length
    }

    /// A burst after a stall: its first packet was taken for the latest, though it was the oldest.
    ///
    /// Moves the samples of the burst one slot back into the gap before them, which makes room for
    /// the packet that came now. False when there is no such gap.
    private mutating func closeGap(until arrival: HostTime) -> Bool {
        var length = 1
        while length < sampleCount {
            let first = recall(length - 1)
            guard Double(arrival - first.stamp) < 2 * clock.period else { return false }
            if first.slot - recall(length).slot > 1 { break }
            length += 1
        }
        guard length < sampleCount else { return false }
        for back in 0..<length {
            let place = (newestPlace - back) & (Self.capacity - 1)
            samples[place].slot -= 1
            samples[place].dueTime =
                samples[place].dueTime + -Int64(clock.period.rounded())
        }
        if tally.lost > 0 { tally.lost &-= 1 }
        return true
    }

    /// Fits velocities to the newest samples, as the source's prediction says.
    private mutating func refitMotion() {
        var fitted = Motion(sample: recall(0))
        if clock.period > 0 {
            fitted.patience = min(2.5 * clock.period, Double(staleAfter) / 2)
            fitted.reach = min(max(6 * clock.period, 150_000_000), 250_000_000)
        } else {
            fitted.patience = min(100_000_000, Double(staleAfter) / 2)
        }
        if case .linear = prediction.kind {
            let turning = Slope(
                of: samples.span, newest: newestPlace,
                window: min(prediction.turningWindow, motionCount))
            fitted.turning = turning.turning
            fitted.lensChange = turning.lensChange
            let moving = Slope(
                of: samples.span, newest: newestPlace,
                window: min(prediction.velocityWindow, motionCount))
            fitted.velocity = moving.velocity
        }
        motion = fitted
    }
}

/// Where a source's samples say that its body goes, to be held against what it says next.
public struct Foresight: BitwiseCopyable, Sendable {
    fileprivate let motion: Motion

    /// The body in tracker space when a sample is due; nil after a silence.
    public func body(due instant: HostTime) -> Pose? {
        guard Double(instant - motion.sample.dueTime) <= motion.patience else { return nil }
        let placed = motion.moved(by: motion.travel(to: instant, now: instant))
        return Pose(rotation: placed.rotation.matrix, translation: placed.position)
    }
}

extension Timeline {
    /// Where the body goes; nil while the rhythm is not known.
    public var foresight: Foresight? { clock.period > 0 ? Foresight(motion: motion) : nil }
}

// MARK: - The camera at an instant

extension Timeline {
    /// The camera when a frame's photons leave the wall.
    ///
    /// - Parameters:
    ///   - lightTime: The instant the pose is for, host clock.
    ///   - now: The present (the frame's tick), host clock: what silence is measured to.
    /// - Frame path: yes
    public mutating func cameraState(at lightTime: HostTime, now: HostTime) -> CameraState {
        guard sampleCount > 0 else {
            let never = HostTime(nanoseconds: 0)
            return CameraState(
                stageFromBody: stageFromTracker, lens: LensReading(), shape: LensShape(),
                captureTime: never, arrivalTime: never, ageNanoseconds: 0, turningSpeed: 0,
                status: .never)
        }
        let newest = recall(0)
        let captureTime = newest.dueTime + -delay
        let placed = shown(at: lightTime + delay, now: now)
        let lens =
            lensDelay == delay ? placed.lens : shown(at: lightTime + lensDelay, now: now).lens
        let body = Pose(
            rotation: placed.rotation.matrix, translation: placed.position * scale)
        return CameraState(
            stageFromBody: stageFromTracker * body, lens: lens, shape: shape,
            captureTime: captureTime, arrivalTime: newest.arrivalTime,
            ageNanoseconds: lightTime - captureTime, turningSpeed: motion.turning.length,
            status: status(silence: now - newest.arrivalTime))
    }

    /// Where the tracker says the body was, between two of its samples; nil where it has not spoken
    /// of that instant, or only across a gap.
    ///
    /// What a prediction for the instant is judged by, once it has passed.
    /// - Frame path: yes
    public mutating func measured(
        at instant: HostTime
    ) -> (stageFromBody: Pose, lens: LensReading)? {
        guard let placed = between(at: instant + delay) else { return nil }
        let body = Pose(
            rotation: placed.rotation.matrix, translation: placed.position * scale)
        let lens = lensDelay == delay ? placed : between(at: instant + lensDelay)
        return (stageFromTracker * body, lens?.lens ?? placed.lens)
    }

    /// Between two samples of one unbroken motion, on the scale of `dueTime`.
    private mutating func between(at instant: HostTime) -> Placement? {
        guard sampleCount > 1, instant <= recall(0).dueTime else { return nil }
        var after = recall(0)
        for back in 1..<sampleCount {
            let before = recall(back)
            if before.dueTime <= instant {
                let span = Double(after.dueTime - before.dueTime)
                guard span <= motion.patience else { return nil }
                let fraction = Double(instant - before.dueTime) / span
                return Placement(before).blended(to: Placement(after), by: fraction)
            }
            after = before
        }
        return nil
    }

    /// What is shown of an instant on the scale of `dueTime`: what was held is blended away.
    private mutating func shown(at instant: HostTime, now: HostTime) -> Placement {
        let placed = placement(at: instant, now: now)
        guard let returnTime else { return placed }
        let x = max(0, Double(now - returnTime) / Self.blendNanoseconds)
        guard x < 1 else { return placed }
        let held = heldMotion.moved(by: heldMotion.travel(to: instant, now: now))
        return held.blended(to: placed, by: x * x * (3 - 2 * x))
    }

    @inline(__always)
    private func status(silence: Int64) -> TrackingStatus {
        if silence >= lostAfter { return .lost }
        if silence >= staleAfter { return .stale }
        return Double(silence) > motion.patience ? .held : .live
    }

    /// Between two samples when there are such, else moved on from the newest.
    private mutating func placement(at instant: HostTime, now: HostTime) -> Placement {
        if instant >= motion.sample.dueTime {
            return motion.moved(by: motion.travel(to: instant, now: now))
        }
        var after = recall(0)
        for back in 1..<max(1, sampleCount) {
            let before = recall(back)
            if before.dueTime <= instant {
                let span = Double(after.dueTime - before.dueTime)
                let fraction = span > 0 ? Double(instant - before.dueTime) / span : 1
                return Placement(before).blended(to: Placement(after), by: fraction)
            }
            after = before
        }
        return Placement(after)
    }
}
