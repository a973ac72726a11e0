import Color
public import Control
public import FrameLoop
import FrameModel
import Geometry
public import Lanes
import Output
import Platform
public import Scenes
import StageConfig
public import StageModel
public import Timing
import Tracking

/// Makes the frames of a take again, from its journal alone: no clock, no socket, any number of
/// threads, the same bytes.
public final class TakeReplay {
    /// One frame made again.
    public struct Frame: Sendable {
        /// Its index on the TAI grid.
        public var frame: Int64
        /// Its time of day, UTC.
        public var timecode: Timecode
        /// Fingerprint of every canvas sent by RTP, as it goes out; of a processor that sends
        /// none, of its raw canvas.
        public var hash: UInt64
        /// The cameras it was drawn for.
        public var cameras: [DrawnCamera]

        /// A frame made again.
        package init(frame: Int64, timecode: Timecode, hash: UInt64, cameras: [DrawnCamera]) {
            self.frame = frame
            self.timecode = timecode
            self.hash = hash
            self.cameras = cameras
        }
    }

    /// What an operator should know about how true the replay is.
    public let notes: [String]
    /// The stage as it was.
    public let stage: Stage
    private let take: Take
    private let references: [SceneReference]
    private let assets: [SceneAsset]
    /// The movies of each of them.
    private let movies: [ReplayMovies?]
    private let path: FramePath
    private let pool: WorkerPool
    private let rings: [OutputRing]
    private var plates: PlateMaker?
    /// Of which frames.
    private var wantsPlate: (Int64) -> Bool = { _ in true }
    private let bakes: ReplayBakes

    /// The stage a take was recorded on, from the file kept in it.
    public static func stage(of take: Take) throws -> Stage {
        let lenses = take.header.lensFiles ?? [:]
        let others = take.header.otherFiles ?? [:]
        return try StageConfig.parse(
            take.header.stageFile, file: "stage.yaml in the take",
            lens: { name in lenses[name].map { .success($0) } ?? StageConfig.noLens(name) },
            other: { name in others[name].map { .success($0) } ?? StageConfig.noFile(name) }
        ).result.get()
    }

    /// The scenes a replay needs, in the order `init` takes them: what the take's settings name,
    /// then what is frozen on the wall when it begins.
    public static func scenes(of take: Take) -> [SceneReference] {
        var all = take.scenes
        guard let state = recordedState(of: take) else { return all }
        for inUse in [state.frozenScenes?.scene, state.frozenScenes?.leaving].compactMap(\.self) {
            if let scene = held(inUse, in: take), !all.contains(scene) { all.append(scene) }
        }
        return all
    }

    /// What a slot held when a take began.
    private static func held(_ scene: SceneInUse, in take: Take) -> SceneReference? {
        take.header.scenes?.first { ($0.slot, $0.generation) == (scene.slot, scene.generation) }
            .map { SceneReference(source: $0.source, fingerprint: $0.fingerprint) }
    }

    /// The loop's state at a take's start; nil when another program wrote it.
    private static func recordedState(of take: Take, looks: LookTable = LookTable()) -> LoopState? {
        guard take.header.program == Program.fingerprint && Program.fingerprint != 0 else {
            return nil
        }
        return take.state.withUnsafeBytes { LoopState(recorded: $0, looks: looks) }
    }

    /// A replay of a take of one scene.
    ///
    /// Throws one sentence when a part cannot be had.
    public convenience init(
        _ take: Take, stage: Stage, asset: SceneAsset, threads: Int = 1,
        set: InstructionSet? = nil
    ) throws {
        let count = TakeReplay.scenes(of: take).count
        try self.init(
            take, stage: stage, assets: Array(repeating: asset, count: count), threads: threads,
            set: set)
    }

    /// A replay of a take with its scenes.
    ///
    /// Throws one sentence when a part cannot be had.
    /// - Parameters:
    ///   - stage: as the take has it (`stage(of:)`).
    ///   - assets: the scenes the take names (`scenes(of:)`).
    ///   - sources: where their movies are now; nil: where the take names them.
    ///   - set: the instruction set; nil: the one recorded, or the best there is.
    public init(
        _ take: Take, stage: Stage, assets: [SceneAsset], sources: [String]? = nil,
        threads: Int = 1, set: InstructionSet? = nil
    ) throws {
        let references = TakeReplay.scenes(of: take)
        precondition(assets.count == references.count, "a scene for each that the take names")
        guard let best = InstructionSet.best else { throw RunError(InstructionSet.refusal) }
        self.take = take
        self.stage = stage
        (self.references, self.assets) = (references, assets)
        var notes: [String] = []
        let recorded = InstructionSet(rawValue: take.header.kernels)
        let chosen = set ?? (recorded.map { $0.isSupported ? $0 : best } ?? best)
        if chosen.rawValue != take.header.kernels {
            notes.append(
                "recorded with the kernels of x86-64-v\(take.header.kernels), replayed with those "
                    + "of v\(chosen.rawValue): code values may differ by one")
        }
        for (scene, asset) in zip(references, assets)
        where scene.fingerprint != asset.fingerprint && scene.fingerprint != 0 {
            notes.append(
                "the scene \(scene.source) is not as it was: pictures will differ, poses not")
        }
        let movies = zip(assets, sources ?? references.map(\.source)).map { asset, source in
            do {
                return try ReplayMovies(asset, source: source, period: stage.rate.period)
            } catch {
                notes.append("\(error): its first picture is shown, pictures will differ")
                return nil
            }
        }
        self.movies = movies
        let looks = LookShelf()
        notes += take.giveLooks(to: looks)
        notes += looks.load(saved: take.looks).map { "\($0); pictures will differ" }
        let path = FramePath(
            stage: stage, kernels: KernelTable.of(chosen), threads: threads, looks: looks.table)
        self.path = path
        notes += CorrectionShelf(path.stage).load(recorded: take.corrections).map {
            "\($0); pictures will differ"
        }
        bakes = ReplayBakes(looks.table)
        notes += take.bakeNotes(bakes, stage, path.stage)
        pool = WorkerPool(threadCount: threads)
        rings = try TakeReplay.canvases(of: stage, on: path)
        for asset in assets { path.touchMemory(for: asset.prepared) }
        let isOurs = take.header.program == Program.fingerprint && Program.fingerprint != 0
        if let state = TakeReplay.recordedState(of: take, looks: looks.table) {
            // Takes of one scene do not say in which slot it lay.
            func place(_ inUse: SceneInUse) -> Int {
                TakeReplay.held(inUse, in: take).flatMap { references.firstIndex(of: $0) } ?? 0
            }
            path.restore(state) {
                assets[place($0)].prepared
            } movies: { inUse, pictures in
                guard inUse.slot >= 0 else { return .none }
                return movies[place(inUse)]?.pictures(InlineArray { pictures[$0].number }) ?? .none
            }
        } else {
            notes.append(
                (isOurs ? "the take was cut off at its very start" : "recorded by another build")
                    + ": what was tracked, frozen or held before it is not known, so poses differ "
                    + "in its first second, and as long as something from before it is frozen")
        }
        self.notes = notes
    }

    /// A ring for each wire format the stage sends; a raw canvas where it sends nothing.
    private static func canvases(of stage: Stage, on path: FramePath) throws -> [OutputRing] {
        var rings: [OutputRing] = []
        for (index, processor) in stage.processors.enumerated() {
            let wanted: [WireFormat] = stage.outputs.filter { $0.processor == index }.compactMap {
                guard case .rtp(_, _, let sampling, let depth, _) = $0.kind else { return nil }
                return .rtp(
                    sampling: sampling, depth: depth,
                    primaries: StageOutputs.primaries(of: index, stage))
            }
            for format in wanted.isEmpty ? [.raw(depth: processor.bitDepth)] : wanted {
                let packer = try StageOutputs.packer(format, of: processor)
                let ring = OutputRing(byteCount: packer.byteCount)
                path.add(ring: ring, packer: packer, processor: index)
                rings.append(ring)
            }
        }
        return rings
    }

    /// What a frame of the take was drawn for.
    struct Plan {
        /// Its index on the TAI grid.
        var frame: Int64
        /// When its light left the wall.
        var lightTime: HostTime
        /// The cameras it was drawn for.
        var cameras: [DrawnCamera]
        /// The test pattern it showed.
        var pattern: PatternPlan
        /// Delay of each source, seconds.
        var delays: [Double]
        /// Each camera was frozen, or on the pose of the control tree.
        var isHeld: [Bool]
        /// What each source said last, the tracked body in its own space; nil before it spoke.
        var trackers: [Pose?]
        /// How long ago that reached us, seconds; infinite before it spoke.
        var silences: [Double]
        /// Seconds from one message of each source to the next; nil where it is not known.
        var periods: [Double?]
    }

    /// Makes every frame in order and hands it to `each`, and the plates that were asked for as
    /// soon as the tracker has told where the camera was, some frames later, to `eachPlate`.
    public func run(
        eachPlate: (TakePlate) throws -> Void = { _ in }, _ each: (Frame) throws -> Void
    ) throws {
        let live = UnsafeMutablePointer<LiveState>.allocate(capacity: 1)
        defer { live.deallocate() }
        var lastFrame: Int64 = 0
        try go(with: live) { record in
            prepare(record, live)
            pool.run(FramePath.share, context: path.context)
            let frame = finished(record)
            try each(frame)
            guard let plates else { return }
            plates.take(
                record, drawn: frame.cameras, isWanted: wantsPlate(record.frame))
            lastFrame = record.liveFrame
            try plates.takeReady(path, live, liveFrame: lastFrame).forEach(eachPlate)
        }
        try plates?.takeReady(path, live, liveFrame: lastFrame, isOver: true).forEach(eachPlate)
    }

    /// Plans every frame in order, draws none.
    func plan(_ each: (Plan) throws -> Void) throws {
        let live = UnsafeMutablePointer<LiveState>.allocate(capacity: 1)
        defer { live.deallocate() }
        try go(with: live, draws: false) { record in
            prepare(record, live)
            path.abandon()
            try each(
                Plan(
                    frame: record.frame, lightTime: record.lightTime,
                    cameras: path.drawnCameras, pattern: path.plan.pointee.pattern,
                    delays: stage.sources.indices.map {
                        UnsafePointer(live).source($0, .delay, at: record.liveFrame)
                            * stage.rate.period
                    },
                    isHeld: stage.cameras.indices.map {
                        let live = UnsafePointer(live)
                        return live.camera($0, .isFrozen, at: record.liveFrame) > 0.5
                            || live.camera($0, .usesFixedPose, at: record.liveFrame) > 0.5
                    },
                    trackers: stage.sources.indices.map {
                        path.state.pointee.timelines[$0].newest?.trackerFromBody
                    },
                    silences: stage.sources.indices.map {
                        path.state.pointee.timelines[$0].newest.map {
                            Double(record.clock.host - $0.arrivalTime) * 1e-9
                        } ?? .infinity
                    },
                    periods: stage.sources.indices.map {
                        path.state.pointee.timelines[$0].rate.map { 1 / $0 }
                    }))
        }
    }

    /// Hands on every frame in order, the live state being as it was then.
    private func go(
        with live: UnsafeMutablePointer<LiveState>, draws: Bool = true,
        _ each: (FrameRecord) throws -> Void
    ) throws {
        var document = ShowDocument(stage: stage)
        findScenes(&document)
        live.initialize(to: document.live)
        for event in take.events {
            switch event {
            case .document(let bytes):
                document = ShowDocument(stage: stage)
                let report = document.restore(bytes)
                guard report.skipped == 0 else {
                    throw RunError(
                        "the take's settings cannot be read: \(report.complaints.first ?? "")")
                }
                findScenes(&document)
                live.pointee = document.live
                // A table that comes out different is told before the run, where all are baked.
                if draws { _ = bakes.prepare(live, path.stage) }
            case .frame(let record):
                // Beyond it a grid has no instants in 63 bits of nanoseconds.
                guard record.frame < path.stage.grid.frame(at: TAITime(nanoseconds: 1 << 62))
                else { throw RunError("the take has a frame \(record.frame), beyond all time") }
                try each(record)
            }
        }
    }

    /// A scene's slot is its place among the take's scenes; a document that names none shows the
    /// first.
    private func findScenes(_ document: inout ShowDocument) {
        guard document.scenes.shown != nil else {
            return document.show(sceneSlot: 0, generation: 1)
        }
        document.findScenes { scene in
            references.firstIndex(of: scene).map { (Int32($0), 1) }
        }
    }

    /// The scene of a slot.
    private func scene(_ inUse: SceneInUse) -> UnsafePointer<PreparedScene>? {
        assets.indices ~= Int(inUse.slot) ? assets[Int(inUse.slot)].prepared : nil
    }

    /// The pictures of its movies a frame showed.
    private func pictures(_ inUse: SceneInUse, _ numbers: FrameRecord.Movies) -> MoviePictures {
        movies.indices ~= Int(inUse.slot)
            ? movies[Int(inUse.slot)]?.pictures(numbers) ?? .none : .none
    }

    /// Makes clean plates of a camera, too, from the next `run` on.
    /// - Parameters:
    ///   - camera: index into the stage's cameras.
    ///   - width: pixels across, 64 … 16384; nil: the camera's own picture.
    public func makePlates(of camera: Int, width: Int? = nil) throws {
        try makePlates(of: camera, width: width) { _ in true }
    }

    /// The same, of the frames that are wanted.
    package func makePlates(
        of camera: Int, width: Int? = nil, where isWanted: @escaping (Int64) -> Bool
    ) throws {
        plates = try PlateMaker(
            camera: camera, width: width ?? stage.cameras[camera].imageWidth, stage: stage,
            path: path)
        wantsPlate = isWanted
    }

    /// Plans a frame as the stage did.
    private func prepare(_ record: FrameRecord, _ live: UnsafePointer<LiveState>) {
        record.packets.flatMap(\.bytes).withUnsafeBytes { bytes in
            var at = 0
            let packets = record.packets.map { packet in
                defer { at += packet.bytes.count }
                return TrackingPacket(
                    source: packet.source, sender: packet.sender, senderPort: packet.senderPort,
                    arrivalTime: packet.arrivalTime,
                    bytes: UnsafeRawBufferPointer(rebasing: bytes[at..<at + packet.bytes.count]))
            }
            packets.withUnsafeBufferPointer { packets in
                var inputs = FrameInputs(
                    frame: record.frame, liveFrame: record.liveFrame,
                    tickTime: path.stage.grid.instant(of: record.frame), clock: record.clock,
                    lightTime: record.lightTime, packets: packets, live: live,
                    scene: record.hasScene ? scene(live.pointee.scene) : nil,
                    leaving: record.hasLeaving ? scene(live.pointee.leaving) : nil,
                    wallLight: record.wallLight, quality: record.quality)
                if record.hasScene {
                    inputs.movies = pictures(live.pointee.scene, record.movies)
                }
                if record.hasLeaving {
                    inputs.leavingMovies =
                        live.pointee.leaving.isSame(as: live.pointee.scene)
                        ? inputs.movies : pictures(live.pointee.leaving, record.leavingMovies)
                }
                _ = path.prepare(inputs)
            }
        }
    }

    private func finished(_ record: FrameRecord) -> Frame {
        var report = FrameReport(frame: record.frame)
        path.finish(&report)
        var hash: UInt64 = 0
        for ring in rings {
            guard let canvas = ring.takeReady() else { continue }
            let bytes = UnsafeRawBufferPointer(start: canvas.bytes, count: ring.byteCount)
            hash = hash &* 31 &+ wordFingerprint(bytes)
            ring.release(canvas.index)
        }
        return Frame(
            frame: record.frame,
            timecode: Timecode(
                frame: record.frame, of: path.stage.grid, utcOffset: -record.clock.taiOffset),
            hash: hash, cameras: path.drawnCameras)
    }
}

extension Take {
    /// Gives the looks that are in the take itself; a line for each that cannot be read.
    fileprivate func giveLooks(to shelf: LookShelf) -> [String] {
        lookTables.compactMap { bytes -> String? in
            guard let look = PreparedLook(recorded: bytes) else {
                return "a look in the take cannot be read: its file is asked instead"
            }
            return shelf.give(look, name: "") ? nil : "the take has more looks than there is room"
        }
    }

    /// What baking the stacks of its settings says, those of each set of tables once.
    fileprivate func bakeNotes(
        _ bakes: ReplayBakes, _ stage: Stage, _ loop: LoopStage
    ) -> [String] {
        var seen: Set<[UInt64]> = []
        for case .document(let bytes) in events {
            var document = ShowDocument(stage: stage)
            _ = document.restore(bytes)
            let keys = (0..<LiveLayout.bakes).map { document.live.bakes[$0].key }
            guard keys[0] != 0, seen.insert(keys).inserted else { continue }
            let note = withUnsafePointer(to: document.live) { bakes.prepare($0, loop) }
            if let note { return [note] }
        }
        return []
    }
}

extension ClockSample {
    /// TAI less UTC as it was at the sample, whole seconds: the kernel's, or the configured one.
    var taiOffset: Int64 {
        (tai.nanoseconds - realtimeNanoseconds + 500_000_000) / 1_000_000_000
    }
}
