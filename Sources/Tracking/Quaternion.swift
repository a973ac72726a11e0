import Geometry
import Glibc

/// A unit quaternion: the form in which rotations are stored, averaged and predicted.
///
/// Straight lines in the space of rotation vectors are turns of constant angular velocity: no
/// angle wraps and no tilt is special. Not public: everybody else speaks `Matrix3`.
struct Quaternion: BitwiseCopyable, Sendable, Equatable {
    var scalar: Double
    var vector: Vector3

    static var identity: Quaternion { Quaternion(scalar: 1, vector: .zero) }

    init(scalar: Double, vector: Vector3) {
        self.scalar = scalar
        self.vector = vector
    }

    /// Rz(pan)·Rx(tilt)·Ry(roll), radians, as `Matrix3.init(pan:tilt:roll:)`.
    init(pan: Double, tilt: Double, roll: Double) {
        let z = Quaternion(scalar: cos(pan / 2), vector: Vector3(0, 0, sin(pan / 2)))
        let x = Quaternion(scalar: cos(tilt / 2), vector: Vector3(sin(tilt / 2), 0, 0))
        let y = Quaternion(scalar: cos(roll / 2), vector: Vector3(0, sin(roll / 2), 0))
        self = z * x * y
    }

    /// The rotation of an orthonormal matrix: the largest of the four components is found first, so
    /// that nothing is divided by almost nothing (Shepperd 1978).
    init(_ m: Matrix3) {
        let trace = m.x.x + m.y.y + m.z.z
        if trace > max(max(m.x.x, m.y.y), m.z.z) {
            let w = (1 + trace).squareRoot()
            let v = Vector3(m.y.z - m.z.y, m.z.x - m.x.z, m.x.y - m.y.x)
            self.init(scalar: w / 2, vector: v / (2 * w))
        } else if m.x.x >= m.y.y, m.x.x >= m.z.z {
            let x = (1 + m.x.x - m.y.y - m.z.z).squareRoot()
            let v = Vector3(x * x, m.x.y + m.y.x, m.x.z + m.z.x)
            self.init(scalar: (m.y.z - m.z.y) / (2 * x), vector: v / (2 * x))
        } else if m.y.y >= m.z.z {
            let y = (1 + m.y.y - m.x.x - m.z.z).squareRoot()
            let v = Vector3(m.x.y + m.y.x, y * y, m.y.z + m.z.y)
            self.init(scalar: (m.z.x - m.x.z) / (2 * y), vector: v / (2 * y))
        } else {
            let z = (1 + m.z.z - m.x.x - m.y.y).squareRoot()
            let v = Vector3(m.x.z + m.z.x, m.y.z + m.z.y, z * z)
            self.init(scalar: (m.x.y - m.y.x) / (2 * z), vector: v / (2 * z))
        }
    }

    /// The turn about a vector by its length in radians.
    init(rotationVector v: Vector3) {
        let angle = v.length
        // Below a nanoradian the half-angle sine is half the angle to the last bit.
        let factor = angle < 1e-9 ? 0.5 : sin(angle / 2) / angle
        self.init(scalar: cos(angle / 2), vector: v * factor)
    }

    /// The shortest turn's axis times its angle in radians, 0 … π.
    var rotationVector: Vector3 {
        let length = vector.length
        if length < 1e-12 { return vector * (scalar < 0 ? -2 : 2) }
        let angle = 2 * atan2(length, abs(scalar))
        return vector * ((scalar < 0 ? -angle : angle) / length)
    }

    var conjugate: Quaternion { Quaternion(scalar: scalar, vector: -vector) }

    var normalized: Quaternion {
        let size = (scalar * scalar + vector.dot(vector)).squareRoot()
        return Quaternion(scalar: scalar / size, vector: vector / size)
    }

    var matrix: Matrix3 {
        let (w, x, y, z) = (scalar, vector.x, vector.y, vector.z)
        return Matrix3(
            columns: Vector3(1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)),
            Vector3(2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)),
            Vector3(2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)))
    }

    static func * (a: Quaternion, b: Quaternion) -> Quaternion {
        Quaternion(
            scalar: a.scalar * b.scalar - a.vector.dot(b.vector),
            vector: b.vector * a.scalar + a.vector * b.scalar + a.vector.cross(b.vector))
    }

    /// The turn `fraction` of the way from this rotation to another, at constant speed.
    func interpolated(to other: Quaternion, by fraction: Double) -> Quaternion {
        let turn = (other * conjugate).rotationVector
        return (Quaternion(rotationVector: turn * fraction) * self).normalized
    }
}
