import Geometry
import Glibc

/// How far the tracked body turned between poses, about which axes: what decides whether camera
/// and tracker can be brought together at all.
struct CameraMotion {
    /// Root mean square turns about the body's principal axes of motion, radians, falling.
    let turns: [Double]
    /// Extent of the positions, metres.
    let extent: Double

    init(_ poses: [Pose]) {
        let mean = HandEye.mean(poses) ?? .identity
        var spread = Dense(rows: 3, columns: 3)
        for pose in poses {
            let v = (mean.rotation.transposed * pose.rotation).rotationVector
            for r in 0..<3 {
                for c in 0..<3 { spread[r, c] += v[r] * v[c] / Double(max(1, poses.count)) }
            }
        }
        turns = (spread.symmetricEigen?.values ?? [0, 0, 0]).reversed().map {
            max($0, 0).squareRoot()
        }
        extent = poses.map { ($0.translation - mean.translation).length }.max() ?? 0
    }

    /// Turn about a second axis below which there is no answer, radians: a camera that pans only
    /// leaves its own height on the tracker open.
    static let refused = 1.5 * Double.pi / 180
    /// Turn about a second axis that is worth more, radians.
    static let wanted = 4 * Double.pi / 180

    /// Why the motion determines nothing.
    var refusal: CalibrationRefusal? {
        func degrees(_ x: Double) -> String { text(x * 180 / .pi) + "°" }
        if turns[0] < CameraMotion.refused {
            return CalibrationRefusal(
                "the camera hardly turned between poses (\(degrees(turns[0])))",
                advice: "pan by 30° and tilt by 15° between poses")
        }
        if turns[1] < CameraMotion.refused {
            return CalibrationRefusal(
                "the camera turned about one axis only (\(degrees(turns[0])) about it, "
                    + "\(degrees(turns[1])) about any other): its place on the tracker stays open",
                advice: "tilt or roll the head too, by 15° at least, or move it by hand")
        }
        return nil
    }
}
