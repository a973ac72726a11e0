import FrameLoop
import FrameModel
import Geometry
import Scenes
public import StageCalibration
public import StageModel
import Timing
import Tracking

/// The geometry captures in a take of the blinking dots: the tracker's word, and the dots in a
/// camera's pictures, pose by pose.
///
/// At each pose the wall shows every picture of the dots while the camera stands still. Which frame
/// a picture is of, and which picture of the dots, is told by the strips in it.
public struct DotCaptures: Sendable {
    /// What was found of one pose.
    public struct Pause: Sendable {
        /// Its name: the timecode of its first frame.
        public var name: String
        /// Pictures of it.
        public var pictures: Int
        /// Dots that are sure.
        public var dots: Int
        /// What is made of it; a pose that fails is left out.
        public var verdicts: [Verdict]
    }

    /// The captures, one view a pause that passes.
    public let captures: GeometryCaptures
    /// Every pause in which the dots were shown.
    public let pauses: [Pause]
    /// Pictures of no pause, or of two pictures of the dots.
    public let picturesOutside: Int
    /// Pictures in which no strip can be read.
    public let picturesWithoutStrips: Int
    /// The panel of each dot: the groups panels' gains are solved by.
    public let panels: [Int]

    /// The captures of a camera, from a take and the pictures it recorded.
    ///
    /// Throws one sentence when there are too few.
    /// - Parameters:
    ///   - take: the take.
    ///   - stage: the stage it was recorded on (`TakeReplay.stage(of:)`).
    ///   - name: the camera's name; nil where the stage has only one.
    ///   - footage: what it recorded.
    ///   - least: poses that are enough.
    public init(
        take: Take, stage: Stage, camera name: String?, footage: CameraFootage,
        least: Int = TakeCaptures.viewsMin
    ) throws {
        let camera = stage.cameras[try TrackRun.cameraIndex(name, of: stage)]
        let shot = try DotShot(take, stage, camera: TrackRun.cameraIndex(name, of: stage))
        let dots = PlannedDots(stage, cell: shot.cell)
        let grid = FrameStripGrid(facets: stage.facets, cell: shot.cell)
        var work = DotWork(shot, dots)
        try footage.read({ DotPictureRead($0, of: grid) }) {
            result throws(CalibrationRefusal) in
            try work.take(result.get())
        }
        work.finish()
        guard work.views.count >= least, let size = work.size else {
            let faults = work.pauses.flatMap(\.verdicts).filter { $0.level == .fail }
            throw RunError(
                "\(work.pauses.count) poses, \(work.views.count) of them good: "
                    + "\(least) are needed, 20 are good"
                    + (faults.first.map { " – the first fault: \($0)" } ?? ""))
        }
        let sensor = camera.sensor
        guard
            abs(
                Double(size.x) / Double(size.y)
                    / (sensor.widthMillimeters / sensor.heightMillimeters) - 1) < 0.01
        else {
            throw RunError(
                "the pictures are \(size.x) × \(size.y), the camera's sensor mode is "
                    + "\(sensor.widthMillimeters) × \(sensor.heightMillimeters) mm: give pictures "
                    + "of all of it, neither cropped nor squeezed")
        }
        var captures = GeometryCaptures(
            dots: dots.points, groups: dots.facets, picture: [size.x, size.y],
            lens: work.model(size), views: work.views)
        captures.normals = dots.normals
        self.captures = captures
        pauses = work.pauses
        picturesOutside = work.outside
        picturesWithoutStrips = work.untold
        panels = dots.panels
    }

    /// What is made of one pose by its pictures alone, while the camera still stands there.
    ///
    /// Both strips of a pair have to be in it: the take, which knows a frame's step, is still being
    /// written.
    static func verdicts(of footage: CameraFootage, stage: Stage, cell: Int) -> [Verdict] {
        let grid = FrameStripGrid(facets: stage.facets, cell: cell)
        var pictures: DotPictures?
        do throws(CalibrationRefusal) {
            try footage.read({ DotPictureRead($0, of: grid) }) {
                result throws(CalibrationRefusal) in
                let read = try result.get()
                guard let step = read.reading.step, read.reading.frame != nil else { return }
                if pictures == nil {
                    pictures = DotPictures(width: read.gray.width, height: read.gray.height)
                }
                pictures?.take(read.gray, step: step, clip: read.clip, read.reading.sightings)
            }
            guard let pictures else {
                throw CalibrationRefusal(
                    "no pair of strips can be read",
                    advice: "have two strips side by side in the picture, sharp")
            }
            return try DotReader(pictures, of: DotGrid.numbers(of: stage).count).verdicts
        } catch {
            return [Verdict("pictures", .fail, error.description)]
        }
    }

    /// The take shows dots.
    public static func shows(_ take: Take, _ stage: Stage) throws -> Bool {
        var found = false
        try TakeReplay(take, stage: stage, asset: SceneAsset(scene: TestScenes.checker(width: 64)))
            .plan { if $0.pattern.pattern == .dots { found = true } }
        return found
    }
}

/// A picture as far as it is needed of the dots.
private struct DotPictureRead: Sendable {
    let gray: GrayPicture
    let clip: Float
    let reading: StripReading

    init(_ picture: FootagePicture, of grid: FrameStripGrid) {
        gray = picture.gray
        clip = picture.clip
        reading = StripReading(gray, of: grid, isSparse: true)
    }
}

/// Where a camera stood in a take, and which picture of the dots each frame showed.
private struct DotShot {
    /// Side of the strips' cells.
    let cell: Int
    /// The camera's pauses.
    let pauses: [Stillness]
    private var steps: [Int64: Int] = [:]
    private var frames: [Int: Int64] = [:]
    private var drawn: [Int64: StripPan.Camera] = [:]
    private let stage: Stage

    init(_ take: Take, _ stage: Stage, camera: Int) throws {
        self.stage = stage
        let replay = try TakeReplay(
            take, stage: stage, asset: SceneAsset(scene: TestScenes.checker(width: 64)))
        var plans: [TakeReplay.Plan] = []
        try replay.plan { if $0.pattern.pattern == .dots { plans.append($0) } }
        let cells = Set(plans.map(\.pattern.cell))
        guard let cell = cells.first, cells.count == 1 else {
            throw RunError(
                cells.isEmpty
                    ? "the take shows no dots – set `pattern/show dots` before the poses"
                    : "pattern/cell was changed in the take – leave it for all poses")
        }
        self.cell = cell
        for plan in plans {
            let low = Int(plan.frame & (1 << FrameStrip.frameBits - 1))
            frames[low] = frames[low] == nil ? plan.frame : -1
            steps[plan.frame] = plan.pattern.step
            if let seen = plan.cameras.first(where: { $0.camera == camera }) {
                drawn[plan.frame] = StripPan.Camera(
                    stageFromPupil: Pose(rotation: seen.stageFromPupil, translation: seen.eye),
                    lens: seen.lens, sensor: seen.sensor)
            }
        }
        let name = stage.cameras[camera].name
        guard !drawn.isEmpty, !plans.contains(where: { $0.isHeld[camera] }) else {
            throw RunError(
                "camera \(name) was not drawn for, or held, while the dots were shown – is its "
                    + "tracker sending, frustum/enabled on, freeze and fixed pose off?")
        }
        pauses = Stillness.pauses(
            of: plans, source: stage.cameras[camera].source, stage.rate.period)
    }

    /// The frame a strip tells of, and the picture of the dots that was on the wall in it.
    func shown(_ number: Int) -> (frame: Int64, step: Int)? {
        guard let frame = frames[number], frame >= 0, let step = steps[frame] else { return nil }
        return (frame, step)
    }

    /// The camera as a frame was drawn for it.
    func camera(_ frame: Int64) -> StripPan.Camera? { drawn[frame] }

    /// The timecode of a frame.
    func label(_ frame: Int64) -> String {
        "\(Timecode(frame: frame, of: FrameGrid(rate: stage.rate), utcOffset: -stage.taiOffset))"
    }
}

/// Pictures on their way to views, pause by pause.
private struct DotWork {
    private(set) var views: [GeometryCaptures.View] = []
    private(set) var pauses: [DotCaptures.Pause] = []
    private(set) var outside = 0
    private(set) var untold = 0
    private(set) var size: SIMD2<Int>?
    private let shot: DotShot
    private let dots: PlannedDots
    private var open: (pause: Int, pictures: DotPictures, count: Int)?
    private var done: Set<Int> = []

    init(_ shot: DotShot, _ dots: PlannedDots) { (self.shot, self.dots) = (shot, dots) }

    /// Takes a picture; those of a pause come together.
    mutating func take(_ picture: DotPictureRead) throws(CalibrationRefusal) {
        guard let told = picture.reading.frame else {
            untold += 1
            return
        }
        let here = SIMD2(picture.gray.width, picture.gray.height)
        guard size == nil || size == here else {
            throw CalibrationRefusal(
                "pictures of several sizes", advice: "give those of one recording")
        }
        size = here
        guard let shown = shot.shown(told.number), !picture.reading.isMixed,
            // Where no strip tells the step, the take knows it; two that differ are neither.
            shown.step == picture.reading.step ?? shown.step,
            let pause = shot.pauses.firstIndex(where: { $0.frames.contains(shown.frame) }),
            !done.contains(pause)
        else {
            outside += 1
            return
        }
        if open?.pause != pause { finish() }
        if open == nil { open = (pause, DotPictures(width: here.x, height: here.y), 0) }
        open?.pictures.take(
            picture.gray, step: shown.step, clip: picture.clip, picture.reading.sightings)
        open?.count += 1
    }

    /// Makes a view of the pause that is open.
    mutating func finish() {
        guard let (index, pictures, count) = open else { return }
        open = nil
        done.insert(index)
        let still = shot.pauses[index]
        let name = shot.label(still.frames.lowerBound)
        do throws(CalibrationRefusal) {
            let reader = try DotReader(pictures, of: dots.points.count)
            pauses.append(
                DotCaptures.Pause(
                    name: name, pictures: count, dots: reader.sightings.count,
                    verdicts: reader.verdicts))
            guard reader.verdicts.worst < .fail else { return }
            views.append(view(name, still, reader))
        } catch {
            pauses.append(
                DotCaptures.Pause(
                    name: name, pictures: count, dots: 0,
                    verdicts: [Verdict("pictures", .fail, error.description)]))
        }
    }

    private func view(
        _ name: String, _ still: Stillness, _ reader: DotReader
    ) -> GeometryCaptures.View {
        let seen = reader.sightings.filter { dots.isFree[$0.dot] }
        let camera = shot.camera(still.frames.lowerBound)
        let model = model(size ?? .one)
        let pixels = seen.map { dot -> Vector2 in
            guard let camera else { return dot.pixel }
            let cameraFromStage = CameraModel.cameraFromPupil * camera.stageFromPupil.inverse
            return dot.pixel - dots.bias(of: dot.dot, model, cameraFromStage)
        }
        let lights = seen.compactMap(\.light)
        return GeometryCaptures.View(
            name: name, trackerFromBody: still.trackerFromBody, seen: seen.map(\.dot),
            pixels: pixels, lights: lights.count == seen.count ? lights : nil)
    }

    /// The lens to start from: what the stage knows of it, without distortion.
    func model(_ size: SIMD2<Int>) -> CameraModel {
        let camera = shot.pauses.lazy.compactMap { shot.camera($0.frames.lowerBound) }.first
        let (width, height) = (Double(size.x), Double(size.y))
        guard let camera else {
            return CameraModel(
                focal: Vector2(width, width), center: Vector2(width - 1, height - 1) / 2)
        }
        let pixels = Vector2(
            width / camera.sensor.widthMillimeters, height / camera.sensor.heightMillimeters)
        return CameraModel(
            focal: camera.lens.focalLengthMillimeters * pixels,
            center: Vector2(width - 1, height - 1) / 2
                + camera.lens.projectionOffsetMillimeters * pixels)
    }
}
