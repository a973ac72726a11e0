import Foundation
import Geometry
import Testing
import Timing
import Tracking

private let rate = FrameRate(60)!
private let grid = FrameGrid(rate: rate)
/// TAI when the host clock stood at 0.
private let boot: Int64 = 1_767_000_000_000_000_000

/// A camera that pans, as the datagrams of an OpenTrackIO producer with a clock of its own.
private struct PanningProducer {
    var producer = OpenTrackIOProducer(sourceNumber: 3)
    var degreesPerSecond = 20.0
    /// How far the producer's clock is before TAI, seconds.
    var ahead = 0.0
    /// How much faster than TAI the producer's clock runs, of the time.
    var drift = 0.0
    /// Pan it starts from, radians.
    var turn = 0.0

    func seconds(_ n: Int) -> Double { 1 + Double(n) * rate.period }

    func pan(at seconds: Double) -> Double { turn + degreesPerSecond * seconds * degree }

    /// Sample n, measured at `seconds(n)` of the host clock.
    func datagram(_ n: Int) -> [UInt8] {
        let t = seconds(n)
        let told = t * (1 + drift) + ahead
        let stamp = TAITime(nanoseconds: boot + Int64((told * 1e9).rounded()))
        return datagram(
            n,
            Pose(
                pan: pan(at: t), tilt: 0.1, roll: 0.02,
                translation: Vector3(0.5 * t, 2, 1.6)), zoom: min(1, 0.1 * t), at: stamp)
    }

    func datagram(_ n: Int, _ pose: Pose, zoom: Double, at stamp: TAITime) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1472)
        let count = bytes.withUnsafeMutableBytes {
            producer.write(UInt64(n), pose: pose, zoom: zoom, at: stamp, rate: rate, into: $0)
        }
        return Array(bytes.prefix(count ?? 0))
    }
}

private func source(
    _ change: (inout TrackingSource, inout OpenTrackIOOptions) -> Void = { _, _ in }
) -> Timeline {
    var source = TrackingSource(name: "o", transport: .fixed)
    var options = OpenTrackIOOptions()
    change(&source, &options)
    source.transport = .openTrackIO(options)
    return Timeline(source: source)
}

/// The clocks of a machine on PTP time at an instant of its host clock.
private func clock(_ host: HostTime) -> ClockSample {
    let tai = TAITime(nanoseconds: host.nanoseconds + boot)
    return ClockSample(
        host: host, realtimeNanoseconds: tai.nanoseconds - 37_000_000_000, tai: tai)
}

extension Timeline {
    fileprivate mutating func hear(
        _ datagram: [UInt8], at seconds: Double, sender: UInt32 = 0x0A00_0001, port: UInt16 = 5000
    ) {
        let arrival = HostTime.seconds(seconds)
        datagram.withUnsafeBytes {
            accept(
                datagram: $0, sender: sender, senderPort: port, arrivalTime: arrival,
                clock: clock(arrival))
        }
    }

    /// Samples of a producer, each 5 ms and up to 8 ms more after it was measured.
    fileprivate mutating func hear(_ from: PanningProducer, _ numbers: Range<Int>) {
        var random = SeededRandom(seed: 7)
        for n in numbers {
            let late = 0.005 + Double.random(in: 0...0.008, using: &random)
            hear(from.datagram(n), at: from.seconds(n) + late)
        }
    }
}

@Suite struct `OpenTrackIO timeline` {
    @Test(arguments: OpenTrackIOHeader.Encoding.allCases)
    func `stamps of the tracker's own clock place samples whatever the network does`(
        _ encoding: OpenTrackIOHeader.Encoding
    ) {
        var panner = PanningProducer(ahead: -5000.25)
        panner.producer.encoding = encoding
        var timeline = source { source, _ in source.delay = 0.005 }
        timeline.hear(panner, 0..<240)
        #expect(timeline.counters.accepted == 240)
        #expect(timeline.counters.rejected == 0 && timeline.counters.lost == 0)
        // Between samples and a little ahead: the least delay is known to 0.4 ms.
        for t in [4.1, 4.5, 4.9, 5.02] {
            let state = timeline.state(at: t)
            #expect(abs(panDegrees(state) - panner.pan(at: t) / degree) < 0.008, "\(t)")
            #expect(abs(state.lens.zoom - 0.1 * t) < 1e-3)
            #expect(abs(state.lens.focus - 0.5) < 1e-12)
        }
        let turned = timeline.newest?.trackerFromBody
        let sent = Pose(
            pan: panner.pan(at: panner.seconds(239)), tilt: 0.1, roll: 0.02,
            translation: .zero)
        #expect(angle(turned ?? .identity, sent) < 1e-6)
        let offset = Double(timeline.clockOffset ?? 0) * 1e-9
        #expect(abs(offset - (5000.25 + 0.005 - Double(boot) * 1e-9)) < 0.001)
    }

    @Test(arguments: [100e-6, -100e-6])
    func `a clock that runs apart from ours is followed`(_ drift: Double) {
        var timeline = source { source, _ in source.delay = 0.005 }
        let panner = PanningProducer(drift: drift)
        timeline.hear(panner, 0..<6000)
        // After 100 s it is 10 ms apart: a pan of 20°/s would be 0.2° off.
        let error = panDegrees(timeline.state(at: 101)) - panner.pan(at: 101) / degree
        #expect(abs(error.remainder(dividingBy: 360)) < 0.008)
    }

    @Test func `absurd stamps are not believed, and cost nothing but their evenness`() {
        var timeline = source { source, _ in source.delay = 0.009 }
        let panner = PanningProducer()
        timeline.hear(panner, 0..<60)
        for (n, wild) in [Int64.max, 0, 1 << 40, Int64.max / 2].enumerated() {
            let t = panner.seconds(60 + n)
            let pose = Pose(
                pan: panner.pan(at: t), tilt: 0.1, roll: 0.02, translation: Vector3(0.5 * t, 2, 1.6)
            )
            timeline.hear(
                panner.datagram(60 + n, pose, zoom: 0, at: TAITime(nanoseconds: wild)),
                at: t + 0.006)
        }
        #expect(timeline.counters.rejected == 0 && timeline.clockSteps == 0)
        #expect(abs(panDegrees(timeline.state(at: 2.06)) - panner.pan(at: 2.06) / degree) < 0.2)
    }

    @Test func `PTP stamps are taken as they are`() {
        var timeline = source { _, options in options.clock = .ptp }
        let panner = PanningProducer()
        timeline.hear(panner, 0..<120)
        for t in [2.0, 2.9, 3.0] {
            #expect(abs(panDegrees(timeline.state(at: t)) - panner.pan(at: t) / degree) < 1e-4)
        }
        #expect(!timeline.timekeeping().isClockWrong)
    }

    @Test func `UTC where PTP is asked for is told from it and mapped`() {
        var timeline = source { source, options in
            options.clock = .ptp
            source.delay = 0.005
        }
        let panner = PanningProducer(ahead: -37)
        timeline.hear(panner, 0..<240)
        let state = timeline.state(at: 4.5)
        #expect(state.status == .live && timeline.timekeeping().isClockWrong)
        #expect(abs(panDegrees(state) - panner.pan(at: 4.5) / degree) < 0.008)
    }

    @Test func `a clock that is set is believed after six samples and the wall goes on`() {
        var timeline = source { source, _ in source.delay = 0.005 }
        var panner = PanningProducer()
        timeline.hear(panner, 0..<120)
        panner.ahead = 3600
        timeline.hear(panner, 120..<240)
        #expect(timeline.clockSteps == 1)
        #expect(timeline.counters.rejected == 0)
        let state = timeline.state(at: 4.9)
        #expect(abs(panDegrees(state) - panner.pan(at: 4.9) / degree) < 0.2)
    }

    @Test func `without stamps the rhythm of arrival counts`() {
        var timeline = source { source, options in
            options.clock = .arrival
            source.delay = 0.009
        }
        let panner = PanningProducer()
        timeline.hear(panner, 0..<240)
        #expect(timeline.clockOffset == nil)
        #expect(abs(panDegrees(timeline.state(at: 4.5)) - panner.pan(at: 4.5) / degree) < 0.05)
    }

    @Test func `only the stream asked for is heard`() {
        var timeline = source { _, options in options.sourceNumber = 3 }
        var other = PanningProducer(turn: 1)
        other.producer.sourceNumber = 4
        let ours = PanningProducer()
        for n in 0..<60 {
            // Its own port: parts of two streams must not meet.
            timeline.hear(other.datagram(n), at: other.seconds(n) + 0.004, port: 6000)
            timeline.hear(ours.datagram(n), at: ours.seconds(n) + 0.005)
        }
        #expect(timeline.counters.accepted == 60)
        #expect(timeline.counters.foreignCamera + timeline.counters.foreignSender == 60)
        #expect(abs(panDegrees(timeline.state(at: 1.5)) - ours.pan(at: 1.5) / degree) < 0.2)
        #expect(timeline.newest?.cameraID == 3)
    }

    @Test func `the first who speaks has the line until silent`() {
        var timeline = source()
        let first = PanningProducer()
        let second = PanningProducer(turn: 0.01)
        timeline.hear(first.datagram(0), at: 1)
        timeline.hear(second.datagram(1), at: 1.02, sender: 0x0A00_0002)
        #expect(timeline.counters.accepted == 1 && timeline.counters.foreignSender == 1)
        timeline.hear(second.datagram(20), at: 1.33, sender: 0x0A00_0002)
        #expect(timeline.counters.accepted == 2 && timeline.sender == 0x0A00_0002)
    }

    @Test func `what cannot be used is counted by cause`() {
        var timeline = source()
        let panner = PanningProducer()
        timeline.hear(panner.datagram(0), at: 1)
        var broken = panner.datagram(1)
        broken[40] ^= 1
        timeline.hear(broken, at: 1.02)
        timeline.hear(panner.datagram(0), at: 1.021)
        timeline.hear([1, 2, 3], at: 1.03)
        timeline.hear(datagram(Array(#"{"sourceNumber":3}"#.utf8), sequence: 2), at: 1.04)
        let lost = #"{"sourceNumber":3,"tracker":{"status":"Optical Lost"},"transforms":[{}]}"#
        timeline.hear(datagram(Array(lost.utf8), sequence: 3), at: 1.05)
        timeline.hear(datagram(Array(#"{"sourceNumber":0}"#.utf8), sequence: 4), at: 1.06)
        let counters = timeline.counters
        #expect(counters.accepted == 1)
        #expect(counters.badChecksum == 1 && counters.duplicates == 1)
        #expect(counters.wrongLength == 1 && counters.withoutPose == 1)
        #expect(counters.saidLost == 1 && counters.malformed == 1)
        #expect(counters.rejected == 6)
    }

    @Test func `a tracker that says it is lost is held, then stale`() {
        var timeline = source()
        let panner = PanningProducer()
        timeline.hear(panner, 0..<60)
        let payload = Array(
            #"{"sourceNumber":3,"tracker":{"status":"lost"},"transforms":[{}]}"#.utf8)
        for n in 60..<120 {
            timeline.hear(
                datagram(payload, sequence: UInt16(n)), at: panner.seconds(n) + 0.005)
        }
        #expect(timeline.state(at: 2.1).status == .held)
        #expect(timeline.state(at: 2.9).status == .stale)
        #expect(timeline.counters.saidLost == 60)
    }

    @Test func `lens data are foreseen with the pose, and late by their own delay`() {
        var panner = PanningProducer()
        panner.producer.focalLengthMillimeters = 30
        var timeline = source { source, _ in
            source.delay = 0.005
            source.lensDelay = 0.105
        }
        timeline.hear(panner, 0..<240)
        // Foreseen past the newest sample; the lens' values were measured 100 ms before its pose.
        let state = timeline.state(at: 5.0)
        #expect(abs(panDegrees(state) - panner.pan(at: 5.0) / degree) < 0.008)
        #expect(abs((state.lens.focalLengthMillimeters ?? 0) - 30 * (1 + 0.1 * 5.1)) < 0.02)
        #expect(state.lens.entrancePupilOffset == 0.1)
        #expect(timeline.sensor?.widthMillimeters == 35.9)
    }

    @Test func `a delay set live is a delay configured`() {
        var set = source { source, _ in source.delay = 0.2 }
        var configured = source { source, _ in
            source.delay = 0.0375
            source.lensDelay = 0.05
        }
        let panner = PanningProducer()
        set.hear(panner, 0..<120)
        configured.hear(panner, 0..<120)
        set.setDelay(37_500_000, lens: 50_000_000)
        for t in [2.5, 2.95, 3.1] {
            let (a, b) = (set.state(at: t), configured.state(at: t))
            #expect(a.stageFromBody == b.stageFromBody && a.lens == b.lens)
            #expect(a.ageNanoseconds == b.ageNanoseconds && a.captureTime == b.captureTime)
        }
    }
}
