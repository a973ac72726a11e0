import FrameLoop
import Glibc
import Output
import Platform
import StageModel
import Synchronization
import Timing

/// One output's thread: at every grid instant it sends the newest completed canvas, or the last one
/// again when there is no newer.
///
/// `@unchecked Sendable` holds because everything but the atomics belongs to the sender's thread
/// once `start` has been called.
final class OutputSender: @unchecked Sendable {
    let name: String
    let ring: OutputRing
    private let sink: any OutputSink
    private let feedsTheWall: Bool
    private let grid: FrameGrid
    private let taiOffset: Int64
    private let stopping = Atomic<Bool>(false)
    private let sent = Atomic<Int>(0)
    private let failed = Atomic<Int>(0)
    private let repeated = Atomic<Int>(0)
    private let sendNanosecondsNow = Atomic<Int64>(0)
    private var turns: OutputTurns
    private var thread: Threads.Running?

    init(name: String, ring: OutputRing, sink: any OutputSink, grid: FrameGrid, taiOffset: Int64) {
        self.name = name
        self.ring = ring
        self.sink = sink
        feedsTheWall = sink.feedsTheWall
        self.grid = grid
        self.taiOffset = taiOffset
        turns = OutputTurns(ring: ring)
    }

    /// Frames sent, repeats included.
    var sentCount: Int { sent.load(ordering: .relaxed) }
    /// Frames that did not get out whole: a dead link, a full disk, a reader that is gone.
    var failedCount: Int { failed.load(ordering: .relaxed) }
    /// Grid instants at which no newer canvas was ready and the last one was sent again.
    var repeatedCount: Int { repeated.load(ordering: .relaxed) }
    /// What sending a frame to the wall took lately, nanoseconds; 0 for files.
    var sendNanoseconds: Int64 {
        feedsTheWall ? sendNanosecondsNow.load(ordering: .relaxed) : 0
    }

    func start() throws {
        thread = try Threads.start(name: "cyc-out-\(name.prefix(6))") { [self] in
            // Below the frame thread: a late packet is better than a late frame.
            if feedsTheWall { Threads.makeRealTime(priority: 60) }
            run()
        }
    }

    /// Asks the thread to end after its turn; `join` waits for it.
    func askToStop() { stopping.store(true, ordering: .relaxed) }

    /// Waits for the thread's end.
    func join() { thread?.join() }

    private func run() {
        var schedule = FrameSchedule(
            grid: grid, startingAfter: Clocks.sample(taiOffset: taiOffset))
        while !stopping.load(ordering: .relaxed) {
            Clocks.sleep(until: schedule.wakeTime(by: Clocks.sample(taiOffset: taiOffset)))
            // Missed instants are let go; the grid never shifts.
            guard let turn = schedule.begin(Clocks.sample(taiOffset: taiOffset)) else { continue }
            self.turn(at: turn.frame)
        }
        endTurns()
    }

    /// Sends the newest picture at a grid instant; sender's thread only.
    /// - Frame path: yes
    func turn(at index: Int64) {
        if let canvas = turns.picture(at: index) {
            let begin = Clocks.now()
            let isOut = sink.show(canvas, rtpTimestamp: grid.rtpTimestamp(of: index))
            if isOut {
                sent.add(1, ordering: .relaxed)
                note(Clocks.now() - begin)
            } else {
                failed.add(1, ordering: .relaxed)
            }
        }
        repeated.store(turns.repeatCount, ordering: .relaxed)
    }

    /// Gives the picture at hand back; sender's thread only.
    func endTurns() { turns.end() }

    /// A slow mean, so that `lightTime` does not jump from frame to frame.
    private func note(_ nanoseconds: Int64) {
        let mean = sendNanosecondsNow.load(ordering: .relaxed)
        let taken = min(nanoseconds, Int64(grid.rate.period * 1e9))
        let next = mean == 0 ? taken : mean + (taken - mean) / 64
        sendNanosecondsNow.store(next, ordering: .relaxed)
    }
}
