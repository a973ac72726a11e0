import FrameLoop
import FrameModel
import Testing
import Timing

/// Frames of 1000 ns, told of by their times.
@Suite struct `A late frame's verdict` {
    /// A frame that began at its tick, 10 000, and was handed over so long after it.
    private func frame(took: Int64, loop: Int64 = 0, worker: Int64 = 0, woke: Int64 = 0)
        -> FrameReport
    {
        var report = FrameReport(frame: 10)
        report.tickTime = HostTime(nanoseconds: 10_000)
        report.wokeTime = report.tickTime + woke
        report.handedOverTime = report.tickTime + took
        (report.loopCPUNanoseconds, report.workerCPUNanoseconds) = (loop, worker)
        return report
    }

    private func judged(
        _ report: FrameReport, asleep: Int64 = 0, awake: Int64 = 0,
        previous: FrameReport = FrameReport(frame: 9)
    ) -> FrameReport {
        var report = report
        judgeLateness(
            &report, previous: previous, others: OthersCPU(asleep: asleep, awake: awake),
            period: 1000)
        return report
    }

    @Test func `a frame handed over in time is not late whatever it cost`() {
        let report = judged(frame(took: 1000, loop: 5000, worker: 5000), awake: 5000)
        #expect(!report.isLate && !report.isLateByUs)
    }

    @Test func `it is ours when our own work took over 0.8 of the period`() {
        #expect(judged(frame(took: 1001, loop: 400, worker: 401)).isLateByUs)
        let machines = judged(frame(took: 1001, loop: 400, worker: 400))
        #expect(machines.isLate && !machines.isLateByUs)
    }

    @Test func `waits are ours as far as our other threads ran meanwhile`() {
        let report = frame(took: 1200, loop: 100, worker: 400)
        #expect(judged(report, awake: 300).waitNanoseconds == 300)
        #expect(!judged(report, awake: 300).isLateByUs)
        #expect(judged(report, awake: 301).isLateByUs)
        // They ran for longer than it waited: beside it, on other cores.
        #expect(judged(report, awake: 90_000).waitNanoseconds == 700)
    }

    @Test func `what our threads ran while it slept counts only where it woke late`() {
        let prompt = frame(took: 1100, loop: 100, worker: 400)
        #expect(judged(prompt, asleep: 5000).waitNanoseconds == 0)
        let late = frame(took: 1100, loop: 100, worker: 400, woke: 350)
        #expect(judged(late, asleep: 5000).waitNanoseconds == 350)
        #expect(judged(late, asleep: 5000).isLateByUs)
        #expect(!judged(late, asleep: 100, awake: 100).isLateByUs)
    }

    @Test func `a frame late by the overrun of the one before has its verdict`() {
        var previous = FrameReport(frame: 9)
        previous.handedOverTime = HostTime(nanoseconds: 10_700)
        previous.isLate = true
        let report = frame(took: 1100, loop: 100, worker: 300, woke: 700)
        #expect(!judged(report, previous: previous).isLateByUs)
        previous.isLateByUs = true
        #expect(judged(report, previous: previous).waitNanoseconds == 700)
        #expect(judged(report, previous: previous).isLateByUs)
    }

    @Test func `others' time is the program's less the loop's and the workers'`() {
        let others = OthersCPU(
            last: CPUTimes(process: 1000, loop: 300, workers: 600),
            woke: CPUTimes(process: 1050, loop: 310, workers: 600),
            handedOver: CPUTimes(process: 2000, loop: 700, workers: 1000))
        #expect(others.asleep == 40)
        #expect(others.awake == 160)
    }

    @Test func `percentiles count from the tick each report keeps`() {
        let reports = (0..<100).map { frame(took: 1_000_000 * (1 + $0), woke: 2_000_000) }
        let summary = FrameSummary(reports)
        #expect(summary.total.p50 == 50 && summary.total.max == 100)
        #expect(summary.wake.p50 == 2 && summary.wake.max == 2)
    }
}
