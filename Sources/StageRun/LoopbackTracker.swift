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
    private let grid: FrameGrid
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
        grid = FrameGrid(rate: stage.rate)
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
        let first = grid.frame(at: Clocks.sample(taiOffset: taiOffset).tai) + 1
        var frame = first
        withUnsafeTemporaryAllocation(byteCount: FreeD.messageSize, alignment: 1) { bytes in
            while !stopping.load(ordering: .relaxed) {
                let clock = Clocks.sample(taiOffset: taiOffset)
                frame = max(frame, grid.frame(at: clock.tai))
                Clocks.sleep(until: clock.host(tai: grid.instant(of: frame)))
                let seconds = Double(frame - first) * grid.rate.period
                FreeD.encode(
                    FreeD.Message(
                        cameraID: cameraID, pose: move.pose(at: seconds),
                        zoom: UInt32((move.zoom(at: seconds) * 65535).rounded()), focus: 0x8000),
                    into: bytes)
                sender.send(UnsafeRawBufferPointer(bytes))
                frame += 1
            }
        }
    }
}
