public import FrameModel
import Timing

/// CPU time used since the program began, nanoseconds, as the loop's thread reads it at one moment.
public struct CPUTimes: BitwiseCopyable, Sendable {
    /// Every thread of the program together.
    public var process: Int64
    /// The loop's thread.
    public var loop: Int64
    /// The rendering workers together, the loop's thread not counted.
    public var workers: Int64

    /// Times read at one moment.
    public init(process: Int64 = 0, loop: Int64 = 0, workers: Int64 = 0) {
        self.process = process
        self.loop = loop
        self.workers = workers
    }

    /// What our threads that make no frames had used: senders, control, pictures being read.
    var others: Int64 { process - loop - workers }
}

/// What the threads that make no frames used around one frame, nanoseconds.
public struct OthersCPU: BitwiseCopyable, Sendable {
    /// From the last frame's hand-over to the loop's waking for this one.
    public var asleep: Int64
    /// From the loop's waking to its hand-over.
    public var awake: Int64

    /// Both at once.
    public init(asleep: Int64, awake: Int64) {
        self.asleep = asleep
        self.awake = awake
    }

    /// From three readings: at the last hand-over, at waking, at this hand-over.
    /// - Frame path: yes
    public init(last: CPUTimes, woke: CPUTimes, handedOver: CPUTimes) {
        self.init(
            asleep: max(0, woke.others - last.others),
            awake: max(0, handedOver.others - woke.others))
    }
}

/// Decides whether a frame was late and whose fault it was (design, "Lateness, one definition").
///
/// Ours is what the frame computed (the loop, then each rendering thread's share of the rendering)
/// and the waits on our own threads. The share, not the slowest thread: tiles go to whoever is
/// free, so a thread has more than its share only where another was kept from its core.
///
/// Which thread held a core while a frame waited for one only the kernel knows, and tells it in a
/// file (schedstat), without a name at that. So such a wait is bounded from both sides by clocks
/// that need no file: it is no longer than the time the frame did not compute, and no longer than
/// our other threads ran meanwhile. The lesser of the two is charged to us: never too little, and
/// too much at most by work of ours that ran beside the frame on another core.
///
/// The real-time class does not make such waits impossible: a kernel without preemption runs a
/// sender's system call to its end before the loop gets the core. Nor is the loop alone to blame
/// for waking late: what a frame late by us overran is charged to the next one too.
///
/// - Parameters:
///   - report: its times and CPU times are read, its wait and verdict are written.
///   - previous: the last frame's, already judged.
///   - others: what our threads that make no frames used.
///   - period: one frame, nanoseconds.
/// - Frame path: yes
public func judgeLateness(
    _ report: inout FrameReport, previous: FrameReport, others: OthersCPU, period: Int64
) {
    let computed = report.loopCPUNanoseconds + report.workerCPUNanoseconds
    let overrun = max(0, previous.handedOverTime - report.tickTime)
    let sleptIn = report.wokeTime - report.tickTime - overrun
    let held = report.handedOverTime - report.wokeTime - computed
    report.waitNanoseconds =
        (previous.isLateByUs ? overrun : 0) + bounded(sleptIn, by: others.asleep)
        + bounded(held, by: others.awake)
    report.isLate = report.handedOverTime - report.tickTime > period
    report.isLateByUs = report.isLate && (computed + report.waitNanoseconds) * 10 > period * 8
}

/// The lesser of a wait and what can have caused it, never below nothing.
private func bounded(_ wait: Int64, by others: Int64) -> Int64 { max(0, min(wait, others)) }
