public import Geometry
import Glibc

extension Matrix3 {
    /// The rotation by |v| radians about v (Rodrigues).
    public init(rotationVector v: Vector3) {
        let angle = v.length
        // sin x / x and (1 − cos x) / x², by their series near 0.
        let (a, b) =
            angle > 1e-4
            ? (sin(angle) / angle, (1 - cos(angle)) / (angle * angle))
            : (1 - angle * angle / 6, 0.5 - angle * angle / 24)
        let axes = [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)]
        let columns = axes.map { axis in
            axis + a * v.cross(axis) + b * v.cross(v.cross(axis))
        }
        self.init(columns: columns[0], columns[1], columns[2])
    }

    /// Axis times angle, 0 … π: what `init(rotationVector:)` turns into this rotation.
    public var rotationVector: Vector3 {
        let q = quaternion
        let length = q.vector.length
        guard length > 1e-12 else { return 2 * q.vector }
        return q.vector * (2 * atan2(length, q.scalar) / length)
    }

    /// The unit quaternion of this rotation, its scalar ≥ 0 (Shepperd's method).
    var quaternion: (scalar: Double, vector: Vector3) {
        let trace = x.x + y.y + z.z
        let sizes = [trace, x.x, y.y, z.z]
        let largest = sizes.indices.max { sizes[$0] < sizes[$1] } ?? 0
        var (w, v) = (0.0, Vector3.zero)
        switch largest {
        case 0:
            w = 1 + trace
            v = Vector3(y.z - z.y, z.x - x.z, x.y - y.x)
        case 1:
            w = y.z - z.y
            v = Vector3(1 + 2 * x.x - trace, y.x + x.y, z.x + x.z)
        case 2:
            w = z.x - x.z
            v = Vector3(y.x + x.y, 1 + 2 * y.y - trace, z.y + y.z)
        default:
            w = x.y - y.x
            v = Vector3(z.x + x.z, z.y + y.z, 1 + 2 * z.z - trace)
        }
        let scale = (w < 0 ? -1.0 : 1) / (w * w + v.dot(v)).squareRoot()
        return (w * scale, v * scale)
    }

    /// The rotation nearest to this matrix (by singular values); nil where it has none.
    var nearestRotation: Matrix3? {
        guard let s = Dense(self).singularValues else { return nil }
        var left = s.left
        // Of the vectors, not of the matrix: that of a matrix of rank 2 is 0 but for rounding.
        if Matrix3(left * s.rightTransposed).determinant < 0 {
            for r in 0..<3 { left[r, 2] = -left[r, 2] }
        }
        return Matrix3(left * s.rightTransposed)
    }

    /// A 3 × 3 matrix.
    init(_ m: Dense) {
        self.init(
            columns: Vector3(m[0, 0], m[1, 0], m[2, 0]), Vector3(m[0, 1], m[1, 1], m[2, 1]),
            Vector3(m[0, 2], m[1, 2], m[2, 2]))
    }

    /// The matrix of v × ….
    init(cross v: Vector3) {
        self.init(
            columns: Vector3(0, v.z, -v.y), Vector3(-v.z, 0, v.x), Vector3(v.y, -v.x, 0))
    }
}

extension Dense {
    /// A 3 × 3 matrix.
    init(_ m: Matrix3) {
        self.init(rows: 3, columns: 3)
        elements = [m.x.x, m.x.y, m.x.z, m.y.x, m.y.y, m.y.z, m.z.x, m.z.y, m.z.z]
    }
}
