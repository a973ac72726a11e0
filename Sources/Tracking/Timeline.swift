public import Geometry
public import Timing

/// The recent past of one tracking source, and from it the camera at any instant.
///
/// Plain bytes: no clock, no allocation, no lock. Every packet of the source's port goes to
/// `accept`; `cameraState` answers without changing anything, as often as asked. FreeD carries no
/// time: a `SourceClock` finds the source's rhythm and gives each sample its place in it.
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

    /// What became of the packets.
    public private(set) var counters = TrackingCounters()
    /// Samples in memory, at most `capacity`.
    public private(set) var sampleCount = 0
    /// Whether the source's delay is still what it was.
    public private(set) var delayWatch: DelayWatch

    let options: FreeDOptions
    let isTracked: Bool
    let stageFromTracker: Pose
    let delay: Int64
    let staleAfter: Int64
    let lostAfter: Int64
    let positionLimit: Double
    let prediction: Prediction

    private var samples = InlineArray<64, TrackingSample>(repeating: .none)
    private var newestPlace = 0
    /// Newest samples that belong to one unbroken motion.
    private var motionCount = 0
    private var clock = SourceClock()
    private var motion = Motion(sample: .none)
    /// What was shown before the newest samples came, while it is blended away.
    private var heldMotion = Motion(sample: .none)
    private var returnTime: HostTime?
    private var speaker: UInt32 = 0
    private var frameCount: UInt8 = 0
    private var wild = TrackingSample.none
    private var wildCount = 0

    /// A timeline without samples; one of a `fixed` source never has any.
    public init(source: TrackingSource) {
        if case .freeD(let options) = source.transport {
            self.options = options
            isTracked = true
        } else {
            options = FreeDOptions()
            isTracked = false
        }
        stageFromTracker = source.stageFromTracker
        delay = Int64((source.delay * 1e9).rounded())
        staleAfter = Int64((source.staleAfter * 1e9).rounded())
        lostAfter = Int64((source.lostAfter * 1e9).rounded())
        positionLimit = source.positionLimit
        prediction = source.prediction
        delayWatch = DelayWatch(
            tolerance: Int64((source.delayTolerance * 1e9).rounded()), lostAfter: lostAfter)
    }

    /// The newest sample, or nil before the first.
    public var newest: TrackingSample? { sampleCount > 0 ? sample(back: 0) : nil }

    /// The source's packets a second, or nil while its rhythm is not known.
    public var rate: Double? { clock.period > 0 ? 1e9 / clock.period : nil }

    /// The sender the timeline listens to, IPv4 in host byte order; 0 before the first sample.
    public var sender: UInt32 { speaker }

    /// Takes one datagram of the source's port, whatever it holds.
    /// - Frame path: yes
    public mutating func accept(
        datagram: UnsafeRawBufferPointer, sender: UInt32, arrivalTime: HostTime
    ) {
        guard isTracked else { return }
        do throws(FreeD.Fault) {
            for i in 0..<(try FreeD.messageCount(in: datagram)) {
                let start = i * FreeD.messageSize
                let bytes = UnsafeRawBufferPointer(
                    rebasing: datagram[start..<(start + FreeD.messageSize)])
                accept(message: bytes, sender: sender, arrivalTime: arrivalTime)
            }
        } catch {
            counters.count(error)
        }
    }

    private mutating func accept(
        message bytes: UnsafeRawBufferPointer, sender: UInt32, arrivalTime: HostTime
    ) {
        do throws(FreeD.Fault) {
            let message = try FreeD.decode(bytes, ignoresChecksum: options.ignoresChecksum)
            guard isOurs(message, from: sender, at: arrivalTime) else { return }
            let (zoom, focus) = message.lens(options)
            let angles = message.angles(options)
            var sample = TrackingSample.none
            sample.rotation = Quaternion(pan: angles.pan, tilt: angles.tilt, roll: angles.roll)
            sample.position = message.position(options)
            sample.zoom = zoom
            sample.focus = focus
            sample.cameraID = message.cameraID
            sample.fingerprint = fingerprint(bytes)
            sample.arrivalTime = arrivalTime
            take(sample, sender: sender, frameCount: UInt8(message.spare >> 12))
        } catch {
            counters.count(error)
        }
    }

    /// The first who speaks has the line until silent for `staleAfter`: two trackers that send to
    /// one port by mistake shall not shake the wall between them.
    private mutating func isOurs(
        _ message: FreeD.Message, from sender: UInt32, at arrivalTime: HostTime
    ) -> Bool {
        if let id = options.cameraID, id != message.cameraID {
            counters.foreignCamera &+= 1
            return false
        }
        if options.sender != 0, options.sender != sender {
            counters.foreignSender &+= 1
            return false
        }
        guard let newest, arrivalTime - newest.arrivalTime < staleAfter else { return true }
        if newest.cameraID != message.cameraID {
            counters.foreignCamera &+= 1
            return false
        }
        if speaker != sender {
            counters.foreignSender &+= 1
            return false
        }
        return true
    }

    private mutating func take(_ incoming: TrackingSample, sender: UInt32, frameCount: UInt8) {
        var sample = incoming
        // Squares that overflow are not below the limit either, nor is a NaN.
        guard sample.position.isFinite, sample.position.length <= positionLimit else {
            counters.refusedPose &+= 1
            return
        }
        guard let newest else { return begin(sample, sender: sender, frameCount: frameCount) }
        let silence = sample.arrivalTime - newest.arrivalTime
        if silence < -1_000_000_000 || silence >= lostAfter {
            return resume(sample, sender: sender, frameCount: frameCount)
        }
        // Stamps of one burst may cross by the jitter of the clock mapping.
        if silence < -2_000_000 { return counters.outOfOrder &+= 1 }
        if silence < 0 { sample.arrivalTime = newest.arrivalTime }
        if isRepeated(sample, silence: silence) { return }

        let isOtherSender = sender != speaker
        var counted: Int64?
        if options.countsFrames, !isOtherSender {
            let step = Int64(frameCount &- self.frameCount) & 15
            if step == 0 || step > 8 { return counters.outOfOrder &+= 1 }
            counted = step
        }
        let steps = clock.slots(to: sample.arrivalTime, counted: counted)
        if isWild(sample, after: newest, steps: steps) {
            return refuseWild(sample, sender: sender, frameCount: frameCount)
        }
        wildCount = 0
        append(sample, steps: steps)
        delayWatch.note(sample, period: clock.period, counted: counted)
        speaker = sender
        self.frameCount = frameCount
        if isOtherSender { motionCount = 1 }
        let held = motion
        refitMotion()
        if Double(silence) > held.patience { startBlend(from: held) }
    }

    /// The first sample ever.
    private mutating func begin(_ sample: TrackingSample, sender: UInt32, frameCount: UInt8) {
        clock.start(at: sample.arrivalTime)
        push(sample)
        delayWatch.note(sample, period: clock.period)
        motionCount = 1
        speaker = sender
        self.frameCount = frameCount
        counters.accepted &+= 1
        refitMotion()
    }

    /// The first sample after a long silence or a believed jump: a new motion, blended in.
    private mutating func resume(_ sample: TrackingSample, sender: UInt32, frameCount: UInt8) {
        let held = motion
        if sample.arrivalTime < held.sample.arrivalTime {
            // The clock itself went back: nothing in memory has a place on it any more.
            sampleCount = 0
        }
        begin(sample, sender: sender, frameCount: frameCount)
        if sample.arrivalTime > held.sample.arrivalTime { startBlend(from: held) }
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
    /// The newest message again within half a period, or an older one away from the camera.
    private mutating func isRepeated(_ sample: TrackingSample, silence: Int64) -> Bool {
        let newest = self.sample(back: 0)
        let half = clock.period > 0 ? clock.period / 2 : 1_000_000
        if newest.fingerprint == sample.fingerprint {
            guard Double(silence) < half else { return false }
            counters.duplicates &+= 1
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
        counters.replayed &+= 1
        return true
    }

    private func isRemembered(_ fingerprint: UInt64) -> Bool {
        for back in 1..<max(1, sampleCount) where sample(back: back).fingerprint == fingerprint {
            return true
        }
        return false
    }

    private func isWild(
        _ sample: TrackingSample, after other: TrackingSample, steps: Int64
    ) -> Bool {
        let elapsed = Double(sample.arrivalTime - other.arrivalTime)
        // Two at a time: `max` of more takes them as an array, and that is an allocation.
        let due = max(Double(steps), 0.5) * clock.period
        let seconds = max(max(elapsed, due), 2_000_000) * 1e-9
        let way = (sample.position - other.position).length
        let turn = (sample.rotation * other.rotation.conjugate).rotationVector.length
        return way > Self.speedLimit * seconds || turn > Self.turningLimit * seconds
    }

    /// One wild packet is refused; several that agree are where the camera now is.
    private mutating func refuseWild(
        _ sample: TrackingSample, sender: UInt32, frameCount: UInt8
    ) {
        if wildCount > 0, !isWild(sample, after: wild, steps: 1) {
            wildCount += 1
        } else {
            wildCount = 1
        }
        wild = sample
        if wildCount < Self.wildPacketsBelieved { return counters.refusedPose &+= 1 }
        wildCount = 0
        resume(sample, sender: sender, frameCount: frameCount)
    }
}

// MARK: - Memory and motion

extension Timeline {
    func sample(back: Int) -> TrackingSample {
        // By the span: an element read by the array's own subscript copies all ten kilobytes.
        samples.span[(newestPlace - back) & (Self.capacity - 1)]
    }

    private mutating func push(_ incoming: TrackingSample) {
        var sample = incoming
        sample.captureTime = clock.time + -delay
        sample.slot = clock.slot
        if sampleCount > 0 {
            // A rhythm found anew may step back a little; time in memory only goes forward.
            sample.captureTime = max(sample.captureTime, self.sample(back: 0).captureTime + 1000)
        }
        newestPlace = (newestPlace + 1) & (Self.capacity - 1)
        samples[newestPlace] = sample
        sampleCount = min(sampleCount + 1, Self.capacity)
    }

    private mutating func append(_ sample: TrackingSample, steps: Int64) {
        counters.accepted &+= 1
        clock.advance(to: sample.arrivalTime, by: steps)
        if steps == 0, !closeGap(until: sample.arrivalTime) {
            // Two messages in one slot: the later one is the truth about it.
            newestPlace = (newestPlace - 1) & (Self.capacity - 1)
            sampleCount -= 1
            return push(sample)
        }
        if steps > 1 { counters.lost &+= UInt64(steps - 1) }
        motionCount = min(motionCount + 1, Self.capacity)
        push(sample)
    }

    /// A burst after a stall: its first packet was taken for the latest, though it was the oldest.
    ///
    /// Moves the samples of the burst one slot back into the gap before them, which makes room for
    /// the packet that came now. False when there is no such gap.
    private mutating func closeGap(until arrival: HostTime) -> Bool {
        var length = 1
        while length < sampleCount {
            let first = sample(back: length - 1)
            guard Double(arrival - first.arrivalTime) < 2 * clock.period else { return false }
            if first.slot - sample(back: length).slot > 1 { break }
            length += 1
        }
        guard length < sampleCount else { return false }
        for back in 0..<length {
            let place = (newestPlace - back) & (Self.capacity - 1)
            samples[place].slot -= 1
            samples[place].captureTime =
                samples[place].captureTime + -Int64(clock.period.rounded())
        }
        if counters.lost > 0 { counters.lost &-= 1 }
        return true
    }

    /// Fits velocities to the newest samples, as the source's prediction says.
    private mutating func refitMotion() {
        var fitted = Motion(sample: sample(back: 0))
        if clock.period > 0 {
            fitted.patience = min(2.5 * clock.period, Double(staleAfter) / 2)
            fitted.reach = min(max(6 * clock.period, 150_000_000), 250_000_000)
        } else {
            fitted.patience = min(100_000_000, Double(staleAfter) / 2)
        }
        if case .linear = prediction.kind {
            let turning = Slope(of: self, window: min(prediction.turningWindow, motionCount))
            fitted.turning = turning.turning
            fitted.zooming = turning.zooming
            fitted.focusing = turning.focusing
            let moving = Slope(of: self, window: min(prediction.velocityWindow, motionCount))
            fitted.velocity = moving.velocity
        }
        motion = fitted
    }
}

// MARK: - The camera at an instant

extension Timeline {
    /// The camera when a frame's photons leave the wall.
    ///
    /// - Parameters:
    ///   - lightTime: The instant the pose is for, host clock.
    ///   - now: The present (the frame's tick), host clock: what silence is measured to.
    /// - Frame path: yes
    public func cameraState(at lightTime: HostTime, now: HostTime) -> CameraState {
        guard sampleCount > 0 else {
            let never = HostTime(nanoseconds: 0)
            return CameraState(
                stageFromBody: stageFromTracker, zoom: 0, focus: 0, captureTime: never,
                arrivalTime: never, ageNanoseconds: 0, status: .never)
        }
        let newest = sample(back: 0)
        var placed = placement(at: lightTime, now: now)
        if let returnTime {
            let x = max(0, Double(now - returnTime) / Self.blendNanoseconds)
            if x < 1 {
                let held = heldMotion.moved(by: heldMotion.travel(to: lightTime, now: now))
                placed = held.blended(to: placed, by: x * x * (3 - 2 * x))
            }
        }
        let body = Pose(rotation: placed.rotation.matrix, translation: placed.position)
        return CameraState(
            stageFromBody: stageFromTracker * body, zoom: placed.zoom, focus: placed.focus,
            captureTime: newest.captureTime, arrivalTime: newest.arrivalTime,
            ageNanoseconds: lightTime - newest.captureTime,
            status: status(silence: now - newest.arrivalTime))
    }

    /// Where the tracker says the body was, between two of its samples; nil where it has not spoken
    /// of that instant, or only across a gap.
    ///
    /// What a prediction for the instant is judged by, once it has passed.
    /// - Frame path: yes
    public func measured(at instant: HostTime) -> (stageFromBody: Pose, zoom: Double)? {
        guard sampleCount > 1, instant <= sample(back: 0).captureTime else { return nil }
        var after = sample(back: 0)
        for back in 1..<sampleCount {
            let before = sample(back: back)
            if before.captureTime <= instant {
                let span = Double(after.captureTime - before.captureTime)
                guard span <= motion.patience else { return nil }
                let fraction = Double(instant - before.captureTime) / span
                let placed = Placement(before).blended(to: Placement(after), by: fraction)
                let body = Pose(rotation: placed.rotation.matrix, translation: placed.position)
                return (stageFromTracker * body, placed.zoom)
            }
            after = before
        }
        return nil
    }

    private func status(silence: Int64) -> TrackingStatus {
        if silence >= lostAfter { return .lost }
        if silence >= staleAfter { return .stale }
        return Double(silence) > motion.patience ? .held : .live
    }

    /// Between two samples when there are such, else moved on from the newest.
    private func placement(at lightTime: HostTime, now: HostTime) -> Placement {
        if lightTime >= motion.sample.captureTime {
            return motion.moved(by: motion.travel(to: lightTime, now: now))
        }
        var after = sample(back: 0)
        for back in 1..<max(1, sampleCount) {
            let before = sample(back: back)
            if before.captureTime <= lightTime {
                let span = Double(after.captureTime - before.captureTime)
                let fraction = span > 0 ? Double(lightTime - before.captureTime) / span : 1
                return Placement(before).blended(to: Placement(after), by: fraction)
            }
            after = before
        }
        return Placement(after)
    }
}
