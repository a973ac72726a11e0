import FrameModel
import Geometry
public import StageCalibration
public import StageModel
import Timing
import Tracking

/// The geometry captures in a take: the tracker's word and the wall's frame strips in a camera's
/// pictures, pose by pose.
///
/// While the wall shows its strips the camera is carried from pose to pose and stands still at
/// each; where it stood still is found in the tracker's own packets, and which pictures were taken
/// then in the strips themselves.
public struct TakeCaptures: Sendable {
    /// What was found of one pose.
    public struct Pause: Sendable {
        /// Its name: the timecode of its first frame.
        public var name: String
        /// Pictures of it in which strips can be read.
        public var pictures: Int
        /// Strips seen in them.
        public var strips: Int
    }

    /// The captures, one view a pause.
    public let captures: GeometryCaptures
    /// Every pause of the camera.
    public let pauses: [Pause]
    /// Pictures taken while the camera was moving, or of other frames than the take's.
    public let picturesOutside: Int
    /// Pictures in which no strip can be read.
    public let picturesWithoutStrips: Int
    /// Of files that are no pictures, the first complaints.
    public let complaints: [String]

    /// Strips a view needs, two points each.
    public static let stripsMin = (GeometryCaptures.dotsNeeded + 1) / 2
    /// Focal lengths of two pauses may differ by this part: a lens that breathes, not one zoomed.
    private static let focalTolerance = 0.005
    /// Poses a solve can begin with.
    public static let viewsMin = 5

    /// The captures of a camera, from a take and the pictures it recorded.
    ///
    /// Throws one sentence when there are too few.
    /// - Parameters:
    ///   - take: the take.
    ///   - stage: the stage it was recorded on (`TakeReplay.stage(of:)`).
    ///   - name: the camera's name; nil where the stage has only one.
    ///   - folder: the recorded pictures, a file each.
    public init(take: Take, stage: Stage, camera name: String?, folder: String) throws {
        let index = try TrackRun.cameraIndex(name, of: stage)
        let camera = stage.cameras[index]
        let shot = try StripShot(take, stage, camera: index)
        let strips = try StripPictures(folder: folder, of: shot.count)
        let stills = Stillness.pauses(of: shot.plans, source: camera.source, stage.rate.period)
        guard let size = strips.pictures.first.map({ [$0.width, $0.height] }) else {
            throw RunError(
                "\(folder): no picture shows a strip that can be read – is the wall in it, and "
                    + "sharp? A larger pattern/cell may help")
        }
        try shot.checkShape(width: size[0], height: size[1])
        guard strips.pictures.allSatisfy({ [$0.width, $0.height] == size }) else {
            throw RunError("\(folder): pictures of several sizes – give those of one recording")
        }
        var views: [GeometryCaptures.View] = []
        var pauses: [Pause] = []
        var used = 0
        var lens: StripPan.Camera?
        for still in stills {
            let seen = strips.pictures.filter { picture in
                shot.frame(picture.number).map(still.frames.contains) ?? false
            }
            used += seen.count
            let marks = Self.marks(seen)
            let label = Timecode(
                frame: still.frames.lowerBound, of: FrameGrid(rate: stage.rate),
                utcOffset: -stage.taiOffset)
            pauses.append(
                Pause(name: "\(label)", pictures: seen.count, strips: marks.count))
            guard marks.count >= Self.stripsMin else { continue }
            guard let drawn = shot.camera(of: still.frames.lowerBound) else { continue }
            try Self.checkFocal(of: drawn, in: "\(label)", as: lens)
            lens = lens ?? drawn
            views.append(
                GeometryCaptures.View(
                    name: "\(label)", trackerFromBody: still.trackerFromBody,
                    seen: marks.flatMap { [2 * $0.strip, 2 * $0.strip + 1] },
                    pixels: marks.flatMap { [$0.upper, $0.lower] }))
        }
        guard views.count >= Self.viewsMin, let lens else {
            throw RunError(
                "\(pauses.count) pauses of the camera, \(views.count) with \(Self.stripsMin) "
                    + "strips or more in its pictures: \(Self.viewsMin) are needed, 20 are good – "
                    + "stand still for a second at each pose, with much of the wall in the picture")
        }
        captures = Self.captures(
            of: views, lens, size: size, points: shot.points, facets: shot.groups)
        self.pauses = pauses
        picturesOutside = strips.pictures.count - used
        picturesWithoutStrips = strips.withoutStrips
        complaints = Array(strips.complaints.prefix(8))
    }

    /// Throws a sentence where a pause was captured at another zoom than the first.
    private static func checkFocal(
        of camera: StripPan.Camera, in pause: String, as first: StripPan.Camera?
    ) throws {
        let here = camera.lens.focalLengthMillimeters
        guard let there = first?.lens.focalLengthMillimeters,
            abs(here / there - 1) > focalTolerance
        else { return }
        throw RunError(
            "pause \(pause): the focal length is \(here) mm, \(there) mm at the first – capture "
                + "all poses at one place of the zoom and focus rings")
    }

    /// Each strip's marks, in the mean of the pictures that show it; in the solver's pixels, whose
    /// centers are whole numbers.
    private static func marks(_ pictures: [StripPictures.Picture]) -> [StripSighting] {
        let all = Dictionary(grouping: pictures.flatMap(\.sightings), by: \.strip)
        return all.sorted { $0.key < $1.key }.map { strip, sightings in
            func middle(_ points: [Vector2]) -> Vector2 {
                Vector2(median(points.map(\.x)) - 0.5, median(points.map(\.y)) - 0.5)
            }
            return StripSighting(
                strip: strip, number: 0, share: 0, upper: middle(sightings.map(\.upper)),
                lower: middle(sightings.map(\.lower)))
        }
    }

    /// The mean of the middle half: what one picture shows wrongly does not count.
    private static func median(_ numbers: [Double]) -> Double {
        let sorted = numbers.sorted()
        let middle = sorted[sorted.count / 4..<max(sorted.count / 4 + 1, sorted.count * 3 / 4)]
        return middle.reduce(0, +) / Double(middle.count)
    }

    private static func captures(
        of views: [GeometryCaptures.View], _ camera: StripPan.Camera, size: [Int],
        points: [Vector3],
        facets: [Int]
    ) -> GeometryCaptures {
        let (width, height) = (Double(size[0]), Double(size[1]))
        let (lens, sensor) = (camera.lens, camera.sensor)
        let pixels = Vector2(width / sensor.widthMillimeters, height / sensor.heightMillimeters)
        return GeometryCaptures(
            dots: points, groups: facets, picture: size,
            lens: CameraModel(
                focal: lens.focalLengthMillimeters * pixels,
                center: Vector2(width - 1, height - 1) / 2
                    + lens.projectionOffsetMillimeters * pixels), views: views)
    }
}

/// Where a tracked camera stood still.
struct Stillness {
    /// The frames.
    var frames: ClosedRange<Int64>
    /// The tracked body in the tracker's space, in the mean of them.
    var trackerFromBody: Pose

    /// How long, seconds.
    private static let spanMin = 0.5
    /// From one quarter of a second to the next, metres and radians: 1.2 mm and 0.04° a second,
    /// which is what a good tracker's noise leaves of nothing.
    private static let (drift, turn) = (0.0003, 0.01 * Double.pi / 180)

    /// The pauses of a source's camera in frames in order.
    static func pauses(
        of plans: [TakeReplay.Plan], source: Int, _ period: Double
    ) -> [Stillness] {
        let half = max(2, Int((spanMin / 2 / period).rounded()))
        let delay = plans.map { $0.delays[source] }.max() ?? 0
        // The tracker is late by its delay: the ends are the move's.
        let margin = max(half / 2, Int((delay / period).rounded(.up)))
        return runs(of: plans, source: source).flatMap { pauses(of: $0, half, margin: margin) }
    }

    private typealias Spot = (frame: Int64, pose: Pose)

    /// The frames in which the source was heard, parted where one is missing.
    ///
    /// A source that is silent repeats its last word, which is no standing still.
    private static func runs(of plans: [TakeReplay.Plan], source: Int) -> [[Spot]] {
        var runs: [[Spot]] = []
        for plan in plans {
            let patience = plan.periods[source].map { 3 * $0 } ?? 0.2
            guard let pose = plan.trackers[source], plan.silences[source] <= patience else {
                continue
            }
            if runs.last?.last?.frame == plan.frame - 1 {
                runs[runs.count - 1].append((plan.frame, pose))
            } else {
                runs.append([(plan.frame, pose)])
            }
        }
        return runs
    }

    private static func pauses(of poses: [Spot], _ half: Int, margin: Int) -> [Stillness] {
        var pauses: [Stillness] = []
        var at = 0
        while at + 2 * half <= poses.count {
            guard
                isStill(
                    poses[at..<at + half].map(\.pose), poses[at + half..<at + 2 * half].map(\.pose))
            else {
                at += 1
                continue
            }
            var end = at + 2 * half
            while end + half <= poses.count,
                isStill(poses[at..<at + half].map(\.pose), poses[end..<end + half].map(\.pose))
            {
                end += half
            }
            guard end - at > 2 * margin else {
                at = end
                continue
            }
            let inner = poses[(at + margin)..<(end - margin)]
            pauses.append(
                Stillness(
                    frames: inner.first!.frame...inner.last!.frame,
                    trackerFromBody: mean(inner.map(\.pose))))
            at = end
        }
        return pauses
    }

    private static func isStill(_ first: [Pose], _ second: [Pose]) -> Bool {
        let (a, b) = (mean(first), mean(second))
        guard (a.translation - b.translation).length < drift else { return false }
        let turn = a.rotation.transposed * b.rotation
        // The sine of a small turn, by its skew part.
        let axis = Vector3(turn.y.z - turn.z.y, turn.z.x - turn.x.z, turn.x.y - turn.y.x) / 2
        return axis.length < Self.turn
    }

    /// The mean of poses that hardly differ.
    private static func mean(_ poses: [Pose]) -> Pose {
        let first = poses[0].rotation.panTiltRoll
        func middle(_ angle: (Pose) -> Double, about from: Double) -> Double {
            let sum = poses.reduce(0) {
                $0 + (angle($1) - from).remainder(dividingBy: 2 * .pi)
            }
            return from + sum / Double(poses.count)
        }
        return Pose(
            pan: middle({ $0.rotation.panTiltRoll.pan }, about: first.pan),
            tilt: middle({ $0.rotation.panTiltRoll.tilt }, about: first.tilt),
            roll: middle({ $0.rotation.panTiltRoll.roll }, about: first.roll),
            translation: 1 / Double(poses.count)
                * poses.reduce(Vector3.zero) { $0 + $1.translation })
    }
}
