import Control
import FrameLoop
import FrameModel
import Lanes
import Platform
import Scenes
import StageModel
import StageTwin
import Timing

/// The real frame path in virtual time, for captures: control edits and tracking packets in, RTP
/// datagrams out and a take written down, as on a running stage.
final class SteppedWall {
    /// The first frame.
    static let firstFrame: Int64 = 106_033_538_220
    /// TAI at host time 0.
    private static let boot: Int64 = 1_767_000_000_000_000_000

    /// The next frame.
    private(set) var frame = SteppedWall.firstFrame
    private let stage: Stage
    private let path: FramePath
    private let pool: WorkerPool
    private let streams: [CanvasStream]
    private let asset = SceneAsset(scene: TestScenes.checker(width: 64))
    private let live: UnsafeMutablePointer<LiveState>
    private var document: ShowDocument
    private var tap: TakeTap
    private let recorder: TakeRecorder

    /// A stage as its file has it; takes go to a folder.
    init(stage: Stage, file: StageText, formats: [StreamFormat], takes: String) throws {
        guard let kernels = KernelTable.best() else { throw RunError(InstructionSet.refusal) }
        self.stage = stage
        let threads = Threads.coreCount
        path = FramePath(stage: stage, kernels: kernels, threads: threads)
        pool = WorkerPool(threadCount: threads)
        streams = try formats.indices.map { [path] in
            try CanvasStream(formats[$0], of: $0, on: path, stage: stage)
        }
        document = ShowDocument(stage: stage)
        document.show(sceneSlot: 0, generation: 1)
        live = .allocate(capacity: 1)
        live.initialize(to: document.live)
        let ring = TakeRecorder.makeRing()
        tap = TakeTap(ring: ring)
        recorder = TakeRecorder(
            ring: ring,
            setting: TakeRecorder.Setting(
                stage: stage, stageFile: file, folder: takes, source: "checker", asset: asset,
                kernels: 4, status: StatusBoard()
            ) { _ in })
    }

    deinit { live.deallocate() }

    /// Sets a parameter from the next frame on.
    func set(_ path: String, _ values: Double...) throws {
        try check(document.apply(.set(path: path, values: values, fade: .none), atFrame: frame))
    }

    /// Chooses one of a parameter's words from the next frame on.
    func choose(_ path: String, _ word: String) throws {
        try check(document.apply(.choose(path: path, word: word), atFrame: frame))
    }

    private func check(_ answer: EditAnswer) throws {
        if case .applied = answer { return }
        throw RunError(answer.line)
    }

    /// Makes the next frame; `receivers` are given what goes out of it, none: it is not drawn.
    ///
    /// - Parameter packet: what the tracker of source 0 sent shortly before.
    func make(_ packet: [UInt8], source: Int, into receivers: inout [StreamReceiver]?) throws {
        live.pointee = document.live
        let tick = FrameGrid(rate: stage.rate).instant(of: frame)
        let host = HostTime(nanoseconds: tick.nanoseconds - Self.boot)
        let clock = ClockSample(
            host: host, realtimeNanoseconds: tick.nanoseconds - stage.taiOffset * 1_000_000_000,
            tai: tick)
        packet.withUnsafeBytes { bytes in
            let packet = TrackingPacket(
                source: source, sender: 0x7F00_0001, arrivalTime: host + -2_000_000, bytes: bytes)
            withUnsafePointer(to: packet) { packet in
                let inputs = FrameInputs(
                    frame: frame, tickTime: tick, clock: clock,
                    lightTime: host + Int64((stage.rate.period * 1e9).rounded()),
                    packets: UnsafeBufferPointer(start: packet, count: 1),
                    live: UnsafePointer(live), scene: asset.prepared)
                tap.note(inputs, path.state)
                _ = path.prepare(inputs)
            }
        }
        frame += 1
        defer { recorder.drain() }
        guard receivers != nil else { return path.abandon() }
        pool.run(FramePath.share, context: path.context)
        var report = FrameReport(frame: frame - 1)
        path.finish(&report)
        for index in streams.indices { streams[index].send(to: &receivers![index]) }
    }

    /// Ends the take.
    func stop() { recorder.stop() }
}
