import Color
import Control
public import FrameLoop
import FrameModel
public import Lanes
import Output
import Platform
public import Scenes
import StageConfig
public import StageModel
public import Timing

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
    private let asset: SceneAsset
    private let path: FramePath
    private let pool: WorkerPool
    private let rings: [OutputRing]
    private var plates: PlateMaker?
    private let bakes: ReplayBakes

    /// The stage a take was recorded on, from the file kept in it.
    public static func stage(of take: Take) throws -> Stage {
        let lenses = take.header.lensFiles ?? [:]
        return try StageConfig.parse(take.header.stageFile, file: "stage.yaml in the take") {
            name in lenses[name].map { .success($0) } ?? StageConfig.noLens(name)
        }.result.get()
    }

    /// A replay of a take with a scene.
    ///
    /// Throws one sentence when a part cannot be had.
    /// - Parameters:
    ///   - stage: as the take has it (`stage(of:)`).
    ///   - asset: the scene the take names.
    ///   - set: the instruction set; nil: the one recorded, or the best there is.
    public init(
        _ take: Take, stage: Stage, asset: SceneAsset, threads: Int = 1,
        set: InstructionSet? = nil
    ) throws {
        guard let best = InstructionSet.best else { throw RunError(InstructionSet.refusal) }
        self.take = take
        self.stage = stage
        self.asset = asset
        var notes: [String] = []
        let recorded = InstructionSet(rawValue: take.header.kernels)
        let chosen = set ?? (recorded.map { $0.isSupported ? $0 : best } ?? best)
        if chosen.rawValue != take.header.kernels {
            notes.append(
                "recorded with the kernels of x86-64-v\(take.header.kernels), replayed with those "
                    + "of v\(chosen.rawValue): code values may differ by one")
        }
        if asset.contentFingerprint != take.header.sceneFingerprint {
            notes.append(
                "the scene \(take.header.scene) is not as it was: pictures will differ, poses not")
        }
        let looks = LookShelf()
        notes += looks.load(saved: take.looks).map { "\($0); pictures will differ" }
        let path = FramePath(
            stage: stage, kernels: KernelTable.of(chosen), threads: threads, looks: looks.table)
        self.path = path
        bakes = ReplayBakes()
        notes += take.bakeNotes(bakes, stage, path.stage)
        pool = WorkerPool(threadCount: threads)
        rings = try TakeReplay.canvases(of: stage, on: path)
        path.touchMemory(for: asset.prepared)
        let isOurs = take.header.program == Program.fingerprint && Program.fingerprint != 0
        let state = take.state.withUnsafeBytes {
            isOurs ? LoopState(recorded: $0, scene: asset.prepared, looks: looks.table) : nil
        }
        if let state {
            path.state.pointee = state
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

    /// Makes every frame in order and hands it to `each`, and the plates that were asked for as
    /// soon as the tracker has told where the camera was, some frames later, to `eachPlate`.
    public func run(
        eachPlate: (TakePlate) throws -> Void = { _ in }, _ each: (Frame) throws -> Void
    ) throws {
        var document = ShowDocument(stage: stage)
        document.show(sceneSlot: 0, generation: 1)
        let live = UnsafeMutablePointer<LiveState>.allocate(capacity: 1)
        defer { live.deallocate() }
        live.initialize(to: document.live)
        var lastFrame: Int64 = 0
        for event in take.events {
            switch event {
            case .document(let bytes):
                document = ShowDocument(stage: stage)
                let report = document.restore(bytes)
                guard report.skipped == 0 else {
                    throw RunError(
                        "the take's settings cannot be read: \(report.complaints.first ?? "")")
                }
                live.pointee = document.live
                // A table that comes out different is told before the run, where all are baked.
                _ = bakes.prepare(live, path.stage)
            case .frame(let record):
                // Beyond it a grid has no instants in 63 bits of nanoseconds.
                guard record.frame < path.stage.grid.frame(at: TAITime(nanoseconds: 1 << 62))
                else { throw RunError("the take has a frame \(record.frame), beyond all time") }
                make(record, UnsafePointer(live))
                let frame = finished(record)
                try each(frame)
                guard let plates else { continue }
                plates.take(record, drawn: frame.cameras)
                lastFrame = record.liveFrame
                try plates.takeReady(path, live, liveFrame: lastFrame).forEach(eachPlate)
            }
        }
        try plates?.takeReady(path, live, liveFrame: lastFrame, isOver: true).forEach(eachPlate)
    }

    /// Makes clean plates of a camera, too, from the next `run` on.
    /// - Parameters:
    ///   - camera: index into the stage's cameras.
    ///   - width: pixels across, 64 … 16384; nil: the camera's own picture.
    public func makePlates(of camera: Int, width: Int? = nil) throws {
        plates = try PlateMaker(
            camera: camera, width: width ?? stage.cameras[camera].imageWidth, stage: stage,
            path: path)
    }

    /// The calls the stage makes, in the same order.
    private func make(_ record: FrameRecord, _ live: UnsafePointer<LiveState>) {
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
                _ = path.prepare(
                    FrameInputs(
                        frame: record.frame, liveFrame: record.liveFrame,
                        tickTime: path.stage.grid.instant(of: record.frame), clock: record.clock,
                        lightTime: record.lightTime, packets: packets, live: live,
                        scene: record.hasScene ? asset.prepared : nil,
                        wallLight: record.wallLight, quality: record.quality))
            }
        }
        pool.run(FramePath.share, context: path.context)
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
    /// What baking the stacks of its first settings with any says.
    fileprivate func bakeNotes(
        _ bakes: ReplayBakes, _ stage: Stage, _ loop: LoopStage
    ) -> [String] {
        for case .document(let bytes) in events {
            var document = ShowDocument(stage: stage)
            _ = document.restore(bytes)
            guard document.live.bakes[0].key != 0 else { continue }
            let note = withUnsafePointer(to: document.live) { bakes.prepare($0, loop) }
            return note.map { [$0] } ?? []
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

extension SceneAsset {
    /// Fingerprint of all that is drawn; what tells where it lies in memory is left out.
    var contentFingerprint: UInt64 {
        wordFingerprint(
            UnsafeRawBufferPointer(rebasing: bytes[MemoryLayout<PreparedScene>.size...]))
    }
}
