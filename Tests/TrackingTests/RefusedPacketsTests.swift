import Geometry
import Testing
import Timing
import Tracking

@Suite struct RefusedPacketsTests {
    let panner = Panner()

    @Test func `bad packets are counted by cause and never shown`() {
        var timeline = timeline { _, options in options.cameraID = 1 }
        var clean = timeline
        for n in 0..<100 {
            let at = Double(n) / 50
            let good = panner.packet(n)
            clean.accept(good, at: at)
            timeline.accept(good, at: at)
            var broken = good.encoded
            broken[4] ^= 0x20
            timeline.accept(broken, at: at + 0.001)
            timeline.accept(Array(good.encoded.dropLast()), at: at + 0.002)
            timeline.accept(good.encoded + [0], at: at + 0.003)
            timeline.accept([0xD0, 0xFF, 0x01, 0x70], at: at + 0.004)
            timeline.accept([], at: at + 0.005)
            timeline.accept(Panner(degreesPerSecond: -50, camera: 2).packet(n), at: at + 0.006)
            var wild = good
            wild.x = 8_000_000
            timeline.accept(wild, at: at + 0.007)
        }
        let counters = timeline.counters
        #expect(counters.accepted == 100)
        #expect(counters.badChecksum == 100)
        #expect(counters.wrongLength == 300)
        #expect(counters.wrongType == 100)
        #expect(counters.foreignCamera == 100)
        #expect(counters.refusedPose == 100)
        let (seen, expected) = (timeline.state(at: 2), clean.state(at: 2))
        #expect(seen.stageFromBody == expected.stageFromBody)
        #expect(seen.arrivalTime == expected.arrivalTime)
    }

    @Test func `a source may ask for bad checksums to be taken`() {
        var timeline = timeline { _, options in options.ignoresChecksum = true }
        var packet = panner.packet(3).encoded
        packet[28] = 0
        timeline.accept(packet, at: 0)
        #expect(timeline.counters.accepted == 1)
        #expect(timeline.state(at: 0).status == .live)
    }

    @Test func `the same packet twice is one sample`() {
        var timeline = timeline()
        for n in 0..<100 {
            timeline.accept(panner.packet(n), at: Double(n) / 50)
            timeline.accept(panner.packet(n), at: Double(n) / 50 + 0.0002)
        }
        #expect(timeline.counters.accepted == 100)
        #expect(timeline.counters.duplicates == 100)
        let state = timeline.state(at: 99.0 / 50 + 0.04, lead: 0.04)
        #expect(abs(panDegrees(state) - 20 * (99.0 / 50 + 0.04)) < 0.01)
    }

    @Test func `a camera that stands still is live, not a duplicate`() {
        var timeline = timeline()
        for n in 0..<300 { timeline.accept(panner.packet(7), at: Double(n) / 50) }
        #expect(timeline.counters.accepted == 300)
        #expect(timeline.counters.rejected == 0)
        #expect(timeline.state(at: 299.0 / 50 + 0.01).status == .live)
    }

    @Test func `packets replayed into a live stream are refused`() {
        var timeline = timeline()
        var clean = timeline
        for n in 0..<200 {
            let at = Double(n) / 50
            timeline.accept(panner.packet(n), at: at)
            clean.accept(panner.packet(n), at: at)
            if n > 30, n % 3 == 0 { timeline.accept(panner.packet(n - 25), at: at + 0.007) }
        }
        #expect(timeline.counters.accepted == 200)
        #expect(timeline.counters.replayed == 56)
        #expect(timeline.state(at: 4).stageFromBody == clean.state(at: 4).stageFromBody)
    }

    @Test func `an encoder that wavers between two counts is no replay`() {
        var timeline = timeline()
        for n in 0..<200 {
            var message = panner.packet(0)
            message.pan += Int32(n & 1)
            timeline.accept(message, at: Double(n) / 50)
        }
        #expect(timeline.counters.accepted == 200)
        #expect(timeline.counters.rejected == 0)
    }

    @Test func `one wild packet is refused and three that agree are believed`() {
        var timeline = timeline()
        panner.feed(&timeline, 0..<50)
        func far(_ n: Int) -> FreeD.Message {
            FreeD.Message(
                cameraID: 1,
                pose: Pose(
                    pan: 0, tilt: 0, roll: 0, translation: Vector3(40, 0.001 * Double(n), 1)))
        }
        timeline.accept(far(50), at: 1)
        #expect(timeline.counters.refusedPose == 1)
        panner.feed(&timeline, 51..<55)
        #expect(timeline.counters.accepted == 54)
        let before = timeline.state(at: 1.08).stageFromBody.translation
        #expect(before.x < 1)
        for n in 55..<60 { timeline.accept(far(n), at: Double(n) / 50) }
        #expect(timeline.counters.refusedPose == 3)
        #expect(abs(timeline.state(at: 1.3).stageFromBody.translation.x - 40) < 0.01)
    }

    @Test func `a pose beyond the limit of positions is refused`() {
        var timeline = timeline { source, _ in source.positionLimit = 10 }
        timeline.accept(
            FreeD.Message(
                cameraID: 1, pose: Pose(rotation: .identity, translation: Vector3(0, 11, 0))),
            at: 0)
        #expect(timeline.counters.refusedPose == 1)
        #expect(timeline.state(at: 0).status == .never)
    }

    @Test func `a pose that is not a number is refused`() {
        var timeline = timeline { _, options in options.positionScale = .nan }
        timeline.accept(panner.packet(3), at: 0)
        #expect(timeline.counters.refusedPose == 1)
        #expect(timeline.state(at: 0).status == .never)
    }

    @Test func `two trackers on one port do not shake the wall`() {
        var timeline = timeline()
        let other = Panner(degreesPerSecond: -30)
        for n in 0..<100 {
            timeline.accept(panner.packet(n).encoded, at: Double(n) / 50, from: 1)
            timeline.accept(other.packet(n).encoded, at: Double(n) / 50 + 0.003, from: 2)
        }
        #expect(timeline.counters.accepted == 100)
        #expect(timeline.counters.foreignSender == 100)
        #expect(timeline.sender == 1)
        #expect(abs(panDegrees(timeline.state(at: 99.0 / 50)) - 20 * 99.0 / 50) < 0.001)
        // The first falls silent: after `staleAfter` the second may speak.
        for n in 100..<150 {
            timeline.accept(other.packet(n).encoded, at: Double(n) / 50 + 0.003, from: 2)
        }
        #expect(timeline.sender == 2)
        #expect(abs(panDegrees(timeline.state(at: 149.0 / 50)) + 30 * 149.0 / 50) < 0.3)
    }

    @Test func `sources that share a port take their own camera each`() {
        var first = timeline { _, options in options.cameraID = 1 }
        var second = timeline { _, options in options.cameraID = 2 }
        let other = Panner(degreesPerSecond: -30, camera: 2)
        for n in 0..<100 {
            for message in [panner.packet(n), other.packet(n)] {
                first.accept(message, at: Double(n) / 50)
                second.accept(message, at: Double(n) / 50)
            }
        }
        #expect(abs(panDegrees(first.state(at: 99.0 / 50)) - 20 * 99.0 / 50) < 0.001)
        #expect(abs(panDegrees(second.state(at: 99.0 / 50)) + 30 * 99.0 / 50) < 0.001)
        #expect(first.counters.foreignCamera == 100)
        #expect(second.counters.foreignCamera == 100)
    }

    @Test func `a frame counter tells order and loss`() {
        var timeline = timeline { _, options in options.countsFrames = true }
        func packet(_ n: Int) -> FreeD.Message {
            var message = panner.packet(n)
            message.spare = UInt16(n & 15) << 12 | 0x190
            return message
        }
        for n in 0..<50 { timeline.accept(packet(n), at: Double(n) / 50) }
        // 51 overtakes 50; 52 is lost.
        timeline.accept(packet(51), at: 51.0 / 50)
        timeline.accept(packet(50), at: 51.0 / 50 + 0.001)
        timeline.accept(packet(53), at: 53.0 / 50)
        #expect(timeline.counters.outOfOrder == 1)
        #expect(timeline.counters.lost == 2)
        #expect(timeline.counters.accepted == 52)
        #expect(abs(panDegrees(timeline.state(at: 53.0 / 50)) - 20 * 53.0 / 50) < 0.01)
    }

    @Test func `a packet stamped before the newest one is out of order`() {
        var timeline = timeline()
        panner.feed(&timeline, 0..<50)
        timeline.accept(panner.packet(48), at: 0.9)
        #expect(timeline.counters.outOfOrder == 1)
        #expect(timeline.counters.accepted == 50)
    }

    @Test func `a clock that jumped back does not silence the source`() {
        var timeline = timeline()
        for n in 0..<50 { timeline.accept(panner.packet(n), at: 3600 + Double(n) / 50) }
        panner.feed(&timeline, 50..<100)
        #expect(timeline.counters.accepted == 100)
        #expect(timeline.state(at: 99.0 / 50).status == .live)
        #expect(abs(panDegrees(timeline.state(at: 99.0 / 50)) - 20 * 99.0 / 50) < 0.01)
    }
}
