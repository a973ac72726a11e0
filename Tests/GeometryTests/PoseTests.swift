import Geometry
import TestSupport
import Testing

private struct PoseVector: Decodable {
    var otio_pan_tilt_roll_deg, right, forward, up: [Double]
}

@Suite struct PoseTests {
    @Test(.enabled(if: TestData.has("lens/pose_conventions.json")))
    func `pan, tilt and roll turn the axes as OpenTrackIO says`() throws {
        let vectors = try TestData.decode([PoseVector].self, from: "lens/pose_conventions.json")
        #expect(vectors.count >= 6)
        for v in vectors {
            let angles = v.otio_pan_tilt_roll_deg.map { $0 * .pi / 180 }
            let m = Matrix3(pan: angles[0], tilt: angles[1], roll: angles[2])
            #expect((m.x - vector(v.right)).length < 1e-12)
            #expect((m.y - vector(v.forward)).length < 1e-12)
            #expect((m.z - vector(v.up)).length < 1e-12)
        }
    }

    @Test func `pan goes left, tilt goes up, roll goes clockwise from behind`() {
        let left = Matrix3(pan: .pi / 2, tilt: 0, roll: 0).y
        #expect((left - Vector3(-1, 0, 0)).length < 1e-15)
        let up = Matrix3(pan: 0, tilt: .pi / 2, roll: 0).y
        #expect((up - Vector3(0, 0, 1)).length < 1e-15)
        let rolled = Matrix3(pan: 0, tilt: 0, roll: .pi / 2).z
        #expect((rolled - Vector3(1, 0, 0)).length < 1e-15)
    }

    @Test func `angles read back from a rotation make the same rotation`() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<1000 {
            let m = Matrix3(
                pan: .random(in: -7...7, using: &random), tilt: .random(in: -4...4, using: &random),
                roll: .random(in: -7...7, using: &random))
            let a = m.panTiltRoll
            let n = Matrix3(pan: a.pan, tilt: a.tilt, roll: a.roll)
            #expect((m.x - n.x).length + (m.y - n.y).length + (m.z - n.z).length < 1e-9)
        }
    }

    @Test func `a pose and a similarity are undone by their inverses`() {
        let pose = Pose(pan: 0.4, tilt: -0.2, roll: 1.1, translation: Vector3(3, -2, 1))
        let move = Similarity(rotation: pose.rotation, scale: 2.5, translation: Vector3(0, 4, 1))
        let p = Vector3(0.3, 5, -2)
        #expect((pose.inverse * (pose * p) - p).length < 1e-12)
        #expect((move.inverse * (move * p) - p).length < 1e-12)
    }
}

private func vector(_ a: [Double]) -> Vector3 { Vector3(a[0], a[1], a[2]) }
