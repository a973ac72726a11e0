import Foundation
import Geometry
import Testing
import Timing
import Tracking

/// A tracker over a network whose delay changes, stops and stalls.
private struct DelayedTracker {
    var rate = 60.0
    /// Packets come up to so many seconds early or late.
    var jitter = 0.0005
    var loss = 0.0
    /// Every second or so all that comes within 100 ms comes at its end.
    var bursts = false
    /// Changes of the delay: from when, seconds, and by how much.
    var steps: [(at: Double, by: Double)] = []
    /// What would come at once when the delay gets shorter never comes.
    var drops = false
    /// Nothing is sent from … to, and afterwards so much later than the rhythm has it.
    var silence: (Range<Double>, shift: Double) = (0..<0, 0)
    /// The sender counts its frames.
    var counts = false
    var seconds = 12.0
    var seed: UInt64 = 1
    var pose: @Sendable (Double) -> Pose = { Tracking.Move(.dolly).pose(at: $0) }

    /// A change of the watch's mind: when, seconds, and the change then, milliseconds.
    struct Event {
        var time: Double
        var change: Double
    }

    /// Sends it all through a timeline of a stage of the same rate.
    func run(_ each: (Double, borrowing Timeline) -> Void = { _, _ in }) -> [Event] {
        var random = Noise(seed: seed)
        var line = timeline { source, options in
            source.delayTolerance = 0.25 / rate
            options.countsFrames = counts
        }
        var (last, stallEnd, nextStall) = (0.0, 0.0, 3.0)
        var events: [Event] = []
        for n in 0..<Int(seconds * rate) {
            let due = Double(n) / rate
            let captured = due + (due > silence.0.upperBound ? silence.shift : 0)
            var arrival = captured + 0.04 + jitter * (2 * random.unit() - 1)
            arrival += steps.reduce(0) { $0 + (captured >= $1.at ? $1.by : 0) }
            if bursts, captured > nextStall {
                (stallEnd, nextStall) = (arrival + 0.1, captured + 1 + 3 * random.unit())
            }
            arrival = max(arrival, stallEnd)
            let isLost = random.unit() < loss || drops && arrival < last
            let message = message(n, pose(captured), &random)
            if isLost || silence.0.contains(captured) { continue }
            last = max(arrival, last + 2e-5)
            line.accept(message, at: last)
            if line.delayWatch.changes != UInt32(events.count) {
                events.append(
                    Event(time: last, change: Double(line.delayWatch.change) * 1e-6))
            }
            each(last, line)
        }
        return events
    }

    /// 0.01° and 0.2 mm of noise.
    func message(_ n: Int, _ pose: Pose, _ random: inout Noise) -> FreeD.Message {
        let turn = pose.rotation.panTiltRoll
        let noise = [0, 1, 2].map { _ in 0.01 * degree * random.normal() }
        let place = Vector3(random.normal(), random.normal(), random.normal()) * 2e-4
        return FreeD.Message(
            cameraID: 1,
            pose: Pose(
                pan: turn.pan + noise[0], tilt: turn.tilt + noise[1], roll: turn.roll + noise[2],
                translation: pose.translation + place),
            spare: UInt16(n & 15) << 12)
    }

    static let pan: @Sendable (Double) -> Pose = { t in
        Pose(
            pan: (8.5 * sin(2 * .pi * t / 3.3) + 1.5 * sin(2 * .pi * t / 1.37)) * degree,
            tilt: 0.05, roll: 0, translation: Vector3(0, 0, 1.6))
    }
    static let still: @Sendable (Double) -> Pose = { Tracking.Move(.still).pose(at: $0) }
    static let hand = Tracking.Move(.handheld, seed: 3)
}

@Suite struct `The alarm of a changed delay` {
    @Test(arguments: [60.0, 25, 24], [0.035, -0.035])
    func `is raised within a second on a dolly, with the size of the step`(
        rate: Double, step: Double
    ) throws {
        for seed in UInt64(1)...10 {
            let at = 5 + 3 * Double(seed) / 10
            var tracker = DelayedTracker(rate: rate, steps: [(at, step)], seed: seed)
            tracker.drops = seed % 2 == 0
            let events = tracker.run()
            #expect(events.count == 1, "seed \(seed)")
            let event = try #require(events.first)
            #expect((at..<at + 1).contains(event.time), "seed \(seed): \(event.time - at) s")
            #expect(abs(event.change - step * 1000) < 1.5, "seed \(seed): \(event.change) ms")
        }
    }

    @Test(arguments: [60.0, 25, 24])
    func `is raised through two milliseconds of jitter and 1 % loss, most of the time`(
        rate: Double
    ) {
        var raised = 0
        for seed in UInt64(1)...20 {
            let at = 5 + 3 * Double(seed) / 20
            let tracker = DelayedTracker(
                rate: rate, jitter: 0.002, loss: 0.01, steps: [(at, 0.035)], seed: seed)
            let events = tracker.run()
            #expect(events.allSatisfy { $0.time >= at })
            raised += events.contains { $0.time < at + 1 && abs($0.change - 35) < 6 } ? 1 : 0
        }
        #expect(raised >= 18, "\(raised) of 20")
    }

    @Test func `goes off when the delay comes back`() {
        let tracker = DelayedTracker(steps: [(5, 0.035), (8, -0.035)], seconds: 12)
        var alarms: [Bool] = []
        let events = tracker.run { time, line in
            for second in [4.5, 7, 11] where abs(time - second) < 0.5 / 60 {
                alarms.append(line.delayWatch.isAlarm)
            }
        }
        #expect(events.count == 2)
        #expect(abs(events.last?.change ?? 99) < 1)
        #expect(alarms.first == false && alarms.contains(true) && alarms.last == false)
    }

    @Test func `goes off when the source is lost, and not with a short silence`() {
        for (end, isKept) in [(8.9, true), (9.5, false)] {
            let tracker = DelayedTracker(
                steps: [(5, 0.035)], silence: (8..<end, 0), seconds: 12)
            var isAlarm = false
            let events = tracker.run { _, line in isAlarm = line.delayWatch.isAlarm }
            #expect(events.count == 1)
            #expect(isAlarm == isKept, "silence to \(end)")
        }
    }

    @Test func `is raised for a still camera by a phase no lost packet explains`() throws {
        // 12 ms at 25 Hz: 12, or −28 with a packet lost; a quarter of a frame is 10.
        let tracker = DelayedTracker(
            rate: 25, steps: [(6, 0.012)], pose: DelayedTracker.still)
        let event = try #require(tracker.run().first)
        #expect((6.0..<7).contains(event.time))
        #expect(abs(event.change - 12) < 1)
    }

    @Test func `cannot be raised for a still camera by whole periods`() {
        let tracker = DelayedTracker(
            steps: [(6, 2.0 / 60)], drops: true, pose: DelayedTracker.still)
        #expect(tracker.run().isEmpty)
    }

    @Test(arguments: [2.0 / 60, 0.035, -2.0 / 60])
    func `is raised for a still camera whose tracker counts its frames`(step: Double) throws {
        let tracker = DelayedTracker(
            loss: 0.02, steps: [(6, step)], counts: true, pose: DelayedTracker.still)
        let events = tracker.run()
        let event = try #require(events.last)
        #expect(events.count == 1)
        #expect((6.0..<7).contains(event.time))
        #expect(abs(event.change - step * 1000) < 1)
    }

    @Test func `is raised by time stamps, whatever the camera does`() throws {
        let tracker = DelayedTracker(jitter: 0.003, loss: 0.05, pose: DelayedTracker.still)
        var watch = DelayWatch(tolerance: 4_166_667, lostAfter: 1_000_000_000)
        var raised: Double?
        _ = tracker.run { time, line in
            guard let newest = line.newest, let rate = line.rate else { return }
            // A stamp of another clock: 17 s apart, then 35 ms more.
            let latency: Int64 = 17_000_000_000 + (time > 6 ? 35_000_000 : 0)
            watch.note(
                newest, period: 1e9 / rate, sourceTime: newest.arrivalTime + -latency)
            if raised == nil, watch.isAlarm { raised = time }
        }
        #expect((6.0..<7).contains(try #require(raised)))
        #expect(watch.changes == 1)
        #expect(abs(Double(watch.change) - 35e6) < 1e6)
    }
}

@Suite struct `No alarm of a changed delay` {
    static let moves: [@Sendable (Double) -> Pose] = [
        DelayedTracker.pan, DelayedTracker.still, { Tracking.Move(.whip).pose(at: $0) },
        { DelayedTracker.hand.pose(at: $0) },
    ]

    @Test(arguments: 0..<4, [60.0, 25, 24])
    func `is raised by jitter, losses and bursts`(move: Int, rate: Double) {
        for (jitter, loss, bursts) in [
            (0.0005, 0.01, false), (0.005, 0, false), (0.002, 0.05, false), (0.005, 0.05, true),
        ] {
            let tracker = DelayedTracker(
                rate: rate, jitter: jitter, loss: loss, bursts: bursts, seconds: 120,
                pose: Self.moves[move])
            let events = tracker.run()
            #expect(
                events.isEmpty,
                "\(jitter * 1000) ms, \(loss * 100) %: \(events.map { ($0.time, $0.change) })")
        }
    }

    @Test(arguments: [0.05, 0.3, 0.7, 3], [0, 0.007])
    func `is raised by a tracker that stops and comes back`(silence: Double, shift: Double) {
        // Back from less than a fifth of a second it still has its phase.
        let isShort = silence < 0.2
        for (seed, pose) in [DelayedTracker.pan, DelayedTracker.still].enumerated() {
            let tracker = DelayedTracker(
                silence: (6..<6 + silence, isShort ? 0 : shift), seconds: 14, seed: UInt64(seed),
                pose: pose)
            #expect(tracker.run().isEmpty, "\(silence) s")
        }
    }

    @Test(arguments: [60.0, 50, 30, 25, 24], [60.0, 50, 30, 25, 24])
    func `is raised by another rate`(before: Double, after: Double) {
        for pose in [DelayedTracker.pan, DelayedTracker.still] {
            var random = Noise(seed: 5)
            var line = timeline()
            for n in 0..<Int(12 * max(before, after)) {
                let change = 6 * before
                let time =
                    Double(n) < change ? Double(n) / before : 6 + (Double(n) - change) / after
                // Without a tracker's noise a still camera's packets are repeats of one another,
                // and a timeline refuses those that come sooner than the old rate has them.
                let message = DelayedTracker().message(n, pose(time), &random)
                line.accept(message, at: time + 0.0005 * random.unit())
            }
            #expect(line.delayWatch.changes == 0, "\(before) → \(after)")
        }
    }

    @Test func `is raised by a step within a quarter of a frame`() {
        let tracker = DelayedTracker(steps: [(6, 0.003)], pose: DelayedTracker.pan)
        #expect(tracker.run().isEmpty)
    }
}
