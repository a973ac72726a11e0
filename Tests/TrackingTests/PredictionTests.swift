import Foundation
import Geometry
import TestSupport
import Testing
import Tracking

@Suite struct PredictionTests {
    /// A move like the captured one: a tripod's pan of up to 10°/s, a sensor off its axis, 25 Hz,
    /// and a tracker's noise.
    static let operated: [FreeD.Message?] = {
        var random = SeededRandom(seed: 12)
        func noise(_ deviation: Double) -> Double {
            deviation * 3.0.squareRoot() * .random(in: -1...1, using: &random)
        }
        return (0..<1500).map { n in
            let t = Double(n) / 25
            func wave(_ amplitude: Double, _ period: Double) -> Double {
                amplitude * sin(2 * .pi * t / period)
            }
            let pose = Pose(
                pan: (wave(25, 16) + wave(0.05, 1.1) + noise(0.001)) * degree,
                tilt: (-20 + wave(5, 9) + noise(0.001)) * degree,
                roll: (wave(0.1, 5) + noise(0.0005)) * degree,
                translation: Vector3(
                    wave(0.06, 40) + noise(0.00006), -1.85 + wave(0.02, 16) + noise(0.00003),
                    1.2 + wave(0.01, 9) + noise(0.00002)))
            return FreeD.Message(cameraID: 1, pose: pose)
        }
    }()

    func captured() throws -> [FreeD.Message?] {
        var recording = MoSysF4.Recording(try TestData.bytes(MoSysF4Tests.capture))
        var frames: [FreeD.Message?] = []
        while let frame = recording.next() { frames.append(frame.freeD) }
        return frames
    }

    /// What the errors 40 and 120 ms ahead may be: those of the captured move.
    private func check(_ frames: [FreeD.Message?]) {
        let outcome = Tracking.Trial(frames: frames, rate: 25).run(horizons: [0.04, 0.12])
        let (near, far) = (outcome.horizons[0], outcome.horizons[1])
        #expect(outcome.refused == 0 && outcome.lost == 0)
        #expect(far.pan.rms <= 0.04, "\(far.pan)")
        #expect(far.x.rms <= 0.0004, "\(far.x)")
        #expect(far.middle.p99 <= 3, "\(far.middle)")
        #expect(near.middle.p99 <= 0.8, "\(near.middle)")
        // A corner of this lens magnifies a pan by 1.55. No linear filter of twelve samples errs
        // less on the captured move than 4.3 and 1.08 px, even one fitted to that very move.
        #expect(far.horizonCorner.p99 <= 4.8, "\(far.horizonCorner)")
        #expect(near.horizonCorner.p99 <= 1.2, "\(near.horizonCorner)")
        #expect(far.wallCorner.p99 <= 4.8, "\(far.wallCorner)")
        #expect(near.wallCorner.p99 <= 1.2, "\(near.wallCorner)")
    }

    private func checkLosses(_ frames: [FreeD.Message?]) {
        for seed in UInt64(1)...5 {
            let trial = Tracking.Trial(frames: frames, rate: 25, loss: 0.05, seed: seed)
            let outcome = trial.run(horizons: [0.04, 0.12])
            let (near, far) = (outcome.horizons[0], outcome.horizons[1])
            #expect((45...110).contains(outcome.lost), "seed \(seed): \(outcome.lost)")
            #expect(outcome.refused == 0)
            #expect(far.pan.rms <= 0.06 && far.x.rms <= 0.0006, "seed \(seed): \(far)")
            #expect(far.middle.p99 <= 4.5, "seed \(seed): \(far.middle)")
            #expect(near.middle.p99 <= 1.2, "seed \(seed): \(near.middle)")
        }
    }

    @Test(.enabled(if: MoSysF4Tests.isThere, "shared test data is absent"))
    func `on the captured move 120 ms ahead err 0,04° and 0,04 cm rms and 3 px at most`() throws {
        let frames = try captured()
        check(frames)
        let held = Tracking.Trial(frames: frames, rate: 25, prediction: .hold)
            .run(horizons: [0.12]).horizons[0]
        #expect(abs(held.pan.rms - 0.36) < 0.005, "\(held.pan)")
        #expect(abs(held.x.rms - 0.00084) < 0.00001, "\(held.x)")
        #expect(held.middle.p99 > 20)
    }

    @Test(.enabled(if: MoSysF4Tests.isThere, "shared test data is absent"))
    func `one captured packet in twenty may be lost for half as much again`() throws {
        checkLosses(try captured())
    }

    @Test func `on a move like the captured one the same holds`() {
        check(Self.operated)
        let held = Tracking.Trial(frames: Self.operated, rate: 25, prediction: .hold)
            .run(horizons: [0.12]).horizons[0]
        #expect(held.pan.rms > 0.5 && held.middle.p99 > 20)
    }

    @Test func `one packet in twenty of it may be lost for half as much again`() {
        checkLosses(Self.operated)
    }

    @Test func `no other windows err less on the captured move's like`() {
        func pixels(_ prediction: Prediction) -> Double {
            Tracking.Trial(frames: Self.operated, rate: 25, prediction: prediction)
                .run(horizons: [0.12]).horizons[0].horizonCorner.p99
        }
        let best = pixels(Prediction())
        for window in [3, 4, 6, 9] {
            #expect(pixels(Prediction(turningWindow: window)) > best, "\(window) samples")
        }
        #expect(pixels(.hold) > 5 * best)
    }

    @Test func `holding errs by speed times horizon, and a straight line not at all`() {
        let panner = Panner()
        let frames = (0..<200).map { Optional(panner.packet($0)) }
        let horizons = [0, 0.02, 0.05, 0.1]
        let held = Tracking.Trial(frames: frames, rate: 50, prediction: .hold)
            .run(horizons: horizons)
        let foreseen = Tracking.Trial(frames: frames, rate: 50).run(horizons: horizons)
        for (index, horizon) in horizons.enumerated() {
            let (hold, linear) = (held.horizons[index], foreseen.horizons[index])
            #expect(abs(hold.pan.rms - 20 * horizon) < 1e-3)
            #expect(abs(hold.x.max - 0.5 * horizon) < 1e-4)
            #expect(linear.pan.max < 1e-3 && linear.x.max < 1e-4)
            // The middle moves by F · tan of the pan, at a tilt by its cosine.
            let middle = tan(20 * horizon * degree) * cos(0.1) * 24.3 * 1920 / 35.9
            #expect(abs(hold.middle.max - middle) < 0.01 * middle + 0.05)
            #expect(hold.horizonCorner.max >= hold.middle.max)
            #expect(linear.frames > 130 && linear.frames == hold.frames)
        }
    }

    @Test func `frames a recording lacks are neither sent nor judged by`() {
        let panner = Panner()
        var frames = (0..<200).map { Optional(panner.packet($0)) }
        for gap in stride(from: 60, to: 200, by: 20) { frames[gap] = nil }
        let outcome = Tracking.Trial(frames: frames, rate: 50).run(horizons: [0, 0.01])
        #expect(outcome.horizons[0].frames == 150 - 7)
        // Half a frame ahead needs the frame and the next one; the last one has none.
        #expect(outcome.horizons[1].frames == 150 - 14 - 1)
        #expect(outcome.horizons[1].pan.max < 1e-3)
    }

    @Test func `windows of turning and travel are each their own`() {
        // Both stand, then move: two samples see all of the speed at once, ten a part of it.
        func seen(_ prediction: Prediction) -> (pan: Double, x: Double) {
            var timeline = timeline { source, _ in source.prediction = prediction }
            for n in 0..<60 {
                let moved = Double(max(0, n - 58))
                timeline.accept(
                    FreeD.Message(
                        cameraID: 1,
                        pose: Pose(
                            pan: moved * degree, tilt: 0, roll: 0,
                            translation: Vector3(moved / 100, 0, 0))), at: Double(n) / 50)
            }
            let state = timeline.state(at: 59.0 / 50 + 0.1, lead: 0.1)
            return (panDegrees(state) - 1, state.stageFromBody.translation.x * 100 - 1)
        }
        let fast = seen(Prediction(turningWindow: 2, velocityWindow: 2))
        #expect(abs(fast.pan - 5) < 0.01 && abs(fast.x - 5) < 0.01)
        let mixed = seen(Prediction(turningWindow: 2, velocityWindow: 10))
        // One step at the end of ten samples: its slope is 4.5 / 82.5 a sample.
        #expect(abs(mixed.pan - 5) < 0.01 && abs(mixed.x - 5 * 4.5 / 82.5) < 0.01)
        let other = seen(Prediction(turningWindow: 10, velocityWindow: 2))
        #expect(abs(other.pan - 5 * 4.5 / 82.5) < 0.01 && abs(other.x - 5) < 0.01)
        let held = seen(.hold)
        #expect(abs(held.pan) < 1e-3 && abs(held.x) < 1e-2)
    }

    @Test func `a window has 2 to 32 samples, whatever is asked for`() {
        let prediction = Prediction(turningWindow: -1, velocityWindow: 1000)
        #expect(prediction.turningWindow == 2 && prediction.velocityWindow == 32)
    }
}

@Suite struct MeasuredTests {
    @Test func `between two samples the tracker has said where the camera was`() throws {
        var timeline = timeline()
        let panner = Panner()
        panner.feed(&timeline, 0..<60)
        for instant in stride(from: 0.3, to: 59.0 / 50, by: 0.0037) {
            let measured = try #require(timeline.measured(seconds: instant))
            let pan = measured.stageFromBody.rotation.panTiltRoll.pan / degree
            #expect(abs(pan - 20 * instant) < 1e-3)
            #expect(abs(measured.stageFromBody.translation.x - 0.5 * instant) < 1e-4)
        }
    }

    @Test func `of what it has not said yet, or long forgotten, there is nothing`() {
        var timeline = timeline()
        #expect(timeline.measured(seconds: 0) == nil)
        Panner().feed(&timeline, 0..<100)
        #expect(timeline.measured(seconds: 99.0 / 50) != nil)
        #expect(timeline.measured(seconds: 99.0 / 50 + 0.001) == nil)
        #expect(timeline.measured(seconds: 0.5) == nil)
    }

    @Test func `across a gap it has not said anything`() {
        var timeline = timeline()
        let panner = Panner()
        panner.feed(&timeline, 0..<50)
        panner.feed(&timeline, 55..<60)
        #expect(timeline.measured(seconds: 52.0 / 50) == nil)
        #expect(timeline.measured(seconds: 48.5 / 50) != nil)
        #expect(timeline.measured(seconds: 57.5 / 50) != nil)
        // One lost packet is no gap.
        panner.feed(&timeline, 61..<62)
        #expect(timeline.measured(seconds: 60.0 / 50) != nil)
    }
}
