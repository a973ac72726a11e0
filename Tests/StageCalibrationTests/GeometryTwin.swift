import Foundation
import Geometry
import StageCalibration
import TestSupport

/// A simulated stage of §4.5: a curved wall (R = 6 m, 9 × 3.5 m, 504 dots in 36 columns), a camera
/// of 25 mm on Super 35, a tracker, and what each is off by.
struct GeometryTwin {
    /// What a capture is off by.
    struct Noise {
        var pixels = 0.15
        var meters = 0.0003
        var degrees = 0.015
        var wall = 0.0
    }

    static let lens = CameraModel(
        focal: Vector2(1928.5, 1927.2), center: Vector2(968.3, 532.1),
        radial: Vector3(-0.082, 0.021, 0), tangential: Vector2(0.0004, -0.0003))
    static let place = Pose(
        rotation: Matrix3(
            columns: Vector3(1, 0, 0), Vector3(0, -0.02, -0.9998), Vector3(0, 0.9998, -0.02)
        ).nearest, translation: Vector3(0.031, 0.118, 0.204))
    static let stage = Pose(
        pan: 37 * .pi / 180, tilt: 0.4 * .pi / 180, roll: -0.3 * .pi / 180,
        translation: Vector3(0.82, -3.1, 0.05))

    var noise: Noise
    /// The lens, to be changed for another zoom.
    var camera = GeometryTwin.lens
    /// Body from camera.
    var mount = GeometryTwin.place
    /// The tracker's metre is this many metres too long.
    var trackerScale: Double
    let nominal: [Vector3]
    let groups: [Int]
    let dots: [Vector3]
    private var random: SeededRandom

    init(noise: Noise = Noise(), trackerScale: Double = 1, seed: UInt64 = 1) {
        self.noise = noise
        self.trackerScale = trackerScale
        random = SeededRandom(seed: seed)
        var (points, columns) = ([Vector3](), [Int]())
        for row in 0..<14 {
            for column in 0..<36 {
                let angle = (Double(column) - 17.5) * 0.25 / 6
                points.append(
                    Vector3(6 * sin(angle), 6 * cos(angle) - 6, 0.125 + 0.25 * Double(row)))
                columns.append(column)
            }
        }
        (nominal, groups) = (points, columns)
        var shifts: [Vector3] = []
        for _ in 0..<36 {
            shifts.append(noise.wall * GeometryTwin.normals(&random))
        }
        dots = zip(points, columns).map { $0 + shifts[$1] }
    }

    static func normal(_ random: inout SeededRandom) -> Double {
        (-2 * log(1 - random.unit())).squareRoot() * cos(2 * .pi * random.unit())
    }

    static func normals(_ random: inout SeededRandom) -> Vector3 {
        Vector3(normal(&random), normal(&random), normal(&random))
    }

    /// How a camera is moved between poses.
    enum Head {
        /// By hand: panned, tilted and rolled.
        case hand
        /// On a tripod: panned and tilted.
        case tripod
        /// Panned only.
        case fixed
    }

    /// Stage from camera of some pose in front of the wall.
    mutating func pose(_ head: Head = .hand) -> Pose {
        func within(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.unit() }
        let place = Vector3(within(-2.2, 2.2), within(-6.5, -2.8), within(1, 2.2))
        let aim = Vector3(within(-2.5, 2.5), -0.3, within(1.2, 2.4))
        let d = (aim - place).normalized
        let tilt = head == .fixed ? 0.05 : asin(d.z) + within(-0.1, 0.1)
        let roll = head == .hand ? within(-0.2, 0.2) : 0
        let standing = head == .fixed ? Vector3(0.1, -5, 1.6) : place
        let house = Pose(pan: atan2(-d.x, d.y), tilt: tilt, roll: roll, translation: standing)
        return house * CameraModel.cameraFromPupil.inverse
    }

    /// What the tracker tells of a camera pose.
    func tracked(_ stageFromCamera: Pose) -> Pose {
        var pose = Self.stage.inverse * stageFromCamera * mount.inverse
        pose.translation = pose.translation / trackerScale
        return pose
    }

    /// Captures of so many poses.
    mutating func captures(_ count: Int, head: Head = .hand, dotsEach: Int = 500)
        -> GeometryCaptures
    {
        var views: [GeometryCaptures.View] = []
        while views.count < count {
            if let view = view(pose(head), name: "\(views.count + 1)", dotsEach: dotsEach) {
                views.append(view)
            }
        }
        var accuracy = GeometryCaptures.Accuracy()
        accuracy.wallMeters = max(noise.wall, 0.0003)
        (accuracy.trackerMeters, accuracy.trackerDegrees) = (noise.meters, noise.degrees)
        accuracy.pixels = noise.pixels
        return GeometryCaptures(
            dots: nominal, groups: groups, picture: [1920, 1080],
            lens: CameraModel(focal: Vector2(1900, 1900), center: Vector2(959.5, 539.5)),
            accuracy: accuracy, views: views)
    }

    /// One capture; nil where the wall does not fill enough of the picture.
    mutating func view(_ pose: Pose, name: String, dotsEach: Int) -> GeometryCaptures.View? {
        let cameraFromStage = pose.inverse
        var seen: [(dot: Int, pixel: Vector2)] = []
        for (i, dot) in dots.enumerated() {
            guard let pixel = camera.pixel(cameraFromStage * dot), pixel.x > 5,
                pixel.x < 1914, pixel.y > 5, pixel.y < 1074
            else { continue }
            seen.append((i, pixel))
        }
        guard seen.count >= 60 else { return nil }
        seen.shuffle(using: &random)
        seen = Array(seen.prefix(dotsEach))
        var body = tracked(pose)
        let turn = noise.degrees * .pi / 180 * GeometryTwin.normals(&random)
        body =
            body
            * Pose(
                rotation: Matrix3(rotationVector: turn),
                translation: noise.meters * GeometryTwin.normals(&random))
        return GeometryCaptures.View(
            name: name, trackerFromBody: body, seen: seen.map(\.dot),
            pixels: seen.map {
                let x = GeometryTwin.normal(&random)
                return $0.pixel + noise.pixels * Vector2(x, GeometryTwin.normal(&random))
            })
    }

    /// Pixels by which a solution misses dots from poses it has not seen, the tracker exact: root
    /// mean square over 40 poses.
    mutating func heldOut(_ solution: GeometrySolution) -> Double {
        var (sum, count) = (0.0, 0.0)
        for _ in 0..<40 {
            let pose = pose()
            let (truth, found) = (
                pose.inverse, solution.stageFromCamera(tracker: tracked(pose)).inverse
            )
            for (i, dot) in dots.enumerated() {
                guard let a = camera.pixel(truth * dot), a.x > 0, a.x < 1919, a.y > 0,
                    a.y < 1079,
                    let b = solution.camera.pixel(
                        found * (nominal[i] + solution.shifts[groups[i]]))
                else { continue }
                sum += ((a - b) * (a - b)).sum()
                count += 1
            }
        }
        return (sum / count).squareRoot()
    }
}

extension Matrix3 {
    /// Orthonormal columns from nearly orthonormal ones.
    var nearest: Matrix3 {
        let a = x.normalized
        let b = (y - a * y.dot(a)).normalized
        return Matrix3(columns: a, b, a.cross(b))
    }
}

extension Array where Element == Double {
    /// The middle one, or the mean of the two in the middle.
    var median: Double {
        let s = sorted()
        return 0.5 * (s[(count - 1) / 2] + s[count / 2])
    }
}
