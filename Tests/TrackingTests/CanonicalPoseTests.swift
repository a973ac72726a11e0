import Geometry
import Testing
import Tracking

@Suite struct CanonicalPoseTests {
    func message(
        pan: Double = 0, tilt: Double = 0, roll: Double = 0, x: Int32 = 0, y: Int32 = 0,
        z: Int32 = 0, zoom: UInt32 = 0, focus: UInt32 = 0
    ) -> FreeD.Message {
        FreeD.Message(
            cameraID: 1, pan: Int32(pan * 32768), tilt: Int32(tilt * 32768),
            roll: Int32(roll * 32768), x: x * 64, y: y * 64, z: z * 64, zoom: zoom, focus: focus)
    }

    @Test func `a camera panned right by FreeD looks to the stage's right`() {
        let forward = message(pan: 30).pose(FreeDOptions()).rotation.y
        #expect(abs(forward.x - 0.5) < 1e-9)
        #expect(abs(forward.y - 0.75.squareRoot()) < 1e-9)
        #expect(abs(forward.z) < 1e-12)
    }

    @Test func `tilt up looks up and roll clockwise lowers the right side`() {
        let options = FreeDOptions()
        #expect(abs(message(tilt: 30).pose(options).rotation.y.z - 0.5) < 1e-9)
        #expect(abs(message(roll: 30).pose(options).rotation.x.z + 0.5) < 1e-9)
    }

    @Test func `positions come out in meters`() {
        let place = message(x: 1500, y: -2000, z: 1750).pose(FreeDOptions()).translation
        #expect((place - Vector3(1.5, -2, 1.75)).length < 1e-12)
    }

    @Test func `axes are ordered first, then signed, then scaled`() {
        var options = FreeDOptions()
        options.axisOrder = [1, 0, 2]
        options.axisSigns = Vector3(-1, 1, 1)
        options.positionScale = 10
        let place = message(x: 100, y: 200, z: 300).position(options)
        #expect((place - Vector3(-2, 1, 3)).length < 1e-12)
    }

    @Test func `angle signs turn each angle around`() {
        var options = FreeDOptions()
        options.angleSigns = Vector3(-1, -1, -1)
        let angles = message(pan: 10, tilt: 20, roll: 30).angles(options)
        #expect(abs(angles.pan - 10 * degree) < 1e-9)
        #expect(abs(angles.tilt + 20 * degree) < 1e-9)
        #expect(abs(angles.roll + 30 * degree) < 1e-9)
    }

    @Test func `lens counts become fractions of the source's ranges`() {
        var options = FreeDOptions()
        options.zoomCounts = SIMD2(0x555, 0xFFF)
        options.focusCounts = SIMD2(0xF000, 0x1000)
        let lens = message(zoom: 0xAAA, focus: 0x4C00).lens(options)
        #expect(abs(lens.zoom - 0.5) < 1e-3)
        #expect(abs(lens.focus - 0.732) < 1e-3)
        let ends = message(zoom: 0, focus: 0).lens(options)
        #expect(ends.zoom == 0)
        #expect(ends.focus == 1)
        options.zoomCounts = SIMD2(5, 5)
        #expect(message(zoom: 9).lens(options).zoom == 0)
    }

    @Test func `a pose survives the wire to a count`() {
        var random = SeededRandom(seed: 11)
        for _ in 0..<500 {
            let pose = Pose(
                pan: .random(in: -3...3, using: &random),
                tilt: .random(in: -1.5...1.5, using: &random),
                roll: .random(in: -3...3, using: &random),
                translation: Vector3(
                    .random(in: -100...100, using: &random),
                    .random(in: -100...100, using: &random),
                    .random(in: 0...100, using: &random)))
            let back = FreeD.Message(cameraID: 1, pose: pose).pose(FreeDOptions())
            #expect((back.translation - pose.translation).length < 2e-5)
            for (a, b) in [
                (back.rotation.x, pose.rotation.x), (back.rotation.y, pose.rotation.y),
                (back.rotation.z, pose.rotation.z),
            ] { #expect((a - b).length < 2e-6) }
        }
    }

    @Test func `a pose beyond the range of the wire stops at its end`() {
        let far = Pose(rotation: .identity, translation: Vector3(500, -500, 0))
        let message = FreeD.Message(cameraID: 1, pose: far)
        #expect(message.x == 8_388_607)
        #expect(message.y == -8_388_608)
    }
}
