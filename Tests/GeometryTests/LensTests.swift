import Geometry
import TestSupport
import Testing

/// One lens of lens/openlensio_vectors.json.
private struct LensVector: Decodable {
    var name: String
    var model: String
    var w, h, F: Double
    var radial, tangential, dC, dP: [Double]
    var sensor_points_mm, undistorted_fov_mm, ray_xd_yd_1: [[Double]]
    var overscan_fov: Double

    var lens: Lens {
        var k = InlineArray<6, Double>(repeating: 0)
        for i in 0..<6 { k[i] = radial[i] }
        return Lens(
            focalLengthMillimeters: F,
            distortion: LensDistortion(
                direction: model.hasSuffix("D-U") ? .undistorts : .distorts, radial: k,
                tangential: Vector2(tangential[0], tangential[1])),
            distortionOffsetMillimeters: Vector2(dC[0], dC[1]),
            projectionOffsetMillimeters: Vector2(dP[0], dP[1]))
    }
}

/// Lenses of our own that show what the shared vectors show.
enum Lenses {
    static let sensor = Sensor(widthMillimeters: 35.9, heightMillimeters: 20.2)

    /// 13 % edge barrel with offsets and tangential terms, both directions of the polynomial.
    static func barrel(_ direction: LensDistortion.Direction) -> Lens {
        let sign: Double = direction == .undistorts ? 1 : -1
        return Lens(
            focalLengthMillimeters: 24.305,
            distortion: LensDistortion(
                direction: direction, radial: [sign * 2.2e-4, 0, 5.7e-8, 0, 0, 0],
                tangential: Vector2(6.2e-5, -3.3e-5)),
            distortionOffsetMillimeters: Vector2(0.12, -0.07),
            projectionOffsetMillimeters: Vector2(0.35, 0.2), entrancePupilOffset: 0.15)
    }

    static let pincushion = Lens(
        focalLengthMillimeters: 85,
        distortion: LensDistortion(radial: [-3.46e-5, 0, 0, 0, 0, 0]))

    /// Barrel whose polynomial folds not far beyond the sensor's corner (at 23.6 mm).
    static let folding = Lens(
        focalLengthMillimeters: 24,
        distortion: LensDistortion(direction: .distorts, radial: [-6e-4, 0, 0, 0, 0, 0]))

    static let all = [barrel(.undistorts), barrel(.distorts), pincushion]
}

@Suite struct LensTests {
    @Test(.enabled(if: TestData.has("lens/openlensio_vectors.json")))
    func `the OpenLensIO vectors agree to a billionth of a millimeter both ways`() throws {
        let vectors = try TestData.decode([LensVector].self, from: "lens/openlensio_vectors.json")
        #expect(vectors.count >= 4)
        for vector in vectors {
            for (i, point) in vector.sensor_points_mm.enumerated() {
                let onSensor = Vector2(point[0], point[1])
                let expected = Vector2(
                    vector.undistorted_fov_mm[i][0], vector.undistorted_fov_mm[i][1])
                let straight = try #require(vector.lens.undistorted(onSensor))
                #expect(distance(straight, expected) < 1e-9, "\(vector.name) \(i)")
                let back = try #require(vector.lens.distorted(expected))
                #expect(distance(back, onSensor) < 1e-9, "\(vector.name) \(i)")
                let ray = try #require(vector.lens.ray(onSensor))
                #expect(abs(ray.x - vector.ray_xd_yd_1[i][0]) < 1e-9)
                #expect(abs(-ray.z - vector.ray_xd_yd_1[i][1]) < 1e-9)
            }
        }
    }

    @Test(arguments: 0..<3)
    func `distorting undoes undistorting everywhere on the sensor`(index: Int) throws {
        let lens = Lenses.all[index]
        var random = SeededRandom(seed: 7)
        for _ in 0..<2000 {
            let p = Vector2(
                .random(in: -18...18, using: &random), .random(in: -10.1...10.1, using: &random))
            let there = try #require(lens.undistorted(p))
            #expect(distance(try #require(lens.distorted(there)), p) < 1e-9)
        }
    }

    @Test func `a point of space is imaged where its ray leaves the sensor`() throws {
        let lens = Lenses.barrel(.undistorts)
        var random = SeededRandom(seed: 8)
        for _ in 0..<500 {
            let p = Vector2(
                .random(in: -18...18, using: &random), .random(in: -10...10, using: &random))
            let ray = try #require(lens.ray(p))
            let imaged = try #require(
                lens.project(ray * Double.random(in: 0.1...50, using: &random)))
            #expect(distance(imaged, p) < 1e-9)
        }
    }

    @Test func `without distortion a point is imaged at F times its slope, moved by the offset`()
        throws
    {
        let lens = Lens(
            focalLengthMillimeters: 30, projectionOffsetMillimeters: Vector2(0.5, -0.25))
        let imaged = try #require(lens.project(Vector3(1, 4, 2)))
        #expect(distance(imaged, Vector2(7.5 + 0.5, -15 - 0.25)) < 1e-12)
    }

    @Test func `points behind the pupil are not imaged`() {
        #expect(Lenses.pincushion.project(Vector3(0.1, -1, 0)) == nil)
        #expect(Lenses.pincushion.project(Vector3(0.1, 0, 0)) == nil)
    }

    @Test func `where the lens folds there is no image, and short of it there is`() throws {
        // r·(1 − 6e-4 r²) is greatest at r = 1/√(1.8e-3) = 23.57 mm, where it is 15.71 mm.
        let lens = Lenses.folding
        #expect(lens.distorted(Vector2(23.5, 0)) != nil)
        #expect(lens.distorted(Vector2(24, 0)) == nil)
        #expect(lens.undistorted(Vector2(15.7, 0)) != nil)
        #expect(lens.undistorted(Vector2(15.75, 0)) == nil)
        let near = try #require(lens.undistorted(Vector2(15.7, 0)))
        #expect(abs(near.x * (1 - 6e-4 * near.x * near.x) - 15.7) < 1e-9)
    }

    @Test func `coefficients without sense give no point instead of a wrong one`() {
        let nan = Lens(
            focalLengthMillimeters: 24,
            distortion: LensDistortion(radial: [.nan, 0, 0, 0, 0, 0]))
        #expect(nan.undistorted(Vector2(5, 5)) == nil)
        #expect(nan.distorted(Vector2(5, 5)) == nil)
    }

    @Test func `the entrance pupil lies ahead of the sensor along its axis`() {
        let stageFromSensor = Pose(
            pan: .pi / 2, tilt: 0, roll: 0.3, translation: Vector3(1, 2, 3))
        let pupil = stageFromSensor * Lenses.barrel(.undistorts).sensorFromPupil
        #expect((pupil.translation - Vector3(1 - 0.15, 2, 3)).length < 1e-12)
        #expect(pupil.rotation == stageFromSensor.rotation)
    }
}

func distance(_ a: Vector2, _ b: Vector2) -> Double {
    let d = a - b
    return (d.x * d.x + d.y * d.y).squareRoot()
}
