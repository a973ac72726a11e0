import Platform
import StageModel
import Synchronization
import Timing
import Tracking

/// A camera tracker made of software, on a thread of its own: real FreeD packets over the loopback
/// to a stage's first FreeD source.
///
/// `@unchecked Sendable` holds because everything but the atomic is set before `start` and used by
/// its thread alone afterwards.
final class LoopbackTracker: @unchecked Sendable {
    private let sender: DatagramSender
    private let cameraID: UInt8
    private let move: Tracking.Move
    private let rate: FrameRate
    private let taiOffset: Int64
    private let stopping = Atomic<Bool>(false)
    private var thread: Threads.Running?

    init(stage: Stage, move kind: Tracking.Move.Kind = .handheld) throws {
        let found = stage.sources.lazy.compactMap { source in
            if case .freeD(let options) = source.transport { options } else { nil }
        }.first
        guard let options = found else {
            throw RunError(
                "stage \(stage.name): no FreeD source for the simulated tracker – add one under "
                    + "tracking, or run it with a real tracker")
        }
        sender = try DatagramSender(
            address: 0x7f00_0001, port: options.port)
        cameraID = options.cameraID ?? 1
        // Between the eye point and the wall, at the eye's height: where a camera would stand.
        move = Tracking.Move(kind, center: stage.outerEye)
        rate = stage.rate
        taiOffset = stage.taiOffset
    }

    func start() {
        thread = try? Threads.start(name: "cyc-simtrack") { [self] in run() }
    }

    func stop() {
        stopping.store(true, ordering: .relaxed)
        thread?.join()
    }

    private func run() {
        _ = TrackRun.simulate(
            move, cameraID: cameraID, to: sender, rate: rate, frames: nil, taiOffset: taiOffset,
            isStopped: { stopping.load(ordering: .relaxed) })
    }
}
