import FrameLoop
import FrameModel
import Geometry
import StageModel
public import StageTwin
import Timing

/// A clean plate of a take: what one camera must have seen of the wall in one frame.
public struct TakePlate: Sendable {
    /// The frame whose light it is, on the TAI grid.
    public var frame: Int64
    /// Its picture.
    public var picture: WallPlate
    /// Seen from where the tracker said afterwards that the camera was; false: from where the frame
    /// was drawn for, because it never said.
    public var isMeasured: Bool
}

/// Makes a camera's clean plates while a take is replayed.
///
/// The wall is the emitted one, to the code value; the camera is where its tracker has told since,
/// so a plate waits for the packets of a few frames.
final class PlateMaker {
    private struct Pending {
        var frame: Int64
        var lightTime: HostTime
        var drawn: DrawnCamera?
        var canvases: [StreamReceiver]
    }

    /// Frames that wait for their tracker; delays are a second at most.
    private static let pendingMax = 160

    private let camera: Int
    private let width: Int
    private let streams: [CanvasStream]
    private let photographer: PlatePhotographer
    private var canvases: [StreamReceiver]
    private var pending: [Pending] = []

    /// Plates of a camera, `width` pixels wide, of what a path draws.
    init(camera: Int, width: Int, stage: Stage, path: FramePath) throws {
        self.camera = camera
        self.width = width
        let formats = TwinRun.formats(of: stage)
        streams = try formats.indices.map {
            try CanvasStream(formats[$0], of: $0, on: path, stage: stage)
        }
        canvases = formats.map { StreamReceiver(format: $0) }
        photographer = PlatePhotographer(stage: stage, formats: formats)
    }

    /// Takes a frame that has been drawn; a plate is made of it where that is wanted.
    func take(_ record: FrameRecord, drawn: [DrawnCamera], isWanted: Bool) {
        for (index, stream) in streams.enumerated() { stream.send(to: &canvases[index]) }
        guard isWanted else { return }
        pending.append(
            Pending(
                frame: record.frame, lightTime: record.lightTime,
                drawn: drawn.first { $0.camera == camera }, canvases: canvases))
    }

    /// The plates that can be made by now, oldest first; all of them where the take is over.
    func takeReady(
        _ path: FramePath, _ live: UnsafePointer<LiveState>, liveFrame: Int64, isOver: Bool = false
    ) -> [TakePlate] {
        var ready: [TakePlate] = []
        while let oldest = pending.first {
            let seen = path.measuredCamera(
                camera, at: oldest.lightTime, live: live, frame: liveFrame)
            guard seen != nil || isOver || pending.count > Self.pendingMax else { break }
            pending.removeFirst()
            guard let from = seen ?? oldest.drawn else { continue }
            let (right, forward, up) = (
                from.stageFromPupil.x, from.stageFromPupil.y, from.stageFromPupil.z
            )
            let simulated = SimulatedCamera(
                pupil: Placement(right: right, forward: forward, up: up, origin: from.eye),
                lens: from.lens, sensor: from.sensor, width: width)
            ready.append(
                TakePlate(
                    frame: oldest.frame,
                    picture: photographer.plate(from: simulated, of: oldest.canvases),
                    isMeasured: seen != nil))
        }
        return ready
    }
}
