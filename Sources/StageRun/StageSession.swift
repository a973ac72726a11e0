import Control
import ControlServer
import Foundation
import FrameLoop
import FrameModel
import Lanes
import Output
import Platform
public import Scenes
public import StageModel
import Synchronization
import Timing
import Tracking

/// A stage that runs: everything allocated, every thread started, until `stop`.
///
/// Threads: `cyc-frame` (the loop), `cyc-render-N` (workers), `cyc-out-…` (one an output),
/// `cyc-take` (the recorder of takes), `cyc-events` (the event log), `cyc-scenes` (what loads
/// scenes), `cyc-bake` (what bakes grades), `cyc-looks` (what reads look files), the control
/// thread.
/// `@unchecked Sendable` holds because the members are set once in `init`.
public final class StageSession: @unchecked Sendable {
    /// The stage.
    public let stage: Stage
    /// Lines for the operator said at start: outputs, clock, class, restored state.
    public private(set) var notes: [String] = []

    private let path: FramePath
    private let usable: [Int]
    private let cores: CorePlan
    private let pool: WorkerPool
    private let assets = AssetTable()
    private let shelf: SceneShelf
    private let looks = LookShelf()
    private let corrections: CorrectionShelf
    private let accounts = FrameAccounts()
    private let outputs: StageOutputs
    private let loop: RealTimeLoop
    private let live: Mailbox<LiveState>
    private let tracking: Mailbox<TrackingBoard>
    private let board = StatusBoard()
    private let control: ControlServer
    private let baker: StackBaker
    private let lookLoader: LookLoader
    private let holder: ControlHolder
    private let recorder: TakeRecorder
    private let events: EventLog
    private let setup: Setup
    private let started = Clocks.now()
    private var lastCount = 0
    private var toldSteps = 0
    /// Of each source, the changes of its delay that were told.
    private var toldDelays: [UInt32] = []
    private var lastTime = Clocks.now()

    /// What a run is made of, besides the stage.
    public struct Setup: Sendable {
        /// Rendering threads; 0 = one a core.
        public var threads: Int
        /// Folder for SDP files.
        public var sdpDirectory: String
        /// Where the show is kept for the supervisor.
        public var memory: StateMemory?
        /// Times the supervisor has started the stage again.
        public var restarts: Int
        /// The stage file, whole, for takes.
        public var stageFile: StageText
        /// What the scene is loaded from.
        public var sceneSource: String
        /// Other scenes that are known, in the order they are listed.
        public var otherScenes: [String] = []
        /// Those of them that are got ready beside the running one.
        public var warmScenes: [String] = []
        /// Gets other scenes.
        package var loadScene: SceneShelf.Loader = { source, _, _, _ in
            throw RunError("\(source): scenes are not loaded here")
        }
        /// The file of a wall's correction, by the wall's name: what a run begins with.
        public var corrections: [String: String] = [:]
        /// Starts decoding the movies of a scene from a source, for frames of a period in seconds,
        /// with someone who takes a line for the operator; nil of a scene that has none.
        package var decodeMovies:
            @Sendable (SceneAsset, String, Double, @escaping @Sendable (String) -> Void) throws ->
                SceneDecoders? = { _, _, _, _ in nil }
        /// Folder takes are written to.
        public var takesFolder: String
        /// File of the event log; nil: none is written.
        public var eventsFile: String?
        /// Takes a line for the operator while the stage runs.
        public var log: @Sendable (String) -> Void

        /// A setup.
        public init(
            threads: Int = 0, sdpDirectory: String = "/tmp", memory: StateMemory? = nil,
            restarts: Int = 0, stageFile: StageText = StageText(text: ""), sceneSource: String = "",
            takesFolder: String = "takes", eventsFile: String? = nil,
            log: @escaping @Sendable (String) -> Void
        ) {
            self.threads = threads
            self.sdpDirectory = sdpDirectory
            self.memory = memory
            self.restarts = restarts
            self.stageFile = stageFile
            self.sceneSource = sceneSource
            self.takesFolder = takesFolder
            self.eventsFile = eventsFile
            self.log = log
        }
    }

    /// Builds and starts a stage with a scene.
    ///
    /// Throws one sentence when a part cannot be had, and then all that was opened and started is
    /// taken back. Sockets and devices are opened first: a port in use is told at once, not after
    /// the seconds a scene takes.
    /// - Parameter scene: prepares the scene; called once, when everything else is there.
    public init(stage: Stage, setup: Setup, scene: () throws -> SceneAsset) throws {
        (self.stage, self.setup) = (stage, setup)
        try ControlSocket.clear(stage.controlSocket)
        guard let set = InstructionSet.best else { throw RunError(InstructionSet.refusal) }
        let usable = Threads.usableCores
        let threads = min(
            WorkerPool.threadsMax,
            setup.threads > 0 ? setup.threads : CorePlan.threads(usable: usable.count))
        self.usable = usable
        cores = CorePlan(usable: usable, threads: threads)
        // Every thread started from here on stays off the frame thread's core.
        if !cores.others.isEmpty { Threads.keep(to: cores.others) }
        var isRunning = false
        defer { if !isRunning { Threads.keep(to: usable) } }
        path = FramePath(
            stage: stage, kernels: KernelTable.of(set), threads: threads, looks: looks.table,
            now: { Clocks.now().nanoseconds })
        corrections = CorrectionShelf(path.stage)
        outputs = try StageOutputs(stage: stage, path: path, sdpDirectory: setup.sdpDirectory)
        pool = WorkerPool(threadCount: threads, priority: 40, cores: cores.workers)
        live = Mailbox(LiveState())
        tracking = Mailbox(TrackingBoard())
        let takes = TakeRecorder.makeRing()
        let probes = Mailbox(ProbeSample())
        let loop = try RealTimeLoop(
            path: path, pool: pool, live: live, assets: assets, accounts: accounts,
            senders: outputs.senders, tracking: tracking, takes: takes, probes: probes)
        self.loop = loop
        // Outputs and workers end with their last owner; tracking sockets have to be told.
        defer { if !isRunning { loop.stop() } }
        let events = EventLog(
            EventLog.Setting(
                stage: stage, file: setup.eventsFile, accounts: accounts, status: board,
                log: setup.log))
        self.events = events
        let asset = try scene()
        let keeper = ShowKeeper { [memory = setup.memory] in memory?.write($0) }
        var around = Self.surroundings(
            setup, assets, board, path, loop, events, stage.sceneMemory)
        around.hold = { keeper.keep(held: $0) }
        let shelf = SceneShelf([setup.sceneSource] + setup.otherScenes, around)
        self.shelf = shelf
        recorder = TakeRecorder(
            ring: takes,
            setting: TakeRecorder.Setting(
                stage: stage, stageFile: setup.stageFile, folder: setup.takesFolder,
                source: setup.sceneSource, scenes: { shelf.told },
                scene: { shelf.reference(of: $0) }, kernels: set.rawValue, status: board,
                log: setup.log, looks: looks, corrections: corrections,
                note: { events.note(.take, "\($0)", $1) }))
        var document = ShowDocument(stage: stage)
        if let saved = setup.memory?.read() {
            let report = document.restore(saved)
            notes.append("restored \(report.restored) settings of the last run")
            notes += report.complaints
            notes += looks.load(saved: ShowDocument.looks(inSaved: saved))
            notes += corrections.load(saved: ShowDocument.corrections(inSaved: saved))
            // The tables ended with the last run; the baker names them again.
            document.show(bakes: [])
        } else {
            notes += corrections.begin(&document, with: setup.corrections)
        }
        path.touchMemory(for: asset.prepared)
        let decoders = try setup.decodeMovies(asset, setup.sceneSource, stage.rate.period) { line in
            setup.log(line)
            events.note(.scene, "", line)
        }
        decoders?.fill { false }
        let first = shelf.put(asset, source: setup.sceneSource, decoders: decoders)
        Self.show(first, in: &document, atFrame: loop.currentFrame)
        for source in setup.warmScenes { _ = shelf.request(source) }
        let live = live
        let (assets, holder) = (assets, ControlHolder())
        let baker = StackBaker(
            stage: path.stage, status: board,
            surroundings: StackBaker.Surroundings(
                publish: { holder.name($0, revision: $1) },
                oldestFrame: { assets.oldestFrameInUse }))
        let lookLoader = LookLoader(
            looks,
            LookLoader.Surroundings(
                show: { holder.show($0.fingerprint, name: $1, slot: $2) },
                tell: { subject, line in
                    setup.log(line)
                    events.note(.edit, subject, line)
                }, oldestFrame: { assets.oldestFrameInUse }))
        (self.baker, self.holder, self.lookLoader) = (baker, holder, lookLoader)
        control = try ControlServer(
            path: stage.controlSocket, document: document,
            surroundings: ControlServer.Surroundings(
                status: board, events: events.tail, looks: lookLoader.actions,
                corrections: corrections.actions, scenes: shelf.actions,
                probed: { probes.latest().pointee },
                currentFrame: { loop.currentFrame },
                publish: { [looks] in
                    live.publish($0)
                    looks.note($0, fromFrame: loop.currentFrame)
                    shelf.note($0)
                    baker.note($0)
                }, keep: { keeper.keep(document: $0) }, log: setup.log,
                edited: { events.note($0, who: $1) }))
        holder.hold(control)
        board.publish(.restarts, Double(setup.restarts))
        defer {
            if !isRunning {
                stopSenders()
                baker.stop()
                holder.hold(nil)
                lookLoader.stop()
                control.stop()
                shelf.stop()
                recorder.stop()
                events.stop()
            }
        }
        try start()
        isRunning = true
    }

    private static func surroundings(
        _ setup: Setup, _ table: AssetTable, _ board: StatusBoard, _ path: FramePath,
        _ loop: RealTimeLoop, _ events: EventLog, _ memoryLimit: Int
    ) -> SceneShelf.Surroundings {
        var surroundings = SceneShelf.Surroundings(
            table: table, status: board, memoryLimit: memoryLimit, load: setup.loadScene,
            touch: { path.touchMemory(for: $0) },
            tell: { line in
                setup.log(line)
                events.note(.scene, "", line)
            }, currentFrame: { loop.currentFrame })
        let (tell, period) = (surroundings.tell, path.stage.stage.rate.period)
        surroundings.decode = { try setup.decodeMovies($0, $1, period, tell) }
        return surroundings
    }

    /// Shows the first scene: as the last run did, where it showed the same, else from now on.
    private static func show(
        _ scene: WarmScene, in document: inout ShowDocument, atFrame frame: Int64
    ) {
        let isSame = document.scenes.shown?.source == scene.reference.source
        let since = isSame ? min(frame, document.live.scene.startFrame) : frame
        let restored = document
        document.show(
            sceneSlot: scene.slot, generation: scene.generation, atFrame: since,
            reference: scene.reference, movieSpeeds: scene.movieSpeeds)
        if isSame { document.keepMovies(of: restored) }
    }

    private func start() throws {
        if !Threads.lockMemory() {
            notes.append(
                "memory could not be locked, a scene's neither: it may be paged out, and a frame "
                    + "then comes late – run as root, or raise `ulimit -l`")
        }
        for sender in outputs.senders { try sender.start() }
        try recorder.start()
        try shelf.start()
        noteStart()
        let complaint = try events.start(goesOn: setup.restarts > 0)
        try loop.start(core: cores.frame)
        try baker.start()
        try lookLoader.start()
        for warning in [recorder.complaint, complaint] {
            warning.map { notes.append("warning: \($0)") }
        }
        notes += outputs.descriptions
        notes.append("control: \(stage.controlSocket)")
        if Clocks.sample(taiOffset: stage.taiOffset).usesConfiguredOffset {
            notes.append(
                "clock: the kernel has no TAI offset (no ptp4l or chrony): using UTC + "
                    + "\(stage.taiOffset) s")
        }
    }

    /// The event log's first lines; the only ones with a date.
    private func noteStart() {
        let date = Date().ISO8601Format(.iso8601.year().month().day())
        let how = setup.restarts > 0 ? "started again after a fault" : "started"
        events.note(.stage, "", "\(stage.name) \(how) on \(date), timecodes are UTC")
        let scene = setup.sceneSource.isEmpty ? "a scene of the program's own" : setup.sceneSource
        events.note(.scene, "", "\(scene) shown")
    }

    /// What the machine refused, known once the threads run.
    public var warnings: [String] {
        loop.runsInRealTime
            ? []
            : [
                "the real-time class was refused: run as root or raise `ulimit -r`, or frames may "
                    + "come late"
            ]
    }

    /// A line when the machine's clock has been set since the last call, else nil.
    public func clockNews() -> String? {
        let steps = loop.clockSteps
        guard steps.count > toldSteps else { return nil }
        toldSteps = steps.count
        return Self.news(ofStep: steps.last)
    }

    /// A line for each source whose delay has changed since the last call.
    public func delayNews() -> [String] {
        let newest = tracking.latest().pointee
        let seen = (0..<min(stage.sources.count, StageLimits.sources)).map {
            newest.sources[$0].delayChanges
        }
        let told = toldDelays.isEmpty ? seen.map { _ in 0 } : toldDelays
        toldDelays = seen
        return seen.indices.filter { seen[$0] != told[$0] }.map {
            Self.news(
                ofDelay: newest.sources[$0].delayChange, isAlarm: newest.sources[$0].isDelayAlarm,
                source: stage.sources[$0].name)
        }
    }

    /// What an operator is told of a delay that differs by so many nanoseconds from what it was.
    static func news(ofDelay change: Int64, isAlarm: Bool, source: String) -> String {
        guard isAlarm else { return "the delay of \(source) is again what it was" }
        let size = String(format: "%.1f ms", abs(Double(change)) / 1e6)
        return
            "the delay of \(source) is \(size) \(change > 0 ? "longer" : "shorter") than it was: "
            + "the background slides on pans – find it with `cyclorama track delay` and set "
            + "tracking[].delayMilliseconds, or set the tracker back"
    }

    /// What an operator is told of a step of so many nanoseconds.
    static func news(ofStep nanoseconds: Int64) -> String {
        let size = String(format: "%.3f s", Double(nanoseconds.magnitude) / 1e9)
        return
            "the machine's clock was set \(nanoseconds > 0 ? "forward" : "back") by \(size): the "
            + "frame grid and the RTP time stamps follow it, the wall went on"
    }

    /// Stops every thread, the loop first, and removes the control socket.
    public func stop() {
        loop.stop()
        stopSenders()
        baker.stop()
        holder.hold(nil)
        lookLoader.stop()
        control.stop()
        shelf.stop()
        recorder.stop()
        let (byUs, byMachine, _, _) = accounts.totals
        events.note(
            .stage, "",
            "\(stage.name) stopped after \(accounts.count) frames, late \(byUs) by us, "
                + "\(byMachine) by the machine")
        events.stop()
        Threads.keep(to: usable)
    }

    /// All are asked before one is waited for: they end together, at the next instant.
    private func stopSenders() {
        for sender in outputs.senders { sender.askToStop() }
        for sender in outputs.senders { sender.join() }
    }

    /// Figures of the last seconds, pinned to the status board; for the status line.
    public func summarizeLatest() -> RunSummary {
        let now = Clocks.now()
        let count = accounts.count
        let summary = summary(of: accounts.newest(max(1, count - lastCount)))
        let seconds = Double(now - lastTime) / 1e9
        board.publish(.framesPerSecond, seconds > 0 ? Double(count - lastCount) / seconds : 0)
        (lastCount, lastTime) = (count, now)
        publish(summary)
        return summary
    }

    /// Figures of the whole run, percentiles over its newest frames.
    public func summarizeAll() -> RunSummary {
        summary(of: accounts.newest(FrameAccounts.capacity))
    }

    private func publish(_ summary: RunSummary) {
        let whole = accounts.newest(1).last
        shelf.publish()
        board.publish(.frame, Double(whole?.frame ?? 0))
        board.publish(.framesMade, Double(accounts.count))
        board.publish(.framesLate, Double(summary.lateByUs + summary.lateByMachine))
        board.publish(.framesLateByUs, Double(summary.lateByUs))
        board.publish(.clockSteps, Double(summary.clockSteps))
        board.publish(.framesDropped, Double(summary.droppedOutputs))
        board.publish(.trianglesLeftOut, Double(whole?.droppedTriangles ?? 0))
        board.publish(.qualityStep, Double(whole?.quality ?? 0))
        board.publish(.qualityChanges, Double(summary.quality.changes))
        board.publish(.trackingAge, summary.sampleAgeMilliseconds.p50 / 1000)
        board.publish(
            .trackersLost,
            Double(summary.sources.count { ["lost", "stale", "never heard"].contains($0.status) }))
        board.publish(.packetsUsed, Double(summary.sources.reduce(0) { $0 + $1.accepted }))
        board.publish(.packetsRefused, Double(summary.sources.reduce(0) { $0 + $1.refused }))
        board.publish(.packetsDropped, Double(summary.sources.reduce(0) { $0 + $1.dropped }))
        for (index, camera) in summary.cameras.enumerated() {
            board.publish(.horizon, camera: index, camera.registration.horizon.p99)
            board.publish(.wall, camera: index, camera.registration.wall.p99)
            board.publish(.focalLength, camera: index, camera.focalLengthMillimeters)
            board.publish(.lensOrigin, camera: index, Double(camera.lensOrigin.rawValue))
            board.publish(.overscan, camera: index, camera.overscanPercent)
        }
        let newest = tracking.latest().pointee
        for index in 0..<min(stage.sources.count, StageLimits.sources) {
            publish(newest.sources[index], source: index)
        }
        for wall in 0..<stage.walls.count { publish(wall: wall) }
        board.publish(.frameTime, summary.totalMilliseconds.p99 / 1000)
        board.publish(.revisionShown, Double(whole?.revision ?? 0))
    }

    private func publish(wall: Int) {
        let seen = tracking.latest().pointee.walls[wall]
        board.publish(.average, wall: wall, Double(seen.averageNits))
        board.publish(.limiter, wall: wall, Double(seen.limiterLight) * 100)
    }

    private func publish(_ seen: TrackingBoard.Source, source: Int) {
        board.publish(.delayChange, source: source, Double(seen.delayChange) / 1e9)
        board.publish(.delayAlarm, source: source, seen.isDelayAlarm ? 1 : 0)
        board.publish(.delayChanges, source: source, Double(seen.delayChanges))
        let age = seen.delayChangedTime.map { Double(Clocks.now() - $0) / 1e9 }
        board.publish(.delayChangeAge, source: source, age ?? 0)
        board.publish(.state, source: source, Double(seen.status.rawValue))
        board.publish(.rate, source: source, seen.timekeeping.rate)
        board.publish(.rateAlarm, source: source, seen.timekeeping.isRateWrong ? 1 : 0)
        board.publish(.jitter, source: source, seen.timekeeping.jitterNanoseconds / 1e9)
        board.publish(.age, source: source, Double(seen.ageNanoseconds) / 1e9)
        board.publish(.used, source: source, Double(seen.counters.accepted))
        board.publish(.missing, source: source, Double(seen.counters.lost))
        board.publish(.refused, source: source, Double(seen.counters.rejected))
        board.publish(.clockAlarm, source: source, seen.timekeeping.isClockWrong ? 1 : 0)
        board.publish(.clockOffset, source: source, Double(seen.timekeeping.clockOffset) / 1e9)
    }

    private func summary(of reports: [FrameReport]) -> RunSummary {
        let frames = FrameSummary(reports)
        let totals = accounts.totals
        let newest = tracking.latest().pointee
        let offset = Clocks.sample(taiOffset: stage.taiOffset).taiOffset
        return RunSummary(
            stage: stage.name, seconds: Double(Clocks.now() - started) / 1e9,
            periodMilliseconds: stage.rate.period * 1000, frames: accounts.count,
            lateByUs: totals.lateByUs, lateByMachine: totals.lateByMachine,
            skipped: totals.skipped, clockSteps: loop.clockSteps.count,
            droppedOutputs: totals.droppedOutputs,
            totalMilliseconds: frames.total, wakeMilliseconds: frames.wake,
            planMilliseconds: frames.plan, renderMilliseconds: frames.render,
            sampleAgeMilliseconds: frames.sampleAge,
            quality: RunSummary.QualityFigures(newest: reports.last, accounts.quality),
            lateFrames: reports.filter(\.isLate).suffix(32).map {
                RunSummary.LateFrame(
                    $0,
                    timecode: Timecode(
                        frame: $0.frame, of: path.stage.grid, utcOffset: -offset))
            },
            events: events.counts,
            outputs: outputs.senders.map {
                RunSummary.Output(
                    name: $0.name, sent: $0.sentCount, repeated: $0.repeatedCount,
                    failed: $0.failedCount)
            },
            sources: stage.sources.enumerated().map { index, source in
                let seen = newest.sources[index]
                let isFixed = source.transport == .fixed
                return RunSummary.Source(
                    name: source.name,
                    status: isFixed
                        ? "fixed" : seen.status == .never ? "never heard" : "\(seen.status)",
                    accepted: Int(seen.counters.accepted), refused: Int(seen.counters.rejected),
                    dropped: Int(seen.dropped),
                    delayChangeMilliseconds: Double(seen.delayChange) / 1e6,
                    isDelayAlarm: seen.isDelayAlarm, delayChanges: Int(seen.delayChanges),
                    packetsPerSecond: seen.timekeeping.rate,
                    isRateWrong: seen.timekeeping.isRateWrong,
                    jitterMilliseconds: seen.timekeeping.jitterNanoseconds / 1e6,
                    isClockWrong: seen.timekeeping.isClockWrong)
            },
            cameras: zip(stage.cameras, frames.registration).enumerated().map { index, camera in
                RunSummary.CameraFigures(
                    name: camera.0.name, registration: camera.1, newest.frusta[index])
            })
    }
}
