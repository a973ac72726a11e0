public import Geometry
import Glibc

/// Camera on tracker and tracker on stage from poses of both, without iteration: the start of the
/// joint solve.
///
/// Solves stage_from_camera = Z · tracker_from_body · X for X = body_from_camera and
/// Z = stage_from_tracker.
public struct HandEye: Sendable {
    /// A way to solve it.
    public enum Method: String, Sendable, CaseIterable {
        /// Park and Martin 1994: rotation by least squares of the logarithms, then translation.
        case park
        /// Daniilidis 1999: dual quaternions, both at once.
        case daniilidis
        /// Shah 2013: Kronecker product, rotation then translation, X and Z at once.
        case shah
        /// Li, Wang and Wu 2010: Kronecker product, all at once.
        case li
    }

    /// Body from camera.
    public let bodyFromCamera: Pose
    /// Stage from tracker.
    public let stageFromTracker: Pose

    /// Solves by one method; nil where the motion does not determine it.
    public init?(
        _ method: Method, trackerFromBody: [Pose], stageFromCamera: [Pose]
    ) {
        precondition(trackerFromBody.count == stageFromCamera.count, "poses come in pairs")
        guard trackerFromBody.count >= 3 else { return nil }
        switch method {
        case .park, .daniilidis:
            let motions = HandEye.motions(trackerFromBody, stageFromCamera)
            guard
                let x = method == .park
                    ? HandEye.park(motions) : HandEye.daniilidis(motions)
            else { return nil }
            bodyFromCamera = x
            guard
                let z = HandEye.mean(
                    zip(stageFromCamera, trackerFromBody).map { $0 * x.inverse * $1.inverse })
            else { return nil }
            stageFromTracker = z
        case .shah, .li:
            guard
                let (x, z) = HandEye.kronecker(
                    trackerFromBody, stageFromCamera, atOnce: method == .li)
            else { return nil }
            (bodyFromCamera, stageFromTracker) = (x, z)
        }
    }

    /// A motion of body and camera between two poses.
    typealias Motion = (body: Pose, camera: Pose)

    /// Motions between all pairs of poses.
    static func motions(_ bodies: [Pose], _ cameras: [Pose]) -> [Motion] {
        var list: [Motion] = []
        for i in bodies.indices {
            for j in bodies.indices where j > i {
                list.append((bodies[j].inverse * bodies[i], cameras[j].inverse * cameras[i]))
            }
        }
        return list
    }

    private static func park(_ motions: [Motion]) -> Pose? {
        var m = Dense(rows: 3, columns: 3)
        for motion in motions {
            let (b, a) = (
                motion.body.rotation.rotationVector, motion.camera.rotation.rotationVector
            )
            // Σ body · cameraᵀ; its rotation part brings camera axes to body axes.
            for r in 0..<3 { for c in 0..<3 { m[r, c] += b[r] * a[c] } }
        }
        guard let s = m.singularValues, s.values[1] > 1e-9 * s.values[0],
            let rotation = Matrix3(m).nearestRotation
        else { return nil }
        return translation(motions, rotation)
    }

    /// (R_body − I) t = R_X t_camera − t_body for all motions.
    private static func translation(_ motions: [Motion], _ rotation: Matrix3) -> Pose? {
        var system = Dense(rows: 3 * motions.count, columns: 3)
        var right = [Double](repeating: 0, count: 3 * motions.count)
        for (i, motion) in motions.enumerated() {
            let m = Dense(motion.body.rotation)
            let side = rotation * motion.camera.translation - motion.body.translation
            for r in 0..<3 {
                for c in 0..<3 { system[3 * i + r, c] = m[r, c] - (r == c ? 1 : 0) }
                right[3 * i + r] = side[r]
            }
        }
        guard let fit = system.leastSquares(right), fit.rank == 3 else { return nil }
        return Pose(
            rotation: rotation,
            translation: Vector3(fit.solution[0], fit.solution[1], fit.solution[2]))
    }

    /// Daniilidis 1999, equations 31–35: a null space of two dimensions and its dual quaternion.
    private static func daniilidis(_ motions: [Motion]) -> Pose? {
        var t = Dense(rows: 6 * motions.count, columns: 8)
        for (i, motion) in motions.enumerated() {
            let (a, a1) = dual(motion.body)
            let (b, b1) = dual(motion.camera)
            fill(&t, row: 6 * i, column: 0, a - b, a + b)
            fill(&t, row: 6 * i + 3, column: 0, a1 - b1, a1 + b1)
            fill(&t, row: 6 * i + 3, column: 4, a - b, a + b)
        }
        guard let s = t.singularValues, s.values[5] > 1e-9 * s.values[0] else { return nil }
        let (u, v) = (
            (0..<8).map { s.rightTransposed[6, $0] },
            (0..<8).map { s.rightTransposed[7, $0] }
        )
        func product(_ p: [Double], _ q: [Double], _ i: Int, _ j: Int) -> Double {
            (0..<4).reduce(0) { $0 + p[i + $1] * q[j + $1] }
        }
        // λ² uᵀu′ + λ (uᵀv′ + vᵀu′) + vᵀv′ = 0.
        let (c2, c0) = (product(u, u, 0, 4), product(v, v, 0, 4))
        let c1 = product(u, v, 0, 4) + product(v, u, 0, 4)
        let root = max(c1 * c1 - 4 * c2 * c0, 0).squareRoot()
        // Where u is the answer itself, λ is infinite: then v adds nothing.
        let ratios = abs(c2) > 1e-14 ? [(-c1 + root) / (2 * c2), (-c1 - root) / (2 * c2)] : [0]
        let size = { (l: Double) in
            l * l * product(u, u, 0, 0) + 2 * l * product(u, v, 0, 0) + product(v, v, 0, 0)
        }
        guard let l = ratios.max(by: { size($0) < size($1) }), size(l) > 1e-14 else { return nil }
        let k = 1 / size(l).squareRoot()
        let q = (0..<8).map { k * (l * u[$0] + v[$0]) }
        let (w, n) = (q[0], Vector3(q[1], q[2], q[3]))
        let (w1, n1) = (q[4], Vector3(q[5], q[6], q[7]))
        // t = 2 · q′ · q*.
        let translation = 2 * (w * n1 - w1 * n - n1.cross(n))
        return Pose(rotation: rotation(w, n), translation: translation)
    }

    private static func fill(
        _ t: inout Dense, row: Int, column: Int, _ difference: Vector3, _ sum: Vector3
    ) {
        let cross = Dense(Matrix3(cross: sum))
        for r in 0..<3 {
            t[row + r, column] = difference[r]
            for c in 0..<3 { t[row + r, column + 1 + c] = cross[r, c] }
        }
    }

    /// Vector parts of a pose's dual quaternion.
    private static func dual(_ pose: Pose) -> (Vector3, Vector3) {
        let (w, v) = pose.rotation.quaternion
        return (v, 0.5 * (w * pose.translation + pose.translation.cross(v)))
    }

    private static func rotation(_ w: Double, _ v: Vector3) -> Matrix3 {
        let length = v.length
        guard length > 0 else { return .identity }
        return Matrix3(rotationVector: v * (2 * atan2(length, w) / length))
    }

    /// The pose between poses that agree but for noise.
    static func mean(_ poses: [Pose]) -> Pose? {
        var sum = Matrix3(columns: .zero, .zero, .zero)
        var translation = Vector3.zero
        for pose in poses {
            sum = Matrix3(
                columns: sum.x + pose.rotation.x, sum.y + pose.rotation.y, sum.z + pose.rotation.z)
            translation += pose.translation
        }
        guard let rotation = sum.nearestRotation else { return nil }
        return Pose(rotation: rotation, translation: translation / Double(poses.count))
    }
}
