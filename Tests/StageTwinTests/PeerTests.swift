import Color
import Foundation
import Geometry
import StageModel
import StageTwin
import TestSupport
import Testing

/// The judge against other people's numbers.
struct PeerTests {
    private struct Axes: Decodable {
        // Names of the vector file.
        var otio_pan_tilt_roll_deg: [Double]
        var right: [Double]
        var forward: [Double]
        var up: [Double]
    }

    @Test(.enabled(if: TestData.has("lens/pose_conventions.json")))
    func `pan, tilt and roll turn the axes as the published vectors say`() throws {
        let vectors = try TestData.decode([Axes].self, from: "lens/pose_conventions.json")
        #expect(vectors.count >= 6)
        for vector in vectors {
            let turn = vector.otio_pan_tilt_roll_deg.map { $0 * .pi / 180 }
            let axes = Placement(
                pan: turn[0], tilt: turn[1], roll: turn[2], origin: SIMD3(0, 0, 0))
            for (mine, theirs) in [
                (axes.right, vector.right), (axes.forward, vector.forward), (axes.up, vector.up),
            ] {
                for i in 0..<3 { #expect(abs(mine[i] - theirs[i]) < 1e-11) }
            }
            let again = axes.angles
            let back = Placement(
                pan: again.pan, tilt: again.tilt, roll: again.roll, origin: SIMD3(0, 0, 0))
            #expect((back.forward - axes.forward).max() < 1e-12)
        }
    }

    private struct LensVector: Decodable {
        var model: String
        var w: Double
        var h: Double
        var F: Double
        var radial: [Double]
        var tangential: [Double]
        var dC: [Double]
        var dP: [Double]
        var sensor_points_mm: [[Double]]
        var ray_xd_yd_1: [[Double]]
    }

    @Test(.enabled(if: TestData.has("lens/openlensio_vectors.json")))
    func `the simulated lens sends every sensor point along the published ray`() throws {
        let vectors = try TestData.decode([LensVector].self, from: "lens/openlensio_vectors.json")
        for vector in vectors {
            var radial = InlineArray<6, Double>(repeating: 0)
            for i in vector.radial.indices { radial[i] = vector.radial[i] }
            let lens = Lens(
                focalLengthMillimeters: vector.F,
                distortion: LensDistortion(
                    direction: vector.model.hasSuffix("D-U") ? .undistorts : .distorts,
                    radial: radial,
                    tangential: SIMD2(vector.tangential[0], vector.tangential[1])),
                distortionOffsetMillimeters: SIMD2(vector.dC[0], vector.dC[1]),
                projectionOffsetMillimeters: SIMD2(vector.dP[0], vector.dP[1]))
            let camera = SimulatedCamera(
                Camera(
                    name: "V",
                    sensor: Sensor(widthMillimeters: vector.w, heightMillimeters: vector.h),
                    imageWidth: 1000, imageHeight: 1000, lens: lens, source: 0),
                at: CameraMoment(pan: 0, tilt: 0, roll: 0, position: SIMD3(0, 0, 0)))
            for (point, ray) in zip(vector.sensor_points_mm, vector.ray_xd_yd_1) {
                let x = (point[0] / vector.w + 0.5) * 1000
                let y = (point[1] / vector.h + 0.5) * 1000
                let way = camera.direction(x: x, y: y)
                #expect(abs(way.x / way.y - ray[0]) < 1e-9, "\(vector.model)")
                #expect(abs(-way.z / way.y - ray[1]) < 1e-9, "\(vector.model)")
                let back = camera.picturePoint(of: way * 3)
                #expect(back.map { abs($0.x - x) + abs($0.y - y) < 1e-7 } == true)
            }
        }
    }

    private struct Projected: Encodable {
        var imageWidth = 1920
        var imageHeight = 1080
        var sensorWidth = 35.9
        var sensorHeight = 20.2
        var focalLength: Double
        var radial: [Double]
        var tangential: [Double]
        var projectionOffset: [Double]
        var entrancePupilOffset: Double
        var pan: Double
        var tilt: Double
        var roll: Double
        var position: [Double]
        var points: [[Double]] = []
        var projected: [[Double]] = []
    }

    @Test(.enabled(if: PythonPeer.has(module: "cv2")))
    func `the simulated camera projects as OpenCV does`() throws {
        var random = SeededRandom(seed: 7)
        var cases: [Projected] = []
        for _ in 0..<24 {
            let focal = 18 + 40 * random.unit()
            var one = Projected(
                focalLength: focal, radial: (0..<6).map { _ in 0 },
                tangential: [1e-3 * random.signed() / focal, 1e-3 * random.signed() / focal],
                projectionOffset: [0.5 * random.signed(), 0.4 * random.signed()],
                entrancePupilOffset: 0.3 * random.signed(), pan: 3 * random.signed(),
                tilt: random.signed(), roll: random.signed(),
                position: [3 * random.signed(), 3 * random.signed(), 2 * random.signed()])
            for i in 0..<6 {
                one.radial[i] = 0.08 * random.signed() / pow(focal, Double(i / 2 * 2 + 2))
            }
            cases.append(Self.projecting(one, &random))
        }
        let verdict = try PythonPeer.judge("twin_camera_opencv.py", cases)
        #expect(verdict.status == 0, "\(verdict.output)")
    }

    /// The case with points before its camera, and where the twin sees them.
    private static func projecting(_ given: Projected, _ random: inout SeededRandom) -> Projected {
        var one = given
        var radial = InlineArray<6, Double>(repeating: 0)
        for i in 0..<6 { radial[i] = one.radial[i] }
        let lens = Lens(
            focalLengthMillimeters: one.focalLength,
            distortion: LensDistortion(
                direction: .distorts, radial: radial,
                tangential: SIMD2(one.tangential[0], one.tangential[1])),
            projectionOffsetMillimeters: SIMD2(one.projectionOffset[0], one.projectionOffset[1]),
            entrancePupilOffset: one.entrancePupilOffset)
        let camera = SimulatedCamera(
            Camera(
                name: "V", sensor: Sensor(widthMillimeters: 35.9, heightMillimeters: 20.2),
                imageWidth: 1920, imageHeight: 1080, lens: lens, source: 0),
            at: CameraMoment(
                pan: one.pan, tilt: one.tilt, roll: one.roll,
                position: SIMD3(one.position[0], one.position[1], one.position[2])))
        for _ in 0..<50 {
            let away = 1 + 9 * random.unit()
            let point = camera.pupil.point(
                SIMD3(0.6 * random.signed() * away, away, 0.4 * random.signed() * away))
            guard let at = camera.picturePoint(of: point) else { continue }
            one.points.append([point.x, point.y, point.z])
            one.projected.append([at.x, at.y])
        }
        return one
    }

    private struct Decoded: Encodable {
        var depth: Int
        var range: String
        var transfer: String
        var exponent = 2.4
        var peakNits: Double
        var nits: [Double]
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: PythonPeer.python)))
    func `every code value gives the light ST 2084 says`() throws {
        let transfers: [(String, TransferFunction)] = [
            ("pq", .pq), ("gamma", .gamma(2.4)), ("linear", .linear),
        ]
        var cases: [Decoded] = []
        for depth in [8, 10, 12] {
            for (range, name) in [(CodeRange.full, "full"), (.narrow, "narrow")] {
                for (transfer, function) in transfers {
                    let peak = transfer == "pq" && depth != 12 ? 10000.0 : 1500
                    let nits = (0..<1 << depth).map {
                        ProcessorLight.nits(
                            code: $0, depth: depth, range: range, transfer: function,
                            peakNits: peak)
                    }
                    cases.append(
                        Decoded(
                            depth: depth, range: name, transfer: transfer, peakNits: peak,
                            nits: nits))
                }
            }
        }
        let colors = "colour/colour.json"
        let table = TestData.has(colors) ? [TestData.url(colors).path] : []
        let verdict = try PythonPeer.judge("twin_decode.py", cases, table)
        #expect(verdict.status == 0, "\(verdict.output)")
    }
}

extension SeededRandom {
    /// −1 … 1.
    mutating func signed() -> Double { 2 * unit() - 1 }
}
