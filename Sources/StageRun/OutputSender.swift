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
    /// What an output does with a canvas: send it, copy it, write it.
    protocol Sink: AnyObject {
        /// Takes a canvas at a grid instant. Called on the sender's thread only.
        func send(_ canvas: OutputRing.Canvas, rtpTimestamp: UInt32, frame: Int64)
        /// The output is closed.
        func close()
    }

    let name: String
    let ring: OutputRing
    private let sink: any Sink
    private let grid: FrameGrid
    private let clock: Clocks
    private let stopping = Atomic<Bool>(false)
    private let sent = Atomic<Int>(0)
    private let repeated = Atomic<Int>(0)
    private let sendNanosecondsNow = Atomic<Int64>(0)
    private var thread: Threads.Running?

    init(name: String, ring: OutputRing, sink: any Sink, grid: FrameGrid, clock: Clocks) {
        self.name = name
        self.ring = ring
        self.sink = sink
        self.grid = grid
        self.clock = clock
    }

    /// Frames sent, repeats included.
    var sentCount: Int { sent.load(ordering: .relaxed) }
    /// Grid instants at which no newer canvas was ready and the last one was sent again.
    var repeatedCount: Int { repeated.load(ordering: .relaxed) }
    /// What sending a frame took lately, nanoseconds.
    var sendNanoseconds: Int64 { sendNanosecondsNow.load(ordering: .relaxed) }

    func start() throws {
        thread = try Threads.start(name: "cyc-out-\(name.prefix(6))") { [self] in
            // Below the frame thread: a late packet is better than a late frame.
            Threads.makeRealTime(priority: 60)
            run()
        }
    }

    func stop() {
        stopping.store(true, ordering: .relaxed)
        thread?.join()
        sink.close()
    }

    private func run() {
        var current: OutputRing.Canvas?
        var slot = grid.frame(at: clock.sample().tai) + 1
        while !stopping.load(ordering: .relaxed) {
            let now = clock.sample()
            // Missed instants are let go; the grid never shifts.
            slot = max(slot, grid.frame(at: now.tai))
            clock.sleep(until: now.host(tai: grid.instant(of: slot)))
            if let newer = ring.takeReady() {
                if let old = current { ring.release(old.index) }
                current = newer
            } else if current != nil {
                repeated.add(1, ordering: .relaxed)
            }
            if let canvas = current {
                let begin = clock.now
                sink.send(canvas, rtpTimestamp: grid.rtpTimestamp(of: slot), frame: slot - 1)
                sent.add(1, ordering: .relaxed)
                note(clock.now - begin)
            }
            slot += 1
        }
        if let canvas = current { ring.release(canvas.index) }
    }

    /// A slow mean, so that `lightTime` does not jump from frame to frame.
    private func note(_ nanoseconds: Int64) {
        let mean = sendNanosecondsNow.load(ordering: .relaxed)
        let next = mean == 0 ? nanoseconds : mean + (nanoseconds - mean) / 64
        sendNanosecondsNow.store(next, ordering: .relaxed)
    }
}
