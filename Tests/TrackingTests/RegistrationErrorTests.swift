import Foundation
import Geometry
import Testing
import Tracking

@Suite struct RegistrationErrorTests {
    let picture = CameraPicture.fullFrameWide
    /// Pixels of one unit at a distance of 1: F · pixels / width.
    let unit = 24.3 * 1920 / 35.9

    func error(
        _ drawn: Pose, _ seen: Pose, distance: Double = .infinity
    ) -> RegistrationError {
        RegistrationError(drawn: drawn, seen: seen, picture: picture, distance: distance)
    }

    @Test func `a pose drawn as it was is right to the last pixel`() {
        let pose = Pose(pan: 1, tilt: -0.4, roll: 0.2, translation: Vector3(3, -2, 1.6))
        for distance in [Double.infinity, 5, 0.5] {
            #expect(error(pose, pose, distance: distance).largest < 1e-9)
        }
    }

    @Test func `a small pan moves a corner by what the lens makes of it`() {
        // At a corner (x, z) of the unit plane a pan of δ moves the picture by (1 + x², x z) δ.
        let turn = 0.001
        let (x, z) = (35.9 / 48.6, 20.2 / 48.6)
        let expected = hypot(1 + x * x, x * z) * turn * unit
        let found = error(
            Pose(pan: turn, tilt: 0, roll: 0, translation: .zero),
            Pose(pan: 0, tilt: 0, roll: 0, translation: .zero))
        for corner in 0..<4 {
            #expect(abs(found.corners[corner] - expected) < 0.002 * expected, "\(found)")
        }
        #expect(expected > 1.9 && expected < 2.1)
    }

    @Test func `a roll moves every corner by the same`() {
        let found = error(
            Pose(pan: 0.7, tilt: 0, roll: 0.002, translation: .zero),
            Pose(pan: 0.7, tilt: 0, roll: 0, translation: .zero))
        let expected = hypot(960, 960 * 20.2 / 35.9) * 0.002
        for corner in 0..<4 { #expect(abs(found.corners[corner] - expected) < 1e-3 * expected) }
    }

    @Test func `a wrong place shows at the wall and not on the horizon`() {
        // A picture square to the axis, 5 m away, seen from 1 cm further right.
        let drawn = Pose(pan: 0.3, tilt: 0, roll: 0, translation: Vector3(1, 2, 1.6))
        var seen = drawn
        seen.translation += drawn.rotation.x * 0.01
        #expect(error(drawn, seen).largest < 1e-9)
        let found = error(drawn, seen, distance: 5)
        for corner in 0..<4 { #expect(abs(found.corners[corner] - 0.01 / 5 * unit) < 1e-6) }
        // From 1 cm further back the picture shrinks towards its middle.
        seen = drawn
        seen.translation -= drawn.rotation.y * 0.01
        let away = error(drawn, seen, distance: 5)
        let corner = hypot(960, 960 * 20.2 / 35.9)
        #expect(abs(away.largest - corner * 0.01 / 5.01) < 1e-6)
    }

    @Test func `the corners are told apart`() {
        // About the top left corner's own ray the picture turns, and that corner stays.
        let ray = Vector3(-35.9 / 48.6, 1, 20.2 / 48.6).normalized
        let (s, c) = (sin(0.01), cos(0.01))
        func turned(_ v: Vector3) -> Vector3 {
            v * c + ray.cross(v) * s + ray * (ray.dot(v) * (1 - c))
        }
        let turn = Matrix3(
            columns: turned(Vector3(1, 0, 0)), turned(Vector3(0, 1, 0)), turned(Vector3(0, 0, 1)))
        let found = error(Pose(rotation: turn, translation: .zero), .identity)
        #expect(found.corners[0] < 1e-9)
        #expect(found.corners[1] > 5 && found.corners[2] > 5 && found.corners[3] > 3)
        #expect(found.largest == found.corners.max())
    }

    @Test func `behind the camera the whole picture is wrong, and no more than that`() {
        for turn in [1.0, 2, 3.14159] {
            let found = error(
                Pose(pan: turn, tilt: 0, roll: 0, translation: .zero), .identity)
            #expect(found.largest == 1920)
            #expect(found.corners.min() >= 0)
        }
    }
}
