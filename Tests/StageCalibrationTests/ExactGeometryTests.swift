import Color
import Geometry
import StageCalibration
import Testing

/// What the stored vectors hold, on data of ours.
@Suite struct `Exact data gives exact answers` {
    @Test(arguments: HandEye.Method.allCases)
    func `camera and tracker from twelve poses`(method: HandEye.Method) throws {
        var twin = GeometryTwin(seed: 3)
        let cameras = (0..<12).map { _ in twin.pose() }
        let found = try #require(
            HandEye(
                method, trackerFromBody: cameras.map { twin.tracked($0) },
                stageFromCamera: cameras))
        #expect(distance(found.bodyFromCamera, GeometryTwin.place) < 1e-9)
        #expect(distance(found.stageFromTracker, GeometryTwin.stage) < 1e-9)
    }

    @Test(arguments: HandEye.Method.allCases)
    func `one axis gives none`(method: HandEye.Method) {
        let poses = (0..<12).map {
            Pose(pan: 0.1 * Double($0), tilt: 0, roll: 0, translation: Vector3(0.1, -5, 1.6))
        }
        let bodies = poses.map { $0 * GeometryTwin.place.inverse }
        let found = HandEye(method, trackerFromBody: bodies, stageFromCamera: poses)
        #expect(found == nil)
    }

    /// Daniilidis' equations of 26 poses have 1950 rows; of 200 poses all left vectors would be
    /// 114 GB.
    @Test func `a tall system needs no square of its height`() throws {
        var twin = GeometryTwin(seed: 14)
        let cameras = (0..<60).map { _ in twin.pose() }
        let found = try #require(
            HandEye(
                .daniilidis, trackerFromBody: cameras.map { twin.tracked($0) },
                stageFromCamera: cameras))
        #expect(distance(found.bodyFromCamera, GeometryTwin.place) < 1e-9)
    }

    @Test func `a camera's place from one picture`() throws {
        var twin = GeometryTwin(noise: .init(pixels: 0, meters: 0, degrees: 0), seed: 9)
        for _ in 0..<5 {
            let pose = twin.pose()
            guard let view = twin.view(pose, name: "1", dotsEach: 80) else { continue }
            let found = try #require(
                Resection(
                    points: view.seen.map { twin.dots[$0] }, pixels: view.pixels,
                    camera: GeometryTwin.lens))
            #expect(found.rms < 1e-6)
            #expect(distance(found.stageFromCamera, pose) < 1e-6)
        }
    }

    @Test func `points moved, turned and scaled`() throws {
        let truth = Similarity(
            rotation: Matrix3(pan: 0.4, tilt: -0.7, roll: 1.9), scale: 1.25,
            translation: Vector3(3, -1, 2))
        let points = [
            Vector3(0, 0, 0), Vector3(1, 0, 0.3), Vector3(2, 0, 1.2), Vector3(0, 1, 1.2),
            Vector3(1, 1, 0.3), Vector3(2, 1, 0),
        ]
        let found = try PointFit(points, to: points.map { truth * $0 }, withScale: true)
        #expect(abs(found.similarity.scale - 1.25) < 1e-12)
        #expect((found.similarity.translation - truth.translation).length < 1e-12)
        #expect(found.rms < 1e-12)
    }

    @Test func `distortion there and back`() {
        let camera = GeometryTwin.lens
        for x in stride(from: -0.4, through: 0.4, by: 0.1) {
            for y in stride(from: -0.3, through: 0.3, by: 0.1) {
                let p = Vector2(x, y)
                #expect((camera.undistorted(camera.distorted(p)) - p).size < 1e-13)
            }
        }
    }

    /// Sharma, Wu and Dalal 2005, table 1, pairs 1, 7 and 24.
    @Test func `CIEDE2000 as published`() {
        let pairs: [(ColorTriple, ColorTriple, Double)] = [
            (ColorTriple(50, 2.6772, -79.7751), ColorTriple(50, 0, -82.7485), 2.0425),
            (ColorTriple(50, 0, 0), ColorTriple(50, -1, 2), 2.3669),
            (ColorTriple(50, 2.5, 0), ColorTriple(56, -27, -3), 31.9030),
        ]
        for (a, b, expected) in pairs { #expect(abs(deltaE2000(a, b) - expected) < 1e-4) }
    }
}
