import Foundation
import Geometry
import StageCalibration
import TestSupport
import Testing

@Suite struct `OpenCV's numbers in the house's units` {
    @Test func `a point is imaged at the same place`() {
        let camera = GeometryTwin.lens
        let (lens, sensor) = camera.lens(
            sensorWidthMillimeters: 24.89, columns: 1920, rows: 1080)
        let axes = CameraModel.cameraFromPupil
        for i in 0..<60 {
            let pupil = Vector3(0.05 * Double(i % 9 - 4), 1, 0.06 * Double(i / 9 - 3)) * 4
            guard let pixel = camera.pixel(axes * pupil), let place = lens.project(pupil) else {
                Issue.record("not imaged")
                continue
            }
            // Millimeters from the sensor's centre → pixels whose centres are whole numbers.
            let x = (place.x / sensor.widthMillimeters + 0.5) * 1920 - 0.5
            let y = (place.y / sensor.heightMillimeters + 0.5) * 1080 - 0.5
            #expect((Vector2(x, y) - pixel).size < 1e-8)
        }
    }
}

/// The stored vectors of geometry.json, made with OpenCV and a reference solver.
@Suite(.enabled(if: TestData.has(StoredGeometry.path), "shared data is absent"))
struct `Stored geometry` {
    private let stored: StoredGeometry

    init() throws {
        stored = try TestData.decode(StoredGeometry.self, from: StoredGeometry.path)
    }

    @Test func `points fitted with and without scale`() throws {
        let u = stored.umeyama
        let similar = try PointFit(u.src, to: u.dst, withScale: true).similarity
        #expect(abs(similar.scale - u.sim3.scale!) < 1e-12)
        #expect(distance(similar.rotation, u.sim3.R) < 1e-12)
        #expect((similar.translation - u.sim3.t).length < 1e-12)
        let rigid = try PointFit(u.src, to: u.dst, withScale: false)
        #expect(distance(rigid.similarity.rotation, u.rigid.R) < 1e-12)
        #expect((rigid.similarity.translation - u.rigid.t).length < 1e-12)
        #expect(abs(rigid.rms - u.rigid.rms!) < 1e-12)
    }

    @Test func `distortion both ways`() throws {
        let k = stored.brown_conrady.coeffs
        let camera = CameraModel(
            focal: Vector2(1, 1), center: .zero, radial: Vector3(k[0], k[1], k[4]),
            tangential: Vector2(k[2], k[3]))
        for c in stored.brown_conrady.cases {
            #expect((camera.distorted(c.undistorted) - c.distorted).size < 1e-14)
            #expect((camera.undistorted(c.distorted) - c.undistorted).size < 1e-12)
        }
    }

    @Test(arguments: HandEye.Method.allCases)
    func `hand and eye, exact and noisy`(method: HandEye.Method) throws {
        for (case_, tolerance) in [(stored.hand_eye_exact, 1e-9), (stored.hand_eye_noisy, 2e-6)] {
            let bodies = try case_.track_from_body.map { try #require(Pose(rows: $0)) }
            let cameras = try case_.stage_from_cam.map { try #require(Pose(rows: $0)) }
            let found = try #require(
                HandEye(method, trackerFromBody: bodies, stageFromCamera: cameras))
            let expected = try #require(case_.opencv[method.openCV])
            let x = try #require(Pose(rows: expected.X))
            #expect(distance(found.bodyFromCamera, x) < tolerance)
            if let rows = expected.Z, let z = Pose(rows: rows) {
                #expect(distance(found.stageFromTracker, z) < tolerance)
            }
        }
    }

    @Test func `the whole stored case, as near the truth as the reference`() throws {
        let c = stored.twin_case
        var accuracy = GeometryCaptures.Accuracy()
        (accuracy.pixels, accuracy.trackerMeters) = (c.noise.px, c.noise.track_m)
        (accuracy.trackerDegrees, accuracy.wallMeters) = (c.noise.track_deg, c.noise.survey_m)
        let captures = GeometryCaptures(
            dots: c.wall_nominal, groups: c.wall_nominal.indices.map { $0 % 36 },
            picture: c.image,
            lens: CameraModel(focal: Vector2(1900, 1900), center: Vector2(959.5, 539.5)),
            accuracy: accuracy,
            views: try c.views.enumerated().map { i, v in
                GeometryCaptures.View(
                    name: "\(i + 1)",
                    trackerFromBody: try #require(Pose(rows: v.track_from_body_measured)),
                    seen: v.point_index, pixels: v.uv)
            })
        let solution = try GeometrySolution(captures)
        let ours = c.heldOut(
            camera: solution.camera,
            points: c.wall_nominal.indices.map {
                c.wall_nominal[$0] + solution.shifts[$0 % 36]
            }, solution.stageFromCamera)
        let r = c.reference_solution
        let (x, z) = (try #require(Pose(rows: r.X)), try #require(Pose(rows: r.Z)))
        let theirs = c.heldOut(camera: CameraModel(r.K, r.dist), points: r.wall) { tracker in
            z * Pose(rotation: tracker.rotation, translation: tracker.translation * r.scale) * x
        }
        let pupil =
            (solution.bodyFromCamera.translation
            - (try #require(Pose(rows: c.X_true))).translation).length * 1000
        #expect(ours <= 0.3)
        #expect(ours <= 1.1 * theirs)
        #expect(pupil <= 1)
    }
}

extension CameraModel {
    /// A camera of OpenCV's numbers: fx, fy, cx, cy and k1, k2, p1, p2, k3.
    init(_ k: [Double], _ d: [Double]) {
        self.init(
            focal: Vector2(k[0], k[1]), center: Vector2(k[2], k[3]),
            radial: Vector3(d[0], d[1], d[4]), tangential: Vector2(d[2], d[3]))
    }
}

extension StoredGeometry.TwinCase {
    /// Pixels by which a solution misses the true wall from 40 poses, the tracker exact.
    func heldOut(
        camera: CameraModel, points: [Vector3], _ stageFromCamera: (Pose) -> Pose
    ) -> Double {
        guard let x = Pose(rows: X_true), let z = Pose(rows: Z_true) else { return .infinity }
        let truth = CameraModel(K_true, dist_true)
        var twin = GeometryTwin(seed: 12)
        var (sum, count) = (0.0, 0.0)
        for _ in 0..<40 {
            let pose = twin.pose()
            var tracker = z.inverse * pose * x.inverse
            tracker.translation *= tracker_scale_true
            let (a, b) = (pose.inverse, stageFromCamera(tracker).inverse)
            for (i, dot) in wall_true.enumerated() {
                guard let u = truth.pixel(a * dot), u.x > 0, u.x < 1919, u.y > 0, u.y < 1079,
                    let v = camera.pixel(b * points[i])
                else { continue }
                sum += ((u - v) * (u - v)).sum()
                count += 1
            }
        }
        return (sum / count).squareRoot()
    }
}

struct StoredGeometry: Decodable {
    struct Fit: Decodable {
        var scale: Double?
        var R: [[Double]]
        var t: Vector3
        var rms: Double?
    }
    struct Umeyama: Decodable {
        var src: [Vector3]
        var dst: [Vector3]
        var sim3: Fit
        var rigid: Fit
    }
    struct Brown: Decodable {
        struct Case: Decodable {
            var undistorted: Vector2
            var distorted: Vector2
        }
        var coeffs: [Double]
        var cases: [Case]
    }
    struct HandEyeCase: Decodable {
        struct Result: Decodable {
            var X: [[Double]]
            var Z: [[Double]]?
        }
        var track_from_body: [[[Double]]]
        var stage_from_cam: [[[Double]]]
        var opencv: [String: Result]
    }
    struct TwinCase: Decodable {
        struct Noise: Decodable {
            var px: Double
            var track_m: Double
            var track_deg: Double
            var survey_m: Double
        }
        struct View: Decodable {
            var track_from_body_measured: [[Double]]
            var point_index: [Int]
            var uv: [Vector2]
        }
        struct Reference: Decodable {
            var X: [[Double]]
            var Z: [[Double]]
            var K: [Double]
            var dist: [Double]
            var scale: Double
            var wall: [Vector3]
        }
        var wall_nominal: [Vector3]
        var wall_true: [Vector3]
        var image: [Int]
        var K_true: [Double]
        var dist_true: [Double]
        var X_true: [[Double]]
        var Z_true: [[Double]]
        var tracker_scale_true: Double
        var noise: Noise
        var views: [View]
        var reference_solution: Reference
    }
    static let path = "calibration/geometry.json"
    var umeyama: Umeyama
    var brown_conrady: Brown
    var hand_eye_exact: HandEyeCase
    var hand_eye_noisy: HandEyeCase
    var twin_case: TwinCase
}

extension HandEye.Method {
    var openCV: String {
        switch self {
        case .park: "PARK"
        case .daniilidis: "DANIILIDIS"
        case .shah: "RW_SHAH"
        case .li: "RW_LI"
        }
    }
}

extension SIMD2 where Scalar == Double {
    var size: Double { (x * x + y * y).squareRoot() }
}

/// Greatest difference of rotations and translations.
func distance(_ a: Pose, _ b: Pose) -> Double {
    let turn = [
        a.rotation.x - b.rotation.x, a.rotation.y - b.rotation.y, a.rotation.z - b.rotation.z,
    ]
    return max(turn.map(\.length).max() ?? 0, (a.translation - b.translation).length)
}

func distance(_ a: Matrix3, _ rows: [[Double]]) -> Double {
    var worst = 0.0
    for (c, column) in [a.x, a.y, a.z].enumerated() {
        for r in 0..<3 { worst = max(worst, abs(column[r] - rows[r][c])) }
    }
    return worst
}
