import Control
import FrameLoop
import Scenes
import Testing
import Timing

@Suite struct `A stage whose clock is set, in virtual time` {
    static let frames: Int64 = 120
    /// 216,000 periods of 59.94 Hz, a little over an hour: a whole number of nanoseconds, so that
    /// the grid's instants stay where they are on the host clock.
    static let hour: Int64 = 3_603_600_000_000

    /// A run with a fade that has ended when the clock is set for the first time.
    private func run(_ steps: [(place: Double, by: Int64)]) throws -> StalledRun {
        var run = try StalledRun(TestScenes.checker(width: 512), steps: steps)
        run.wall.edit(
            "all/exposure", -1, fade: .frames(12), at: VirtualStage.firstFrame + 10)
        run.run(frames: Self.frames)
        return run
    }

    @Test(arguments: [
        [(40.6, hour), (80.6, -hour)], [(40.6, -hour), (80.6, hour)],
        [(40.1, hour), (80.1, -hour)], [(40.1, -hour), (80.1, hour)],
    ])
    func `by an hour: the same pictures go on, at the same instants, with the new stamps`(
        steps: [(Double, Int64)]
    ) throws {
        let (calm, set) = (try run([]), try run(steps.map { (place: $0.0, by: $0.1) }))
        let pictures = Dictionary(uniqueKeysWithValues: calm.sent.map { ($0.time, $0.octets) })
        var old = 0
        for sent in set.sent {
            let stepped = steps.reduce(0) {
                sent.time < VirtualStage.host(VirtualStage.firstFrame, plus: $1.0) ? $0 : $0 + $1.1
            }
            // An instant is rounded down to the nanosecond: a moment later, its frame has begun.
            let tai = VirtualStage.clock(sent.time + 1, stepped: stepped).tai
            #expect(sent.slot == VirtualStage.grid.frame(at: tai))
            #expect(sent.timestamp == VirtualStage.grid.rtpTimestamp(of: sent.slot))
            old += pictures[sent.time] == sent.octets ? 0 : 1
        }
        #expect(old <= 2 * steps.count, "\(old) of \(set.sent.count) pictures are not the newest")
        #expect(calm.sent.count - set.sent.count <= steps.count)
        for (a, b) in zip(set.sent, set.sent.dropFirst()) {
            #expect(Double(b.time - a.time) < 2.01 * VirtualStage.period)
        }
        #expect(set.schedule.steps.count == steps.count)
        let totals = set.accounts.totals
        #expect(totals.lateByUs + totals.lateByMachine + totals.droppedOutputs == 0)
        #expect(totals.skipped <= steps.count)
    }

    @Test(arguments: [-7.3, -2.5, -1, -0.7, -0.4, 0.4, 0.7, 1, 2.5, 7.3], [50.1, 50.6])
    func `by any amount: three periods later the newest picture goes out at every instant`(
        size: Double, place: Double
    ) throws {
        let set = try run([(place: place, by: Int64(size * VirtualStage.period))])
        let settled = VirtualStage.host(VirtualStage.firstFrame, plus: place + 3)
        for sent in set.sent where sent.time > settled {
            #expect(sent.frame == sent.slot - 1)
        }
        for (a, b) in zip(set.sent, set.sent.dropFirst()) {
            #expect(Double(b.time - a.time) < 2.6 * VirtualStage.period)
        }
        #expect(set.schedule.steps.count == (abs(size) > 0.5 ? 1 : 0))
        #expect(set.accounts.totals.droppedOutputs == 0)
        #expect(set.sent.count >= Int(Self.frames) - 4)
    }
}
