import Geometry
import Timing

extension Timeline {
    /// Takes one datagram of an OpenTrackIO sender, whatever it holds.
    ///
    /// Parts of a payload belong together by who sent them, address and port: several streams of
    /// one socket to one port want `sourceNumber`s, and payloads of one datagram each.
    /// - Frame path: yes
    mutating func accept(
        openTrackIO datagram: UnsafeRawBufferPointer, _ options: OpenTrackIOOptions,
        speaker: UInt64, arrivalTime: HostTime, clock: ClockSample?
    ) {
        guard isHeard(speaker, at: arrivalTime) else {
            tally.foreignSender &+= 1
            return
        }
        if assembledSpeaker != speaker {
            assembler.startAnew()
            assembledSpeaker = speaker
        }
        var sample: OpenTrackIOSample?
        var mark: UInt64 = 0
        assembler.accept(datagram: datagram) { payload throws(OpenTrackIOFault) in
            sample = try OpenTrackIOSample(payload: payload.bytes, encoding: payload.encoding)
            mark = payload.fingerprint
        }
        guard let sample else { return }
        take(
            sample, options, fingerprint: mark, speaker: speaker, arrivalTime: arrivalTime,
            clock: clock)
    }

    private mutating func take(
        _ payload: OpenTrackIOSample, _ options: OpenTrackIOOptions, fingerprint: UInt64,
        speaker: UInt64, arrivalTime: HostTime, clock: ClockSample?
    ) {
        let number = payload.sourceNumber ?? 0
        if let ours = options.sourceNumber, ours != number {
            tally.foreignCamera &+= 1
            return
        }
        if let newest = liveSample(at: arrivalTime), newest.cameraID != number {
            tally.foreignCamera &+= 1
            return
        }
        if let said = payload.static?.sensor { sensor = said }
        if let said = payload.tracker.isRecording { isRecording = said }
        guard !payload.tracker.saysLost else {
            tally.saidLost &+= 1
            return
        }
        guard let pose = payload.trackerFromSensor else {
            tally.withoutPose &+= 1
            return
        }
        var sample = TrackingSample(
            rotation: Quaternion(pose.rotation), position: pose.translation, cameraID: number,
            fingerprint: fingerprint, speaker: speaker, arrivalTime: arrivalTime)
        sample.lens = payload.lens.reading(options)
        if let stamp = stamp(of: payload, options, arrivalTime: arrivalTime, clock: clock) {
            sample.stamp = stamp
            sample.isStamped = true
        }
        if take(sample) { shape = payload.lens.shape }
    }

    /// When the sample was measured on the host clock; nil where only its arrival says it.
    private mutating func stamp(
        of payload: OpenTrackIOSample, _ options: OpenTrackIOOptions, arrivalTime: HostTime,
        clock: ClockSample?
    ) -> HostTime? {
        guard options.clock != .arrival, let stamp = payload.timing.sampleTimestamp?.tai else {
            return nil
        }
        let mapped = clockMap.host(stamp: stamp, arrivalTime: arrivalTime)
        guard options.clock == .ptp, let clock else { return mapped }
        // Stamps that came before they were written, or a second ago, are not of our PTP: UTC
        // instead of TAI is 37 s away.
        let told = clock.host(tai: stamp)
        let way = arrivalTime - told
        isClockWrong = !(way > -1_000_000 && way < 1_000_000_000)
        return isClockWrong ? mapped : told
    }
}

extension OpenTrackIOSample.LensBlock {
    /// Rings and lens as the timeline keeps them: our focus is 1 far, the payload's 1 close.
    fileprivate func reading(_ options: OpenTrackIOOptions) -> LensReading {
        var reading = LensReading()
        if let zoom = encoders?.zoom {
            reading.say(.zoom, zoom)
        } else if let count = rawEncoders?.zoom {
            reading.say(.zoom, ringFraction(count, of: options.zoomCounts))
        }
        if let focus = encoders?.focus {
            reading.say(.focus, 1 - focus)
        } else if let count = rawEncoders?.focus {
            reading.say(.focus, ringFraction(count, of: options.focusCounts))
        }
        if let focal = pinholeFocalLengthMillimeters { reading.say(.focalLength, focal) }
        if let pupil = entrancePupilOffset { reading.say(.entrancePupil, pupil) }
        return reading
    }

    /// How the lens bends its picture.
    fileprivate var shape: LensShape {
        var shape = LensShape()
        shape.distortion = distortion
        shape.distortionOffsetMillimeters = distortionOffsetMillimeters
        shape.projectionOffsetMillimeters = projectionOffsetMillimeters
        return shape
    }
}
