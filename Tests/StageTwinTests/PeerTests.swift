import Color
import Foundation
import Geometry
import StageModel
import StageTwin
import Testing

/// The judge against other people's numbers.
struct PeerTests {
    static let data = ProcessInfo.processInfo.environment["CYCLORAMA_TEST_DATA"] ?? "../shared/data"

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(data)/\(path)")
    }

    static func json(_ path: String) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: "\(data)/\(path)")))
    }

    private struct Axes: Decodable {
        // Names of the vector file.
        var otio_pan_tilt_roll_deg: [Double]
        var right: [Double]
        var forward: [Double]
        var up: [Double]
    }

    @Test(.enabled(if: exists("lens/pose_conventions.json")))
    func `pan, tilt and roll turn the axes as the published vectors say`() throws {
        let url = URL(filePath: "\(Self.data)/lens/pose_conventions.json")
        let vectors = try JSONDecoder().decode([Axes].self, from: Data(contentsOf: url))
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

    @Test(.enabled(if: exists("lens/openlensio_vectors.json")))
    func `the simulated lens sends every sensor point along the published ray`() throws {
        let url = URL(filePath: "\(Self.data)/lens/openlensio_vectors.json")
        let vectors = try JSONDecoder().decode([LensVector].self, from: Data(contentsOf: url))
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

    @Test(.enabled(if: exists("colour/colour.json")))
    func `PQ signals give the light of the published table`() throws {
        let all = try #require(try Self.json("colour/colour.json") as? [String: Any])
        let pq = try #require(all["pq"] as? [String: Any])
        print(pq.keys)
        // A code of the 12-bit table is its signal rounded: half a code either way.
        let known: [(nits: Double, full12: Int, narrow10: Int)] = [
            (0.1, 255, 119), (1, 614, 195), (10, 1227, 327), (100, 2081, 509), (203, 2378, 573),
            (1000, 3079, 723), (4000, 3696, 855), (10000, 4095, 940),
        ]
        for row in known {
            func light(_ code: Int, _ depth: Int, _ range: CodeRange) -> Double {
                ProcessorLight.nits(
                    code: code, depth: depth, range: range, transfer: .pq, peakNits: 10000)
            }
            #expect(light(row.full12 - 1, 12, .full) < row.nits)
            #expect(row.nits < light(row.full12 + 1, 12, .full) || row.full12 == 4095)
            #expect(light(row.narrow10 - 1, 10, .narrow) < row.nits)
            #expect(row.nits < light(row.narrow10 + 1, 10, .narrow) || row.narrow10 == 940)
        }
    }
}
