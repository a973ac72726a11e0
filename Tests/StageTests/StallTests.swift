import FrameLoop
import Output
import Scenes
import TestSupport
import Testing

@Suite struct `A stage that stalls, in virtual time` {
    static let frames: Int64 = 150
    static let scene = TestScenes.checker(width: 512)

    /// What every frame looks like when nothing stalls.
    static let smooth: [Int64: [UInt8]] = {
        guard let wall = try? VirtualStage(scene) else { return [:] }
        var pictures: [Int64: [UInt8]] = [:]
        for frame in VirtualStage.firstFrame..<VirtualStage.firstFrame + frames + 10 {
            let isFirst = frame == VirtualStage.firstFrame
            pictures[frame] = wall.make(frame, isFirst ? [] : [movingShot(frame - 1)])
        }
        return pictures
    }()

    /// Stalls some frames apart, each 1 to 6 periods and a bit.
    static func stalls(seed: UInt64, longest: Int = 6) -> [Int64: Double] {
        var random = SeededRandom(seed: seed)
        var stalls: [Int64: Double] = [:]
        for base in stride(from: Int64(8), to: frames - 12, by: 14) {
            stalls[base + Int64.random(in: 0..<5, using: &random)] =
                Double(Int.random(in: 1...longest, using: &random))
                + Double.random(in: 0.05...0.55, using: &random)
        }
        return stalls
    }

    @Test func `every frame of the shot looks different from the one before`() {
        let pictures = (10..<Self.frames).map { Self.smooth[VirtualStage.firstFrame + $0] }
        #expect(zip(pictures, pictures.dropFirst()).allSatisfy { $0 != $1 && $0 != nil })
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `late counts equal the stalls, and skipped instants are those they cover`(
        seed: UInt64
    ) throws {
        let stalls = Self.stalls(seed: seed)
        var run = try StalledRun(Self.scene, loopStalls: stalls)
        run.run(frames: Self.frames)
        let totals = run.accounts.totals
        let covered = stalls.values.reduce(0) { $0 + Int($1) - 1 }
        #expect(stalls.count == 10)
        #expect(totals.lateByUs + totals.lateByMachine == stalls.count)
        #expect(totals.skipped == covered)
        #expect(run.schedule.skipped == Int64(covered))
        #expect(totals.droppedOutputs == 0)
        #expect(run.wall.ring.droppedCount == 0)
        #expect(run.made.count + covered == Int(Self.frames))
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `every stall is laid to whom it belongs: our work, our other threads, the machine`(
        seed: UInt64
    ) throws {
        let stalls = Self.stalls(seed: seed)
        var random = SeededRandom(seed: seed)
        let causes = stalls.mapValues { _ in
            StalledRun.Cause.allCases.randomElement(using: &random)!
        }
        var run = try StalledRun(Self.scene, loopStalls: stalls, causes: causes)
        run.run(frames: Self.frames)
        let machines = causes.values.count { $0 == .machine }
        #expect(machines > 0 && machines < causes.count)
        #expect(run.accounts.totals.lateByMachine == machines)
        #expect(run.accounts.totals.lateByUs == causes.count - machines)
    }

    @Test(arguments: [StalledRun.Cause.work, .ownThreads, .machine])
    func `a frame that is late because the last one was is laid to whom that belonged`(
        cause: StalledRun.Cause
    ) throws {
        var run = try StalledRun(Self.scene, loopStalls: [30: 1.9], causes: [30: cause])
        run.run(frames: Self.frames)
        let totals = run.accounts.totals
        #expect(totals.lateByUs == (cause == .machine ? 0 : 2))
        #expect(totals.lateByMachine == (cause == .machine ? 2 : 0))
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `the grid never shifts: one picture an instant, stamped with the instant`(
        seed: UInt64
    ) throws {
        var run = try StalledRun(Self.scene, loopStalls: Self.stalls(seed: seed))
        run.run(frames: Self.frames)
        let first = run.sent[0].slot
        #expect(first == VirtualStage.firstFrame + 1)
        #expect(run.sent.map(\.slot) == (0..<Int64(run.sent.count)).map { first + $0 })
        for sent in run.sent {
            // floor(n · 90000 · 1001 / 60000) = n + floor(n / 2) + … written out: 3003 n / 2.
            let ticks = UInt64(sent.slot) * 3003 / 2
            #expect(sent.timestamp == UInt32(truncatingIfNeeded: ticks))
            #expect(sent.time == VirtualStage.host(sent.slot))
        }
        for (frame, _) in run.made { #expect(frame >= VirtualStage.firstFrame) }
        #expect(zip(run.made, run.made.dropFirst()).allSatisfy { $0.frame < $1.frame })
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `what is sent in a stall is the last good picture, whole, octet for octet`(
        seed: UInt64
    ) throws {
        let stalls = Self.stalls(seed: seed)
        var run = try StalledRun(Self.scene, loopStalls: stalls)
        run.run(frames: Self.frames)
        var repeats = 0
        var last: Int64 = -1
        for sent in run.sent {
            let ready = run.made.last { $0.handedOver <= sent.time && $0.frame < sent.slot }
            #expect(sent.frame == ready?.frame)
            let isSmooth = sent.octets == Self.smooth[sent.frame]
            #expect(isSmooth, "frame \(sent.frame) at instant \(sent.slot), seed \(seed)")
            repeats += sent.frame == last ? 1 : 0
            last = sent.frame
        }
        #expect(repeats == run.repeatCount)
        #expect(repeats == stalls.values.reduce(0) { $0 + Int($1) })
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `after a stall of the sender the wall is not behind`(seed: UInt64) throws {
        let stalls = Self.stalls(seed: seed, longest: 2)
        var run = try StalledRun(Self.scene, senderStalls: stalls)
        run.run(frames: Self.frames)
        #expect(run.accounts.totals == (0, 0, 0, 0))
        #expect(run.sending.skipped == stalls.values.reduce(0) { $0 + Int64($1) - 1 })
        for sent in run.sent {
            #expect(sent.frame == sent.slot - 1)
            let isSmooth = sent.octets == Self.smooth[sent.frame]
            #expect(isSmooth, "frame \(sent.frame), seed \(seed)")
        }
    }

    @Test func `a sender that is long away costs counted drops and is soon fresh`()
        throws
    {
        var run = try StalledRun(Self.scene, senderStalls: [20: 10.2, 60: 25.5])
        run.run(frames: Self.frames)
        let totals = run.accounts.totals
        // Of the 11 and 26 frames begun meanwhile three lie ready, beside the canvas at hand.
        #expect(totals.droppedOutputs == 11 - 3 + 26 - 3)
        #expect(totals.droppedOutputs == run.wall.ring.droppedCount)
        #expect(totals.lateByUs + totals.lateByMachine == 0)
        let old = run.sent.filter { $0.frame != $0.slot - 1 }
        // The frame under way at its return was dropped too: the one after it is shown next.
        #expect(old.map(\.slot) == [30, 31, 85, 86].map { VirtualStage.firstFrame + $0 })
        for sent in run.sent {
            let isSmooth = sent.octets == Self.smooth[sent.frame]
            #expect(isSmooth, "frame \(sent.frame)")
        }
    }
}
