public import Geometry
import Glibc

/// Where a camera stood, from one picture of known points.
public struct Resection: Sendable {
    /// Stage from camera.
    public let stageFromCamera: Pose
    /// Root mean square reprojection, pixels.
    public let rms: Double

    /// Finds the pose of a camera whose lens is about known.
    ///
    /// Started twice, as if the points lay in a plane and as if they did not; the better is
    /// refined. Nil with fewer than six points, or where they determine nothing.
    public init?(points: [Vector3], pixels: [Vector2], camera: CameraModel) {
        precondition(points.count == pixels.count, "points come in pairs")
        guard points.count >= 6 else { return nil }
        let rays = pixels.map { camera.ray($0) }
        var best: (pose: Pose, rms: Double)?
        for start in [Resection.planar(points, rays), Resection.spatial(points, rays)] {
            guard let start,
                let refined = Resection.refined(start, points, pixels, camera)
            else { continue }
            if refined.rms < best?.rms ?? .infinity { best = refined }
        }
        guard let best else { return nil }
        (stageFromCamera, rms) = best
    }

    /// Centre, axes (rows, the widest first) and widths of points.
    private static func frame(_ points: [Vector3]) -> (center: Vector3, axes: Matrix3, Double)? {
        let center = points.reduce(.zero, +) / Double(points.count)
        var spread = Dense(rows: 3, columns: 3)
        for point in points {
            let d = point - center
            for r in 0..<3 { for c in 0..<3 { spread[r, c] += d[r] * d[c] } }
        }
        guard let eigen = spread.symmetricEigen, eigen.values[1] > 1e-12 else { return nil }
        let v = Matrix3(eigen.vectors)
        let third = v.z.cross(v.y)
        let size = (eigen.values[2] / Double(points.count)).squareRoot()
        return (center, Matrix3(columns: v.z, v.y, third), size)
    }

    /// A homography from the points' own plane, taken apart (Zhang 2000, §3.1).
    private static func planar(_ points: [Vector3], _ rays: [Vector2]) -> Pose? {
        guard let (center, axes, size) = frame(points) else { return nil }
        let flat = points.map { axes.transposed * ($0 - center) / size }
        var a = Dense(rows: 2 * flat.count, columns: 9)
        for (i, (p, ray)) in zip(flat, rays).enumerated() {
            let row = [p.x, p.y, 1]
            for k in 0..<3 {
                a[2 * i, k] = row[k]
                a[2 * i, 6 + k] = -ray.x * row[k]
                a[2 * i + 1, 3 + k] = row[k]
                a[2 * i + 1, 6 + k] = -ray.y * row[k]
            }
        }
        guard let h = null(a) else { return nil }
        let sign = h[8] < 0 ? -1.0 : 1
        let (c1, c2) = (Vector3(h[0], h[3], h[6]) * sign, Vector3(h[1], h[4], h[7]) * sign)
        let scale = 2 / (c1.length + c2.length)
        let m = Matrix3(columns: c1 * scale, c2 * scale, (c1 * scale).cross(c2 * scale))
        guard let r = m.nearestRotation else { return nil }
        let t = Vector3(h[2], h[5], h[8]) * (sign * scale * size)
        let cameraFromPlane = Pose(rotation: r, translation: t)
        return (cameraFromPlane * Pose(rotation: axes, translation: center).inverse).inverse
    }

    /// Twelve numbers of a projection, taken apart (direct linear transform).
    private static func spatial(_ points: [Vector3], _ rays: [Vector2]) -> Pose? {
        guard let (center, axes, size) = frame(points) else { return nil }
        let local = points.map { axes.transposed * ($0 - center) / size }
        var a = Dense(rows: 2 * local.count, columns: 12)
        for (i, (p, ray)) in zip(local, rays).enumerated() {
            let row = [p.x, p.y, p.z, 1]
            for k in 0..<4 {
                a[2 * i, k] = row[k]
                a[2 * i, 8 + k] = -ray.x * row[k]
                a[2 * i + 1, 4 + k] = row[k]
                a[2 * i + 1, 8 + k] = -ray.y * row[k]
            }
        }
        guard var h = null(a) else { return nil }
        if h[11] < 0 { h = h.map { -$0 } }
        let m = Matrix3(
            columns: Vector3(h[0], h[4], h[8]), Vector3(h[1], h[5], h[9]),
            Vector3(h[2], h[6], h[10]))
        let scale = cbrt(abs(m.determinant))
        guard scale > 1e-9, let r = m.nearestRotation else { return nil }
        let t = Vector3(h[3], h[7], h[11]) * (size / scale)
        return
            (Pose(rotation: r, translation: t) * Pose(rotation: axes, translation: center).inverse)
            .inverse
    }

    /// The vector a matrix with more rows than columns takes nearest to 0.
    private static func null(_ a: Dense) -> [Double]? {
        guard let eigen = (a.transposed * a).symmetricEigen else { return nil }
        return (0..<a.columns).map { eigen.vectors[$0, 0] }
    }

    /// Least squares of reprojection, outliers counting less, by damped steps.
    private static func refined(
        _ start: Pose, _ points: [Vector3], _ pixels: [Vector2], _ camera: CameraModel
    ) -> (pose: Pose, rms: Double)? {
        let accuracy = GeometryCaptures.Accuracy()
        var problem = JointProblem(
            dots: points, groups: Array(repeating: 0, count: points.count), groupCount: 1,
            views: [
                JointProblem.View(tracker: start, seen: Array(points.indices), pixels: pixels)
            ], accuracy: accuracy, unknowns: [])
        problem.ignoresTracker = true
        let state = JointState(
            camera: camera, mount: .identity, stage: .identity, shifts: [.zero],
            corrections: [(.zero, .zero)])
        guard let solved = problem.solved(from: state, rounds: 40) else { return nil }
        let rms = problem.reprojection(solved, 0)
        guard rms.isFinite else { return nil }
        return (solved.stageFromCamera(start, 0), rms)
    }
}
