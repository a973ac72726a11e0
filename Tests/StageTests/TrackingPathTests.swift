import FrameLoop
import Geometry
import Scenes
import TestSupport
import Testing
import Timing
import Tracking

/// What trackers send, good and bad, seen in the octets of the wall.
@Suite struct `Tracking on the wall` {
    typealias Datagram = VirtualStage.Datagram
    static let first = VirtualStage.firstFrame
    static let scene = TestScenes.checker(width: 512)

    /// A packet just after the good one of an instant.
    private func bad(_ frame: Int64, _ bytes: [UInt8], sender: UInt32 = 0x0A00_0001) -> Datagram {
        Datagram(
            sender: sender, arrivalTime: VirtualStage.host(frame, plus: 0.65), bytes: bytes)
    }

    /// Everything that must never be shown, at one instant.
    private func rubbish(_ frame: Int64, _ random: inout SeededRandom) -> [Datagram] {
        var checksum = movingShot(frame + 40).bytes
        checksum[28] &+= UInt8.random(in: 1...255, using: &random)
        let noise = (0..<Int.random(in: 0...200, using: &random)).map { _ in
            UInt8.random(in: 0...255, using: &random)
        }
        let far = freeD(pan: 0, 130, 0, 1.5)
        return [
            bad(frame, checksum), bad(frame, Array(movingShot(frame + 40).bytes.prefix(28))),
            bad(frame, movingShot(frame + 40).bytes + [0]), bad(frame, noise), bad(frame, []),
            bad(frame, freeD(pan: 40, 1, 1, 1, id: 9)), bad(frame, far),
            bad(frame, movingShot(frame).bytes), bad(frame, movingShot(frame - 9).bytes),
            bad(frame, freeD(pan: -40, 1, 1, 1), sender: 0x0A00_0002),
            bad(frame, freeD(pan: 170, 20, 20, 20)),
        ]
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `bad packets never change the picture, and every one is counted`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let (clean, dirty) = (try VirtualStage(Self.scene), try VirtualStage(Self.scene))
        var sent = 0
        for step in Int64(0)..<60 {
            let frame = Self.first + step
            let good = movingShot(frame - 1)
            // From the eleventh packet on, when the source's rhythm is known.
            let rest = step > 10 ? rubbish(frame - 1, &random) : []
            sent += rest.count
            let isSame = dirty.make(frame, [good] + rest) == clean.make(frame, [good])
            #expect(isSame, "frame \(step), seed \(seed)")
        }
        let counters = dirty.path.state.pointee.timelines[0].counters
        #expect(counters.accepted == 60)
        #expect(counters.rejected == sent)
        #expect(clean.path.state.pointee.timelines[0].counters.rejected == 0)
    }

    @Test func `a tracker that stops leaves its frustum standing where it came to rest`() throws {
        let wall = try VirtualStage(Self.scene)
        let empty = wall.make(Self.first - 1)
        for step in Int64(0)..<40 {
            _ = wall.make(Self.first + step, [movingShot(Self.first + step - 1)])
        }
        let pictures = (Int64(40)..<200).map { wall.make(Self.first + $0) }
        let held = pictures[80...]
        #expect(held.allSatisfy { $0 == held.first })
        #expect(held.first != empty)
        var source = wall.path.state.pointee.timelines[0]
        let state = source.cameraState(
            at: VirtualStage.host(Self.first + 200), now: VirtualStage.host(Self.first + 200))
        #expect(state.status == .lost)
    }

    @Test func `a tracker that comes back is followed again as if it had never been away`() throws {
        let (broken, whole) = (try VirtualStage(Self.scene), try VirtualStage(Self.scene))
        for step in Int64(0)..<120 {
            let frame = Self.first + step
            let packet = movingShot(frame - 1)
            let isAway = (30..<50).contains(step)
            let isSame = broken.make(frame, isAway ? [] : [packet]) == whole.make(frame, [packet])
            if step < 30 { #expect(isSame, "before it was away, frame \(step)") }
            if step == 45 { #expect(!isSame) }
            // Blended back for 100 ms; from then on its clock is a nanosecond off at most, which
            // is 3e-10 rad at 15°/s, and fades. A second later nothing is left of it.
            if step >= 57 {
                let (turn, way) = apart(broken, whole, at: frame)
                #expect(turn < 1e-9 && way < 1e-9, "frame \(step): \(turn) rad, \(way) m")
            }
            if step >= 100 { #expect(isSame, "frame \(step)") }
        }
    }

    /// How far the first camera of two stages is apart in a frame, radians and meters.
    private func apart(
        _ a: VirtualStage, _ b: VirtualStage, at frame: Int64
    ) -> (turn: Double, way: Double) {
        let bodies = [a, b].map {
            $0.path.state.pointee.timelines[0].cameraState(
                at: VirtualStage.host(frame + 1) + 8_000_000, now: VirtualStage.host(frame)
            ).stageFromBody
        }
        let ahead = bodies.map { $0.rotation * Vector3(0, 1, 0) }
        return (
            (ahead[0] - ahead[1]).length, (bodies[0].translation - bodies[1].translation).length
        )
    }

    @Test func `the fixed pose shows what a tracker standing there shows`() throws {
        let (tracked, fixed) = (try VirtualStage(Self.scene), try VirtualStage(Self.scene))
        for (path, values) in [
            ("camera/a/fixed/pan", 12.5), ("camera/a/fixed/tilt", -3),
            ("camera/a/fixed/position/x", 0.5), ("camera/a/fixed/position/y", -0.25),
            ("camera/a/fixed/position/z", 1.75), ("camera/a/fixed/enabled", 1),
        ] { fixed.edit(path, values, at: Self.first) }
        var pair: ([UInt8], [UInt8]) = ([], [])
        for step in Int64(0)..<40 {
            let frame = Self.first + step
            let packet = Datagram(
                arrivalTime: VirtualStage.host(frame - 1, plus: 0.6),
                bytes: freeD(pan: 12.5, tilt: -3, 0.5, -0.25, 1.75))
            // The other one's tracker wanders, and is not listened to.
            pair = (tracked.make(frame, [packet]), fixed.make(frame, [movingShot(frame - 1)]))
        }
        let apart = zip(codes(pair.0), codes(pair.1)).count { $0 != $1 }
        #expect(apart <= 20, "\(apart) of 49152 pixels differ")
        let none = try VirtualStage(Self.scene).make(Self.first)
        #expect(pair.1 != none)
    }

    @Test func `two cameras have a frustum each, and each follows its own tracker`() throws {
        func still(_ source: Int, pan: Double) -> Datagram {
            Datagram(
                source: source, arrivalTime: VirtualStage.host(Self.first - 1, plus: 0.6),
                bytes: freeD(pan: pan, 0, 0, 1.4))
        }
        func picture(_ pans: (Double, Double), without camera: String? = nil) throws -> [SIMD3<Int>]
        {
            let wall = try VirtualStage(Self.scene)
            if let camera { wall.edit("camera/\(camera)/frustum/enabled", 0, at: Self.first) }
            return codes(
                wall.make(Self.first, [still(0, pan: pans.0), still(1, pan: pans.1)]))
        }
        func columns(_ a: [SIMD3<Int>], _ b: [SIMD3<Int>]) -> (least: Int, most: Int) {
            let found = a.indices.filter { a[$0] != b[$0] }.map { $0 % VirtualStage.width }
            return (found.min() ?? -1, found.max() ?? -1)
        }
        let both = try picture((20, -20))
        // 20° to the left at 4 m: 1.46 m or 93 LEDs left of the middle, 64 wide to either side.
        let withoutA = columns(both, try picture((20, -20), without: "a"))
        #expect(withoutA.least > 60 && withoutA.most < 256)
        let withoutB = columns(both, try picture((20, -20), without: "b"))
        #expect(withoutB.least > 256 && withoutB.most < 452)
        let movedB = columns(both, try picture((20, -25)))
        #expect(movedB.least > 256)
        let hiddenB = columns(
            try picture((20, -20), without: "b"), try picture((20, -25), without: "b"))
        #expect(hiddenB == (-1, -1))
    }
}
