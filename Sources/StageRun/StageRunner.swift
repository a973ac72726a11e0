import Control
public import FrameModel
import Foundation
import Glibc
import Platform
import Scenes
import StageConfig
import Synchronization
import Timing
public import StageModel

/// Runs a stage in this process until a signal or its time is up: status lines, then the figures.
public struct StageRunner {
    /// What a person chose on the command line.
    public struct Options: Sendable {
        /// Scenes: folders, pictures, names in the stage's `scenes/`.
        ///
        /// The first is shown, the others are got ready. None: the first of `scenes/`, or the
        /// generated set.
        public var scenePaths: [String]
        /// Rendering threads; 0 = one a core.
        public var threads: Int
        /// Ends by itself after so many seconds; 0 = never.
        public var seconds: Double
        /// Folder for SDP files.
        public var sdpDirectory: String
        /// Folder takes are written to.
        public var takesFolder: String
        /// File of the event log; nil: `events/STAGE.log`.
        public var eventsFile: String?
        /// No status lines.
        public var isQuiet: Bool

        /// Options of a run.
        public init(
            scenePaths: [String] = [], threads: Int = 0, seconds: Double = 0,
            sdpDirectory: String = "/tmp", takesFolder: String = "takes",
            eventsFile: String? = nil, isQuiet: Bool = false
        ) {
            self.scenePaths = scenePaths
            self.threads = threads
            self.seconds = seconds
            self.sdpDirectory = sdpDirectory
            self.takesFolder = takesFolder
            self.eventsFile = eventsFile
            self.isQuiet = isQuiet
        }
    }

    /// What a supervisor gives the process it starts.
    public struct Supervision: Sendable {
        var stateDescriptor: Int32?
        var sceneDescriptor: Int32?
        var restarts: Int

        /// Memory files of the state and the baked scene, and how often it was started again.
        public init(
            stateDescriptor: Int32? = nil, sceneDescriptor: Int32? = nil, restarts: Int = 0
        ) {
            self.stateDescriptor = stateDescriptor
            self.sceneDescriptor = sceneDescriptor
            self.restarts = restarts
        }
    }

    /// The checked stage.
    public let stage: Stage
    private let stageFile: StageText
    /// Where the stage file is.
    private let folder: URL
    private let options: Options
    private let memory: StateMemory?
    private let sceneMemory: SceneMemory?
    private let restarts: Int
    /// Scenes that are known, the first to show first.
    private let sources: [String]
    /// Those a person named.
    private let named: [String]

    /// Loads a stage; every complaint about it is in the error.
    ///
    /// - Parameters:
    ///   - supervision: what the supervisor gave, when there is one.
    ///   - change: what a caller adds to the stage, e.g. an output.
    public init(
        stagePath: String, options: Options, supervision: Supervision = Supervision(),
        changing change: (inout Stage) -> Void = { _ in }
    ) throws {
        let parsed = try StageConfig.open(stagePath).get()
        var stage = try parsed.result.get()
        change(&stage)
        self.stage = stage
        stageFile = StageText(
            text: parsed.text, lensFiles: parsed.lensFiles, otherFiles: parsed.otherFiles)
        folder = URL(fileURLWithPath: StageConfig.locate(stagePath)).deletingLastPathComponent()
        self.options = options
        let shelf = SceneSources(stageFile: StageConfig.locate(stagePath))
        named = options.scenePaths.map(shelf.source)
        sources = shelf.all(after: named)
        restarts = supervision.restarts
        memory = try supervision.stateDescriptor.map { try StateMemory(inherited: $0) }
        sceneMemory = supervision.sceneDescriptor.map(SceneMemory.init)
        if supervision.stateDescriptor != nil { Threads.stopWithParent() }
    }

    /// The baked scene a run shows: kept by the supervisor, or baked now and kept.
    private func asset(
        of source: String, _ worker: SceneWorker, say: (String) -> Void
    ) throws -> SceneAsset {
        if let kept = sceneMemory?.read(source: source) { return kept }
        let asset = try worker.asset(of: source, say: say)
        sceneMemory?.write(asset, source: source)
        return asset
    }

    /// The first scene; after a fault what was on the wall and what was held beside it.
    private func beginning(
        _ worker: SceneWorker, isStopping: () -> Bool, say: (String) -> Void
    ) throws -> SceneBeginning {
        guard restarts > 0, let saved = memory?.read() else {
            return SceneBeginning(source: sources[0], held: named)
        }
        return try SceneBeginning(
            afterFault: ShowDocument.scenes(inSaved: saved), sources: sources, named: named,
            kept: { kept($0, say: say) }, load: { try asset(of: $0, worker, say: say) },
            isStopping: isStopping, say: say)
    }

    /// A scene that was kept by the supervisor, or as a good bake.
    private func kept(_ source: String, say: (String) -> Void) -> SceneAsset? {
        if let kept = sceneMemory?.read(source: source) { return kept }
        do throws(SceneComplaints) {
            guard let asset = try BakedScene.kept(source, say: say) else { return nil }
            sceneMemory?.write(asset, source: source)
            return asset
        } catch {
            error.lines.first.map(say)
            return nil
        }
    }

    /// The walls' corrections a stage file names that cannot be used, and why.
    public static func wrongCorrections(
        of stage: Stage, at path: String
    ) throws -> [(file: String, why: String)] {
        let folder = URL(fileURLWithPath: StageConfig.locate(path)).deletingLastPathComponent()
        let files = stage.corrections(in: folder)
        guard !files.isEmpty else { return [] }
        let shelf = CorrectionShelf(checking: stage)
        return stage.walls.enumerated().compactMap { index, wall in
            guard let file = files[wall.name],
                case .failure(let refusal) = shelf.load(file, wall: index)
            else { return nil }
            return (file, refusal.reason)
        }
    }

    /// Runs; returns the whole run's figures.
    ///
    /// - Parameters:
    ///   - scene: makes a scene that is shown instead of the one the options name.
    ///   - whileRunning: called once the stage runs, e.g. to start a simulated tracker.
    public func run(
        scene: (() throws -> Scene)? = nil, whileRunning: (StageSession) throws -> Void = { _ in }
    ) throws -> RunSummary {
        let signals = Signals.block([SIGINT, SIGTERM])
        Signals.outliveTerminal()
        let isQuiet = options.isQuiet
        let say: @Sendable (String) -> Void = { line in
            if !isQuiet { tell(line, to: .standardOutput) }
        }
        let stopping = StopFlag()
        let worker = SceneWorker(executable: try Supervisor.ownExecutable()) {
            stopping.isSet || Signals.isPending(signals)
        }
        defer { stopping.set() }
        let first = try beginning(
            worker, isStopping: { Signals.isPending(signals) }, say: say)
        var setup = StageSession.Setup(
            threads: options.threads, sdpDirectory: options.sdpDirectory, memory: memory,
            restarts: restarts, stageFile: stageFile, sceneSource: first.source,
            takesFolder: options.takesFolder,
            eventsFile: options.eventsFile ?? "events/\(stage.name).log", log: say)
        setup.corrections = stage.corrections(in: folder)
        setup.otherScenes = sources
        setup.warmScenes = first.warm
        let idle = worker.idle
        setup.loadScene = { try idle.asset(of: $0, admit: $1, say: $2, isCanceled: $3) }
        let executable = try Supervisor.ownExecutable()
        setup.decodeMovies = { asset, source, period, tell in
            guard asset.prepared.pointee.movieCount > 0 else { return nil }
            return try SceneDecoders(
                asset.prepared, source: source, executable: executable, period: period, tell: tell)
        }
        let session = try StageSession(stage: stage, setup: setup) {
            say("preparing the scene (a few seconds) …")
            if let scene { return SceneAsset(scene: try scene()) }
            return try first.asset ?? asset(of: first.source, worker, say: say)
        }
        session.notes.forEach(say)
        try whileRunning(session)
        let end = options.seconds > 0 ? Clocks.now() + Int64(options.seconds * 1e9) : nil
        var next = Clocks.now()
        var isWarned = false
        while true {
            next = next + 1_000_000_000
            let until = end.map { min($0, next) } ?? next
            if Signals.wait(signals, seconds: max(0, Double(until - Clocks.now()) / 1e9)) != nil {
                break
            }
            if let end, Clocks.now() >= end { break }
            if !isWarned { session.warnings.forEach(say) }
            isWarned = true
            session.clockNews().map(say)
            session.delayNews().forEach(say)
            say(session.summarizeLatest().line)
        }
        stopping.set()
        session.stop()
        return session.summarizeAll()
    }
}

/// Told once, looked at by many.
private final class StopFlag: Sendable {
    private let flag = Atomic<Bool>(false)
    var isSet: Bool { flag.load(ordering: .relaxed) }
    func set() { flag.store(true, ordering: .relaxed) }
}
