import FrameLoop
import FrameModel
import Geometry
import Scenes
import StageCalibration
import StageModel
import Timing
import Tracking

/// Where a camera was in a take, as far as the frames were drawn for it, and the strips it saw.
struct StripShot {
    private struct Moment {
        var time: HostTime
        var camera: StripPan.Camera
    }

    /// The delay the frames were drawn with, seconds.
    let delay: Double
    private let pans: StripPan
    /// Strips on the stage.
    var count: Int { pans.count }
    /// Every frame that showed the strips.
    let plans: [TakeReplay.Plan]
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
        self.plans = plans
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
        let name = stage.cameras[camera].name
        guard !moments.isEmpty else {
            throw RunError(
                "camera \(name) was not drawn for while the strips were shown – is its tracker "
                    + "sending, and frustum/enabled on?")
        }
        guard !plans.contains(where: { $0.isHeld[camera] }) else {
            throw RunError(
                "camera \(name) was frozen or on its fixed pose while the strips were shown – its "
                    + "tracker has to move it: camera/\(name)/fixed/enabled and frustum/freeze off")
        }
        guard frames.contains(where: { $0.value >= 0 }) else {
            throw RunError(
                "the strips were shown so long that all their numbers came again, which they do "
                    + "after \(1 << FrameStrip.frameBits) frames – end the take after the pan")
        }
        delay = delays[delays.count / 2]
        pans = StripPan(facets: stage.facets, cell: cell)
        period = stage.rate.period
        guard count > 0 else {
            throw RunError(
                "no facet of the stage is \(FrameStrip.cellsHigh) pixels high: there is no "
                    + "room for a strip")
        }
    }

    /// Throws a sentence where pictures are not of the sensor's shape.
    func checkShape(width: Int, height: Int) throws {
        let sensor = moments[0].camera.sensor
        let (picture, shape) = (
            Double(width) / Double(height), sensor.widthMillimeters / sensor.heightMillimeters
        )
        guard abs(picture / shape - 1) < 0.01 else {
            throw RunError(
                "the pictures are \(width) × \(height), the camera's sensor mode is "
                    + "\(sensor.widthMillimeters) × \(sensor.heightMillimeters) mm: give pictures "
                    + "of all of it, neither cropped nor squeezed, or set the camera's sensor-mode")
        }
    }

    /// Where the marks of every strip stand, the upper and the lower of each in turn, stage metres.
    var points: [Vector3] { pans.points }
    /// The facet of each of them.
    var groups: [Int] { pans.groups }

    /// The frame of a number on a strip.
    func frame(_ number: Int) -> Int64? {
        frames[number].flatMap { $0 < 0 ? nil : $0 }
    }

    /// The camera as a frame that showed strips was drawn for it.
    func camera(of frame: Int64) -> StripPan.Camera? { times[frame].map(camera(at:)) }

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
        var (low, next) = (0, moments.count)
        while low < next {
            let middle = (low + next) / 2
            if moments[middle].time > time { next = middle } else { low = middle + 1 }
        }
        guard next < moments.count else { return moments[moments.count - 1].camera }
        guard next > 0 else { return moments[0].camera }
        let (a, b) = (moments[next - 1], moments[next])
        let u = Double(time - a.time) / Double(b.time - a.time)
        let (from, to) = (a.camera.stageFromPupil, b.camera.stageFromPupil)
        let (turn, other) = (from.rotation.panTiltRoll, to.rotation.panTiltRoll)
        var camera = a.camera
        camera.stageFromPupil = Pose(
            pan: turn.pan, tilt: turn.tilt + u * (other.tilt - turn.tilt),
            roll: turn.roll + u * (other.roll - turn.roll).remainder(dividingBy: 2 * .pi),
            translation: from.translation + u * (to.translation - from.translation))
        return camera
    }
}
