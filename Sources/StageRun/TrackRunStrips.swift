import FrameLoop
import FrameModel
import Geometry
import Scenes
import StageCalibration
public import StageModel
import Timing
import Tracking

extension TrackRun {
    /// The delay of the tracker of a camera, from a take in which the wall showed its strips and
    /// the pictures the camera recorded then.
    ///
    /// The pan in a picture is told by the strips in it and by where the take says the camera was;
    /// that is known the better the better the delay is, so it is found three times.
    /// Throws one sentence when it cannot be told.
    /// - Parameters:
    ///   - take: the take.
    ///   - stage: the stage it was recorded on (`TakeReplay.stage(of:)`).
    ///   - name: the camera's name; nil where the stage has only one.
    ///   - folder: the recorded pictures, a file each.
    public static func delay(
        of take: Take, stage: Stage, camera name: String?, folder: String
    ) throws -> DelayReport {
        let camera = try cameraIndex(name, of: stage)
        let source = stage.cameras[camera].source
        let shot = try StripShot(take, stage, camera: camera)
        let strips = try StripPictures(folder: folder, of: shot.count)
        guard let first = strips.pictures.first else {
            throw RunError(
                "\(folder): none of \(strips.withoutStrips) pictures shows a strip that can be "
                    + "read – is the wall in the picture, and sharp? A larger pattern/cell may help"
            )
        }
        guard strips.pictures.contains(where: { shot.frame($0.number) != nil }) else {
            throw RunError(
                "\(folder): its first picture shows frame …\(first.number), which is not in the "
                    + "take – is it the take of this recording?")
        }
        var shift = 0.0
        for _ in 0..<2 {
            let report = try delay(
                of: take, stage: stage, source: stage.sources[source].name,
                pictures: shot.table(strips, shift: shift))
            shift = report.delayMilliseconds / 1000 - shot.delay
        }
        var report = try delay(
            of: take, stage: stage, source: stage.sources[source].name,
            pictures: shot.table(strips, shift: shift))
        report.picturesWithoutStrips = strips.withoutStrips
        report.complaints = Array(strips.complaints.prefix(8))
        return report
    }

    private static func cameraIndex(_ name: String?, of stage: Stage) throws -> Int {
        let names = stage.cameras.map(\.name).joined(separator: ", ")
        guard let name else {
            guard stage.cameras.count == 1 else {
                throw RunError(
                    stage.cameras.isEmpty
                        ? "the take's stage has no camera"
                        : "the take has several cameras: choose with --camera: \(names)")
            }
            return 0
        }
        guard let index = stage.cameras.firstIndex(where: { $0.name == name }) else {
            throw RunError("--camera \(name): the take's cameras are: \(names)")
        }
        return index
    }
}

/// Where a camera was in a take, as far as the frames were drawn for it, and the strips it saw.
private struct StripShot {
    private struct Moment {
        var time: HostTime
        var camera: StripPan.Camera
    }

    /// The delay the frames were drawn with, seconds.
    let delay: Double
    private let pans: StripPan
    /// Strips on the stage.
    var count: Int { pans.count }
    private let moments: [Moment]
    /// Frames that showed strips, by the lower bits of their number; −1: several.
    private var frames: [Int: Int64] = [:]
    private var times: [Int64: HostTime] = [:]
    private let period: Double

    init(_ take: Take, _ stage: Stage, camera: Int) throws {
        // Only the cameras are looked at: any scene does.
        let replay = try TakeReplay(
            take, stage: stage, asset: SceneAsset(scene: TestScenes.checker(width: 64)))
        var plans: [TakeReplay.Plan] = []
        try replay.plan { plan in
            if plan.pattern.pattern == .strip { plans.append(plan) }
        }
        for plan in plans {
            let low = Int(plan.frame & (1 << FrameStrip.frameBits - 1))
            frames[low] = frames[low] == nil ? plan.frame : -1
            times[plan.frame] = plan.lightTime
        }
        moments = plans.compactMap { plan in
            plan.cameras.first { $0.camera == camera }.map { drawn in
                Moment(
                    time: plan.lightTime,
                    camera: StripPan.Camera(
                        stageFromPupil: Pose(
                            rotation: drawn.stageFromPupil, translation: drawn.eye),
                        lens: drawn.lens, sensor: drawn.sensor))
            }
        }
        let cells = Set(plans.map(\.pattern.cell))
        let delays = plans.map { $0.delays[stage.cameras[camera].source] }.sorted()
        guard let cell = cells.first else {
            throw RunError(
                "the take shows no strips – set `pattern/show strip` before the pan, and leave it "
                    + "until its end")
        }
        guard cells.count == 1 else {
            throw RunError("pattern/cell was changed in the take – leave it for the whole pan")
        }
        guard !moments.isEmpty else {
            throw RunError(
                "camera \(stage.cameras[camera].name) was not drawn for while the strips were "
                    + "shown – is its tracker sending, and frustum/enabled on?")
        }
        delay = delays[delays.count / 2]
        pans = StripPan(facets: stage.facets, cell: cell)
        period = stage.rate.period
    }

    /// The frame of a number on a strip.
    func frame(_ number: Int) -> Int64? {
        frames[number].flatMap { $0 < 0 ? nil : $0 }
    }

    /// Each picture's frame and pan, the camera having been where the frames drawn `shift` seconds
    /// later have it.
    func table(_ strips: StripPictures, shift: Double) -> PictureTable {
        PictureTable(
            rows: strips.pictures.compactMap { picture in
                guard let frame = frame(picture.number), let time = times[frame] else {
                    return nil
                }
                let seen = time + Int64(((shift + picture.share * period) * 1e9).rounded())
                return pans.pan(
                    of: picture.sightings, width: picture.width, height: picture.height,
                    from: camera(at: seen)
                ).map {
                    PictureTable.Row(
                        frame: frame, share: picture.share, panDegrees: $0 * 180 / .pi)
                }
            })
    }

    /// The camera between the frames about an instant.
    private func camera(at time: HostTime) -> StripPan.Camera {
        guard let next = moments.firstIndex(where: { $0.time > time }) else {
            return moments[moments.count - 1].camera
        }
        guard next > 0 else { return moments[0].camera }
        let (a, b) = (moments[next - 1], moments[next])
        let u = Double(time - a.time) / Double(b.time - a.time)
        let (from, to) = (a.camera.stageFromPupil, b.camera.stageFromPupil)
        let (turn, other) = (from.rotation.panTiltRoll, to.rotation.panTiltRoll)
        var camera = a.camera
        camera.stageFromPupil = Pose(
            pan: turn.pan, tilt: turn.tilt + u * (other.tilt - turn.tilt),
            roll: turn.roll + u * (other.roll - turn.roll),
            translation: from.translation + u * (to.translation - from.translation))
        return camera
    }
}
