public import Color
import Control
public import FrameLoop
public import FrameModel
import Lanes
public import Platform
public import Scenes
public import StageModel
public import Timing
import Tracking

/// A stage whose frames the caller makes and sends, one at a time, at instants of its choosing: the
/// parts and the path of `StageSession`, without its threads but the rendering workers.
///
/// For the allocation probe and whatever else needs the real path in virtual time. No control
/// socket: the caller publishes the live state. One thread at a time.
public final class SteppedStage {
    /// The stage's frame grid.
    public let grid: FrameGrid
    private let path: FramePath
    private let pool: WorkerPool
    private let assets = AssetTable()
    private let looks = LookTable()
    private let accounts = FrameAccounts()
    private let outputs: StageOutputs
    private let live: Mailbox<LiveState>
    private let tracking = Mailbox(TrackingBoard())
    private let board = StatusBoard()
    private let takes = TakeRecorder.makeRing()
    private let loop: RealTimeLoop

    /// Builds a stage that shows nothing yet.
    ///
    /// Throws one sentence when a part cannot be had.
    /// - Parameters:
    ///   - stage: checked.
    ///   - threads: rendering threads, the caller included.
    ///   - sdpDirectory: folder for SDP files.
    public init(stage: Stage, threads: Int, sdpDirectory: String) throws {
        guard let set = InstructionSet.best else { throw RunError(InstructionSet.refusal) }
        path = FramePath(
            stage: stage, kernels: KernelTable.of(set), threads: threads, looks: looks,
            now: { Clocks.now().nanoseconds })
        grid = path.stage.grid
        outputs = try StageOutputs(stage: stage, path: path, sdpDirectory: sdpDirectory)
        pool = WorkerPool(threadCount: threads)
        live = Mailbox(LiveState())
        loop = try RealTimeLoop(
            path: path, pool: pool, live: live, assets: assets, accounts: accounts,
            senders: outputs.senders, tracking: tracking, takes: takes)
    }

    /// Gives the sockets back; no frame may be made after it.
    public func end() {
        for sender in outputs.senders { sender.endTurns() }
        loop.stop()
    }

    /// Puts a scene in a slot and returns its generation; it must outlive the stage.
    public func give(
        _ asset: SceneAsset, movies: SceneMovies = SceneMovies(), slot: Int
    ) -> UInt32 {
        assets.give(asset.prepared, movies: movies, slot: slot)
    }

    /// Gives the stage a look for its live states to name by the fingerprint that comes back.
    public func give(_ look: Look) -> UInt64 {
        let prepared = PreparedLook(look)
        precondition(looks.give(prepared), "a stepped stage is given a handful of looks")
        return prepared.reference.constants.fingerprint
    }

    /// Gives the stage a wall's correction for its live states to name.
    public func give(_ correction: WallCorrection, wall: Int) -> UInt64 {
        let prepared = PreparedCorrection(
            correction, for: path.stage.wall(wall),
            panelCount: path.stage.stage.walls[wall].panels.count)
        precondition(
            looks.corrections.give(prepared), "a stepped stage is given a handful of corrections")
        return prepared.reference.fingerprint
    }

    /// Makes a live state the one the next frame shows.
    public func publish(_ state: LiveState) { live.publish(state) }

    /// Makes a frame, packets in to canvases handed over, and pins its figures to the status board.
    /// - Frame path: yes
    public func make(frame: Int64, clock: ClockSample) {
        loop.make(FrameTurn(frame: frame), clock)
        board.publish(.frame, Double(frame))
        board.publish(.framesMade, Double(accounts.count))
    }

    /// What every output's sender does at a grid instant.
    /// - Frame path: yes
    public func send(at index: Int64) {
        for sender in outputs.senders { sender.turn(at: index) }
    }

    /// Takes what a take's recorder would write down and throws it away; returns how much it was.
    public func discardTake() -> Int {
        var count = 0
        while takes.read({ _, bytes in count += bytes.count }) {}
        return count
    }

    /// Runs a job once on every rendering thread.
    public func onEveryThread(_ job: WorkerPool.Job, context: UnsafeMutableRawPointer) {
        pool.run(job, context: context)
    }

    /// What a stepped stage has done so far: proof that there was work.
    public struct Totals: Sendable {
        /// Frames made.
        public var frames = 0
        /// Frames late by our own work or our own threads.
        public var lateByUs = 0
        /// Frames late by the machine.
        public var lateByMachine = 0
        /// Outputs' frames without a free canvas.
        public var dropped = 0
        /// Times the quality step changed.
        public var qualityChanges = 0
        /// Outputs' frames sent.
        public var sent = 0
        /// Tracking packets taken.
        public var accepted = 0
        /// Tracking packets refused, for whatever cause.
        public var rejected = 0
        /// Tracking packets of the first source's port that were too many.
        public var droppedPackets = 0
        /// Sources that are lost at the moment.
        public var lostSources = 0

        /// Nothing done yet.
        public init() {}
    }

    /// What has been done so far.
    public var totals: Totals {
        var totals = Totals()
        totals.frames = accounts.count
        totals.lateByUs = accounts.totals.lateByUs
        totals.lateByMachine = accounts.totals.lateByMachine
        totals.qualityChanges = accounts.quality.changes
        totals.dropped = accounts.totals.droppedOutputs
        let newest = tracking.latest().pointee
        totals.droppedPackets = Int(newest.sources[0].dropped)
        for index in 0..<StageLimits.sources {
            let source = newest.sources[index]
            totals.accepted += Int(source.counters.accepted)
            totals.rejected += Int(source.counters.rejected)
            totals.lostSources += source.status == .lost ? 1 : 0
        }
        for sender in outputs.senders { totals.sent += sender.sentCount }
        return totals
    }
}
