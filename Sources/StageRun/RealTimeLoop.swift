import Color
import Control
import FrameLoop
import FrameModel
import Glibc
import Lanes
import Platform
import StageModel
import Synchronization
import Timing
import Tracking

/// The frame thread: wakes on the grid, drains tracking, makes a frame, hands it over.
///
/// `@unchecked Sendable` holds because everything but the atomics and the mailboxes belongs to the
/// frame thread from `start` to `stop`.
final class RealTimeLoop: @unchecked Sendable {
    private let path: FramePath
    private let pool: WorkerPool
    private let live: Mailbox<LiveState>
    private let assets: AssetTable
    private let accounts: FrameAccounts
    private let senders: [OutputSender]
    private let latencyNanoseconds: Int64
    private let taiOffset: Int64
    private let sourceCount: Int
    private let wallCount: Int
    /// Source of the first camera, −1 when there is no camera.
    private let firstSource: Int
    private var intake: TrackingIntake
    private var keeper = BudgetKeeper()
    private var tap: TakeTap
    private let stopping = Atomic<Bool>(false)
    private let frameNow: Atomic<Int64>
    private let stepCount = Atomic<Int>(0)
    private let stepNanoseconds = Atomic<Int64>(0)
    private let tracking: Mailbox<TrackingBoard>
    private let probes: Mailbox<ProbeSample>
    private var thread: Threads.Running?
    /// The real-time class was granted.
    private let isRealTime = Atomic<Bool>(false)

    init(
        path: FramePath, pool: WorkerPool, live: Mailbox<LiveState>, assets: AssetTable,
        accounts: FrameAccounts, senders: [OutputSender], tracking: Mailbox<TrackingBoard>,
        takes: JournalRing, probes: Mailbox<ProbeSample> = Mailbox(ProbeSample())
    ) throws {
        let stage = path.stage.stage
        self.path = path
        self.pool = pool
        self.live = live
        self.assets = assets
        self.accounts = accounts
        self.senders = senders
        self.tracking = tracking
        self.probes = probes
        tap = TakeTap(ring: takes)
        taiOffset = stage.taiOffset
        wallCount = stage.walls.count
        sourceCount = min(stage.sources.count, StageLimits.sources)
        firstSource = stage.cameras.first?.source ?? -1
        // StageConfig refuses processors of one stage with different latency.
        latencyNanoseconds = Int64((stage.processors.map(\.latency).max() ?? 0) * 1e9)
        intake = try TrackingIntake(stage: stage)
        let now = Clocks.sample(taiOffset: stage.taiOffset).tai
        frameNow = Atomic(path.stage.grid.frame(at: now))
    }

    /// The first frame an edit made now can show with.
    var currentFrame: Int64 { frameNow.load(ordering: .relaxed) + 1 }

    /// Steps of the machine's clock, and the last one's size in nanoseconds, > 0 forwards.
    var clockSteps: (count: Int, last: Int64) {
        (stepCount.load(ordering: .acquiring), stepNanoseconds.load(ordering: .relaxed))
    }

    /// The frame thread runs in the real-time class.
    var runsInRealTime: Bool { isRealTime.load(ordering: .relaxed) }

    /// Starts the frame thread, on a core of its own where one is named.
    func start(core: Int? = nil) throws {
        thread = try Threads.start(name: "cyc-frame") { [self] in
            if let core { Threads.keep(to: [core]) }
            isRealTime.store(
                Threads.makeRealTime(priority: Threads.framePriority), ordering: .relaxed)
            run()
        }
    }

    func stop() {
        stopping.store(true, ordering: .relaxed)
        thread?.join()
        intake.close()
    }

    /// Frames drawn before the clock counts: the first ones fault pages in and fill caches.
    private static let warmUpFrames = 4

    private func warmUp() {
        for _ in 0..<Self.warmUpFrames {
            let clock = Clocks.sample(taiOffset: taiOffset)
            let frame = path.stage.grid.frame(at: clock.tai)
            _ = path.prepare(inputs(FrameTurn(frame: frame), clock))
            pool.run(FramePath.share, context: path.context)
            path.abandon()
        }
    }

    private func run() {
        warmUp()
        lastCPU = cpuTimes()
        var schedule = FrameSchedule(
            grid: path.stage.grid, startingAfter: Clocks.sample(taiOffset: taiOffset))
        while !stopping.load(ordering: .relaxed) {
            Clocks.sleep(until: schedule.wakeTime(by: Clocks.sample(taiOffset: taiOffset)))
            let clock = Clocks.sample(taiOffset: taiOffset)
            let turn = schedule.begin(clock)
            stepNanoseconds.store(schedule.steps.last, ordering: .relaxed)
            stepCount.store(schedule.steps.count, ordering: .releasing)
            guard let turn else { continue }
            frameNow.store(turn.liveFrame, ordering: .relaxed)
            make(turn, clock)
        }
    }

    /// One frame, from packets in to canvases handed over; frame thread only.
    /// - Frame path: yes
    func make(_ turn: FrameTurn, _ clock: ClockSample) {
        let grid = path.stage.grid
        var report = FrameReport(frame: turn.frame)
        report.skipped = Int32(clamping: turn.skipped)
        report.clockStepNanoseconds = turn.steppedNanoseconds
        report.tickTime = clock.host(tai: grid.instant(of: turn.frame))
        report.wokeTime = clock.host
        let woke = cpuTimes()
        let inputs = inputs(turn, clock)
        report.lateMovies = lateMovies
        report.revision = inputs.live.pointee.revision
        report.quality = inputs.quality
        report.isQualityHeld = inputs.live.heldQuality(at: turn.liveFrame) != nil
        report.pattern = path.plan.pointee.pattern.pattern
        report.isFalseColor = inputs.live.stage(.view, at: turn.liveFrame) > 0.5
        tap.note(inputs, path.state)
        report.droppedOutputs = Int32(path.prepare(inputs))
        report.plannedTime = Clocks.now()
        noteTracking(&report, inputs)
        let rendering = render(&report)
        path.finish(&report)
        // Nothing, too: an old sample would answer for a picture that is gone.
        probes.publish(path.probed ?? ProbeSample())
        report.handedOverTime = Clocks.now()
        let end = cpuTimes()
        report.loopCPUNanoseconds = end.loop - woke.loop - rendering
        judgeLateness(
            &report, previous: lastReport,
            others: OthersCPU(last: lastCPU, woke: woke, handedOver: end),
            period: Int64(grid.rate.period * 1e9))
        accounts.enter(report)
        keepBudget(report, inputs)
        (lastReport, lastCPU) = (report, end)
        // A frozen wall goes on drawing the scene of the frame it was frozen at.
        if !path.isFrozen { assets.finished(frame: turn.liveFrame) }
    }

    /// Chooses the next frame's quality from what this one took.
    /// - Frame path: yes
    private func keepBudget(_ report: FrameReport, _ inputs: FrameInputs) {
        guard path.isDrawing else { return }
        keeper.measure(report, period: Int64(path.stage.grid.rate.period * 1e9))
        if !report.isQualityHeld {
            let reduction = inputs.live.outerReduction(at: inputs.liveFrame)
            keeper.decide(
                best: Quality.bestStep(outerReduction: reduction), at: report.handedOverTime)
        }
    }

    /// CPU times of now.
    ///
    /// A worker's is that of its last job's end: what it spins afterwards, some tens of
    /// microseconds, is counted among the others' until its next job ends.
    /// - Frame path: yes
    private func cpuTimes() -> CPUTimes {
        var times = CPUTimes(
            process: Clocks.processCPUNanoseconds, loop: Clocks.threadCPUNanoseconds)
        for worker in 1..<max(1, pool.threadCount) {
            times.workers += pool.cpuNanoseconds(worker: worker)
        }
        return times
    }

    /// The closed list: clock, packets, live state, scene, the walls' light, quality.
    private func inputs(_ turn: FrameTurn, _ clock: ClockSample) -> FrameInputs {
        let grid = path.stage.grid
        let state = live.latest()
        foresee(state, at: turn.liveFrame)
        let next = clock.host(tai: grid.instant(of: turn.frame + 1))
        var inputs = FrameInputs(
            frame: turn.frame, liveFrame: turn.liveFrame,
            tickTime: grid.instant(of: turn.frame), clock: clock,
            lightTime: next + (sendNanoseconds + latencyNanoseconds),
            packets: intake.drain(clock: clock), live: state,
            scene: assets.scene(state.pointee.scene),
            leaving: state.isCrossfading(at: turn.liveFrame)
                ? assets.scene(state.pointee.leaving) : nil,
            wallLight: path.wallLight,
            quality: UInt8(state.heldQuality(at: turn.liveFrame) ?? keeper.step))
        pickMovies(&inputs)
        return inputs
    }

    /// Picks the pictures of the scenes' movies; a frozen wall keeps those it has.
    /// - Frame path: yes
    private func pickMovies(_ inputs: inout FrameInputs) {
        let live = inputs.live
        let movies = assets.movies(live.pointee.scene)
        let leaving = inputs.leaving == nil ? SceneMovies() : assets.movies(live.pointee.leaving)
        if path.isFrozen {
            (inputs.movies, inputs.leavingMovies) = (movies.picked, leaving.picked)
            return
        }
        let (frame, period) = (inputs.liveFrame, path.stage.stage.rate.period)
        (inputs.movies, lateMovies) = movies.pick(
            inputs.scene, live.pointee.movies, at: frame, period: period)
        if live.pointee.leaving.isSame(as: live.pointee.scene) {
            inputs.leavingMovies = inputs.movies
        } else {
            var late: Int32 = 0
            (inputs.leavingMovies, late) = leaving.pick(
                inputs.leaving, live.pointee.leavingMovies, at: frame, period: period)
            lateMovies += late
        }
    }

    /// Another scene, or a second one, is drawn: quality does not wait for the first late frame.
    private func foresee(_ state: UnsafePointer<LiveState>, at frame: Int64) {
        // A frozen wall goes on drawing the scenes it was frozen with.
        guard !path.isFrozen else { return }
        keeper.foresee(
            state.pointee.scene,
            leaving: state.isCrossfading(at: frame) ? state.pointee.leaving : .none,
            at: Clocks.now())
    }

    /// Draws with every worker and counts what each used in the mean; returns what this one used.
    private func render(_ report: inout FrameReport) -> Int64 {
        let before = Clocks.threadCPUNanoseconds
        for worker in 1..<max(1, pool.threadCount) {
            workerCPU[worker] = pool.cpuNanoseconds(worker: worker)
        }
        pool.run(FramePath.share, context: path.context)
        let mine = Clocks.threadCPUNanoseconds - before
        var used = mine
        for worker in 1..<max(1, pool.threadCount) {
            used += pool.cpuNanoseconds(worker: worker) - workerCPU[worker]
        }
        report.lastTileTime = Clocks.now()
        report.workerCPUNanoseconds = used / Int64(max(1, pool.threadCount))
        return mine
    }

    private var workerCPU: InlineArray<64, Int64> = InlineArray(repeating: 0)
    /// Movies that were not at the picture the frame asked for.
    private var lateMovies: Int32 = 0
    private var lastReport = FrameReport(frame: -1)
    private var lastCPU = CPUTimes()

    /// What the slowest output takes to send a frame, nanoseconds.
    private var sendNanoseconds: Int64 {
        var slowest: Int64 = 0
        for sender in senders { slowest = max(slowest, sender.sendNanoseconds) }
        return slowest
    }

    /// What a frame's report has of a source.
    private func figure(_ seen: TrackingBoard.Source, _ index: Int) -> TrackerFigure {
        var alarms: TrackerAlarms = []
        if seen.timekeeping.isRateWrong { alarms.insert(.rate) }
        if seen.timekeeping.isClockWrong { alarms.insert(.clock) }
        if seen.isDelayAlarm { alarms.insert(.delay) }
        return TrackerFigure(
            status: seen.status,
            clockSteps: UInt8(truncatingIfNeeded: path.state.pointee.timelines[index].clockSteps),
            dropped: UInt16(truncatingIfNeeded: seen.dropped), alarms: alarms,
            rate: Float(seen.timekeeping.rate), delayChange: seen.delayChange,
            delayChanges: UInt8(truncatingIfNeeded: seen.delayChanges))
    }

    /// Copies each source's counts for whoever shows them, and the first camera's age.
    private func noteTracking(_ report: inout FrameReport, _ inputs: FrameInputs) {
        var board = TrackingBoard()
        let now = inputs.clock.host
        for index in 0..<sourceCount {
            let camera = path.state.pointee.timelines[index].cameraState(
                at: inputs.lightTime, now: now)
            let watch = path.state.pointee.timelines[index].delayWatch
            board.sources[index] = TrackingBoard.Source(
                status: camera.status, ageNanoseconds: camera.ageNanoseconds,
                arrivalTime: camera.arrivalTime,
                counters: path.state.pointee.timelines[index].counters,
                dropped: intake.dropped(source: index), delayChange: watch.change,
                isDelayAlarm: watch.isAlarm, delayChanges: watch.changes,
                delayChangedTime: watch.changedTime,
                timekeeping: path.state.pointee.timelines[index].timekeeping())
            report.trackers[index] = figure(board.sources[index], index)
        }
        for camera in 0..<StageLimits.cameras {
            board.frusta[camera] = path.frustumInUse(camera: camera)
        }
        for wall in 0..<wallCount {
            let mean = inputs.wallLight.means[wall]
            board.walls[wall] = WallFigure(
                averageNits: Float(path.stage.wall(wall).nits(ofMean: mean)),
                limiterLight: Float(path.limiterLight(wall: wall)))
        }
        tracking.publish(board)
        report.registration = path.state.pointee.registration
        guard firstSource >= 0 else { return }
        let first = board.sources[firstSource]
        guard first.status != .never else { return }
        report.sampleAgeNanoseconds = first.ageNanoseconds
        report.arrivalTime = first.arrivalTime
    }
}
