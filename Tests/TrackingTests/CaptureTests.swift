import Foundation
import Geometry
import TestSupport
import Testing
import Timing
import Tracking

@Suite struct CaptureTests {
    static let stream = "freed/freed_stream_from_f4_25fps_29B_records.bin"

    /// A source at 25 Hz with network jitter; root mean square of the pan shown 40 ms ahead
    /// against what the tracker says 40 ms later, degrees.
    func replay(_ messages: [FreeD.Message], jitter: Double) -> (rms: Double, Timeline) {
        var random = SeededRandom(seed: 4)
        var timeline = timeline()
        var sum = 0.0
        var count = 0
        for (n, message) in messages.enumerated() {
            let at = Double(n) / 25
            timeline.accept(message, at: at + jitter * .random(in: -1...1, using: &random))
            guard n > 2, n + 1 < messages.count else { continue }
            let ahead = timeline.cameraState(at: .seconds(at + 0.04), now: .seconds(at + 0.002))
            let truth = -messages[n + 1].panDegrees
            let error = panDegrees(ahead) - truth
            sum += error * error
            count += 1
        }
        return ((sum / Double(count)).squareRoot(), timeline)
    }

    static func messages() throws -> [FreeD.Message] {
        let bytes = try TestData.bytes(stream)
        return try stride(from: 0, to: bytes.count, by: FreeD.messageSize).map { start in
            try bytes.withUnsafeBytes {
                try FreeD.decode(UnsafeRawBufferPointer(rebasing: $0[start..<(start + 29)]))
            }
        }
    }

    @Test(.enabled(if: TestData.has(stream), "shared test data is absent"))
    func `the captured move replays without a rejected packet and errs 0,02° rms at most`() throws {
        let messages = try Self.messages()
        #expect(messages.count == 1497)
        let (rms, timeline) = replay(messages, jitter: 0)
        #expect(timeline.counters.accepted == 1497)
        #expect(timeline.counters.rejected == 0)
        #expect(timeline.counters.lost == 0)
        #expect(rms <= 0.012, "\(rms)")
        let (jittered, late) = replay(messages, jitter: 0.002)
        #expect(late.counters.accepted == 1497)
        #expect(late.counters.rejected == 0)
        #expect(jittered <= 0.02, "\(jittered)")
    }

    @Test func `a shoulder camera at 25 Hz errs no more than its own acceleration`() {
        let move = Tracking.Move(.handheld, seed: 5)
        let messages = (0..<1500).map {
            FreeD.Message(cameraID: 1, pose: move.pose(at: Double($0) / 25))
        }
        let (rms, timeline) = replay(messages, jitter: 0.001)
        #expect(timeline.counters.accepted == 1500)
        #expect(timeline.counters.rejected == 0)
        // Sines of 0.1 … 1.5 Hz and 0.5° rms bend by about 0.025° rms in 40 ms, those of 3 … 8 Hz
        // and 0.02° rms are unpredictable at 25 Hz and add their own size once more.
        #expect(rms < 0.12, "\(rms)")
        #expect(rms > 0.003, "the noise at least must show: \(rms)")
    }
}

@Suite struct MoveTests {
    /// Pan, tilt and roll in degrees at 120 Hz over ten minutes.
    static let shake: [Vector3] = {
        let move = Tracking.Move(.handheld, seed: 7)
        return (0..<72000).map { n in
            let angles = move.pose(at: Double(n) / 120).rotation.panTiltRoll
            return Vector3(angles.pan, angles.tilt, angles.roll) / degree
        }
    }()

    /// Root mean square of an axis after a filter made of differences.
    func rms(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        let sum = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (sum / Double(values.count)).squareRoot()
    }

    @Test func `handheld shakes by half a degree rms on each axis`() {
        for axis in 0..<3 {
            #expect(abs(rms(Self.shake.map { $0[axis] }) - 0.5) < 0.03)
        }
    }

    @Test func `handheld has 0,003° of noise from frame to frame`() {
        for axis in 0..<3 {
            // Fourth differences leave (2 sin(πf/120))⁴ of each sine and √70 of white noise.
            let v = Self.shake.map { $0[axis] }
            let differences = (2..<(v.count - 2)).map { (n: Int) -> Double in
                let outer = v[n - 2] + v[n + 2]
                let inner = v[n - 1] + v[n + 1]
                return outer - 4 * inner + 6 * v[n]
            }
            #expect(abs(rms(differences) / 70.0.squareRoot() - 0.003) < 0.0002)
        }
    }

    @Test func `handheld trembles by 0,02° rms of three to eight hertz`() {
        for axis in 0..<3 {
            // The power at 3 … 8 Hz of ten minutes, by Fourier sums; noise adds 1 part in 500.
            let v = Self.shake.map { $0[axis] }
            let power = power(of: v, from: 2.9, to: 8.1)
            #expect(abs(power.squareRoot() - 0.02) < 0.002, "\(power.squareRoot())")
        }
    }

    /// Mean square of what lies between two frequencies, from one minute with a Hann window.
    private func power(of values: [Double], from low: Double, to high: Double) -> Double {
        let count = 7200
        var power = 0.0
        for bin in Int(low * 60)...Int(high * 60) {
            var (real, imaginary) = (0.0, 0.0)
            for n in 0..<count {
                let hann = 1 - cos(2 * .pi * Double(n) / Double(count))
                let phase = 2 * .pi * Double(bin * n % count) / Double(count)
                real += values[n] * hann * cos(phase)
                imaginary += values[n] * hann * sin(phase)
            }
            // The window's own power is 1.5; a bin and its mirror image count twice.
            power += 2 * (real * real + imaginary * imaginary) / Double(count * count) / 1.5
        }
        return power
    }

    @Test(arguments: Tracking.Move.Kind.allCases)
    func `a move is the same every time and keeps to a stage`(kind: Tracking.Move.Kind) {
        let a = Tracking.Move(kind, seed: 3)
        let b = Tracking.Move(kind, seed: 3)
        var lastPose = a.pose(at: 0)
        for n in 0..<3600 {
            let t = Double(n) / 60
            let pose = a.pose(at: t)
            #expect(pose == b.pose(at: t))
            #expect((pose.translation - a.center).length < 2.5)
            #expect((0...1).contains(a.zoom(at: t)))
            #expect(angle(pose, lastPose) < 7, "no camera turns faster than 420°/s")
            #expect((pose.translation - lastPose.translation).length < 0.05)
            lastPose = pose
        }
    }

    @Test func `another seed shakes differently`() {
        let a = Tracking.Move(.handheld, seed: 1)
        let b = Tracking.Move(.handheld, seed: 2)
        #expect(angle(a.pose(at: 3), b.pose(at: 3)) > 0.01)
    }

    @Test func `dolly and crane keep the subject in the middle`() {
        for kind in [Tracking.Move.Kind.dolly, .crane] {
            let move = Tracking.Move(kind)
            let subject = move.center + Vector3(0, 5, 0)
            for n in 0..<600 {
                let seen = move.pose(at: Double(n) / 30).inverse * subject
                #expect(abs(seen.x / seen.y) < 1e-9)
                #expect(abs(seen.z / seen.y) < 1e-9)
            }
        }
    }

    @Test func `a whip pan crosses sixty degrees in 0,35 s`() {
        let move = Tracking.Move(.whip)
        func pan(_ t: Double) -> Double { move.pose(at: t).rotation.panTiltRoll.pan / degree }
        #expect(abs(pan(1) + 30) < 1e-9)
        #expect(abs(pan(1.35) - 30) < 1e-9)
        #expect(abs(pan(3) - 30) < 1e-9)
        #expect(abs(pan(3.35) + 30) < 1e-9)
    }
}
