import Color
import FrameLoop
import FrameModel
import Glibc
import Lanes
import Output
import Platform
import Scenes
import StageModel
import StageTwin
import Timing
import Tracking

/// The real frame path as the twin judges it: tracking packets in, RTP datagrams out, no sockets
/// and no clock in between.
final class TwinWall: WallUnderTest {
    private let stage: Stage
    private let shot: TwinShot
    private let path: FramePath
    private let pool: WorkerPool
    private let streams: [CanvasStream]
    /// What is shown for a scene: itself, or with a mistake in it.
    private let believedScene: (Scene) -> Scene
    private let live: UnsafeMutablePointer<LiveState>
    /// Tables the live state names.
    private let bakes: [PreparedLook]
    /// The camera's registration figures, one a frame that was judged, in the order of the frames.
    private(set) var figures: [RegistrationFigure] = []
    private var asset: SceneAsset?
    private var frame: Int64 = 0

    /// A frame path of the stage as it believes it to be, watched over a shot, under what somebody
    /// has set; with `isOutlined` only the inner frustum is lit, without overscan.
    init(
        believed stage: Stage, shot: TwinShot, formats: [StreamFormat],
        setting: TwinSetting = TwinSetting(), isBaked: Bool = false, isOutlined: Bool = false,
        scene believedScene: @escaping (Scene) -> Scene
    ) throws {
        guard let kernels = KernelTable.best() else { throw RunError(InstructionSet.refusal) }
        self.stage = stage
        self.shot = shot
        self.believedScene = believedScene
        let threads = Threads.coreCount
        path = FramePath(
            stage: stage, kernels: kernels, threads: threads, looks: setting.looks.table)
        pool = WorkerPool(threadCount: threads)
        live = .allocate(capacity: 1)
        var state = setting.live
        // A narrow margin: where the frustum's outline is wrong, the picture's edge shows it.
        let camera = LiveLayout.camera(0)
        state.values[camera + CameraField.overscan.rawValue] = FadedValue(isOutlined ? 0 : 4)
        state.values[camera + CameraField.softEdge.rawValue] = FadedValue(1)
        if isOutlined {
            let outer = LiveLayout.grade(scope: LiveLayout.outer)
            state.values[outer + GradeField.exposure.rawValue] = FadedValue(-10)
        }
        bakes = isBaked ? path.stage.bakeAll(&state) : []
        live.initialize(to: state)
        streams = try formats.indices.map { [path] in
            try CanvasStream(formats[$0], of: $0, on: path, stage: stage)
        }
    }

    deinit { live.deallocate() }

    func show(_ scene: Scene) {
        asset = SceneAsset(scene: believedScene(scene))
        path.state.pointee = LoopState(stage)
        frame = shot.firstFrame
        figures = []
    }

    /// Corrects walls, by their index.
    func correct(_ corrections: [Int: WallCorrection]) {
        for (wall, correction) in corrections {
            let prepared = PreparedCorrection(
                correction, for: path.stage.wall(wall), panelCount: stage.walls[wall].panels.count)
            precondition(path.stage.looks.corrections.give(prepared), "a twin has few corrections")
            live.pointee.corrections[wall] = prepared.reference.fingerprint
        }
    }

    /// Lets frames go by that nobody photographs, until the tracker has told of the last one's
    /// light.
    func runOn() {
        let last = frame + Int64((shot.lead / shot.rate.period).rounded(.up)) + 2
        while frame < last {
            withInputs(frame) { preparePlan(path.state, $0, path.stage, into: path.plan) }
            noteFigure()
            frame += 1
        }
    }

    private func noteFigure() {
        let figure = path.state.pointee.registration[0]
        if figure.isKnown { figures.append(figure) }
    }

    func emit(_ moment: Int, to receivers: inout [StreamReceiver]) {
        let wanted = shot.frame(of: moment)
        // Frames nobody photographs: only tracking lives through them.
        while frame < wanted {
            withInputs(frame) { preparePlan(path.state, $0, path.stage, into: path.plan) }
            noteFigure()
            frame += 1
        }
        withInputs(wanted) { inputs in
            let dropped = path.prepare(inputs)
            precondition(dropped == 0, "every canvas was released after the last moment")
        }
        noteFigure()
        frame = wanted + 1
        pool.run(FramePath.share, context: path.context)
        var report = FrameReport(frame: wanted)
        path.finish(&report)
        for (index, stream) in streams.enumerated() { stream.send(to: &receivers[index]) }
    }

    /// The inputs of a frame: its packet arrives at the tick, and light leaves the shot's lead
    /// later.
    private func withInputs(_ frame: Int64, _ body: (FrameInputs) -> Void) {
        let tick = FrameGrid(rate: stage.rate).instant(of: frame)
        let host = HostTime(nanoseconds: tick.nanoseconds - shot.bootNanoseconds)
        let clock = ClockSample(
            host: host, realtimeNanoseconds: tick.nanoseconds - stage.taiOffset * 1_000_000_000,
            tai: tick)
        shot.packet(at: frame).withUnsafeBytes { bytes in
            let packet = TrackingPacket(
                source: shot.source, sender: 0x7F00_0001, arrivalTime: host, bytes: bytes)
            withUnsafePointer(to: packet) { packet in
                body(
                    FrameInputs(
                        frame: frame, tickTime: tick, clock: clock,
                        lightTime: host + Int64((shot.lead * 1e9).rounded()),
                        packets: UnsafeBufferPointer(start: packet, count: 1),
                        live: UnsafePointer(live), scene: asset?.prepared))
            }
        }
    }
}

/// A shot on the frame grid: which frames are photographed, and what the tracker says at each.
struct TwinShot: Sendable {
    /// Frames before the first moment, for the rhythm of the packets to be found.
    static let leadFrames: Int64 = 48

    /// Pose of the tracked body at a time since the shot's start, seconds.
    var moment: @Sendable (Double) -> CameraMoment
    /// Moments photographed.
    var count: Int
    /// Seconds between two of them, a whole number of frames.
    var strideFrames: Int64
    var rate: FrameRate
    /// The camera and its tracker as they really are.
    var camera: Camera
    var tracker: TrackingSource
    var options: FreeDOptions
    /// Index into `Stage.sources`.
    var source: Int
    /// How long ago what a packet says was true, seconds; nobody is told.
    var hiddenLatency: Double
    /// From a frame's tick to its light, seconds: how far the camera is foreseen.
    var lead: Double

    /// The first frame of the lead.
    var firstFrame: Int64 { 106_033_538_220 }
    /// Host time starts here.
    var bootNanoseconds: Int64 { 1_767_000_000_000_000_000 }

    func frame(of moment: Int) -> Int64 {
        firstFrame + TwinShot.leadFrames + Int64(moment) * strideFrames
    }

    /// Seconds since the shot's start at a frame.
    func seconds(of frame: Int64) -> Double {
        Double(frame - firstFrame - TwinShot.leadFrames) * rate.period
    }

    /// The true moments photographed.
    var moments: [CameraMoment] { (0..<count).map { moment(seconds(of: frame(of: $0)) + lead) } }

    /// The moments as the tracker tells of them.
    var momentsTold: [CameraMoment] {
        (0..<count).map { moment(seconds(of: frame(of: $0)) + lead - hiddenLatency) }
    }

    /// The tracker's datagram of a frame.
    func packet(at frame: Int64) -> [UInt8] {
        SimulatedTracker.packet(
            moment(seconds(of: frame) - hiddenLatency), camera: camera, source: tracker,
            options: options)
    }
}
