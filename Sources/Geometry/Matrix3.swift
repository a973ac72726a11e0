import Glibc

/// A 3×3 matrix in doubles, stored by columns; for rotations the columns are right, forward, up.
public struct Matrix3: BitwiseCopyable, Sendable, Equatable {
    /// First column: where the X axis goes.
    public var x: Vector3
    /// Second column: where the Y axis goes.
    public var y: Vector3
    /// Third column: where the Z axis goes.
    public var z: Vector3

    /// A matrix of three columns.
    @inlinable
    public init(columns x: Vector3, _ y: Vector3, _ z: Vector3) {
        self.x = x
        self.y = y
        self.z = z
    }

    /// The matrix that changes nothing.
    @inlinable public static var identity: Matrix3 {
        Matrix3(columns: Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1))
    }

    /// Rz(pan)·Rx(tilt)·Ry(roll), radians: pan + to the left, tilt + up, roll + clockwise seen
    /// from behind (OpenTrackIO 1.0.1, transforms).
    public init(pan: Double, tilt: Double, roll: Double) {
        let (sp, cp) = (sin(pan), cos(pan))
        let (st, ct) = (sin(tilt), cos(tilt))
        let (sr, cr) = (sin(roll), cos(roll))
        self.init(
            columns: Vector3(cp * cr - sp * st * sr, sp * cr + cp * st * sr, -ct * sr),
            Vector3(-sp * ct, cp * ct, st),
            Vector3(cp * sr + sp * st * cr, sp * sr - cp * st * cr, ct * cr))
    }

    /// Pan, tilt and roll in radians that `init(pan:tilt:roll:)` turns into this rotation;
    /// tilt in −π/2 … π/2.
    public var panTiltRoll: (pan: Double, tilt: Double, roll: Double) {
        let tilt = asin(Swift.max(-1, Swift.min(1, y.z)))
        if abs(y.z) > 1 - 1e-12 { return (atan2(x.y, x.x), tilt, 0) }
        return (atan2(-y.x, y.y), tilt, atan2(-x.z, z.z))
    }

    /// Rows become columns; for a rotation, its inverse.
    @inlinable public var transposed: Matrix3 {
        Matrix3(
            columns: Vector3(x.x, y.x, z.x), Vector3(x.y, y.y, z.y), Vector3(x.z, y.z, z.z))
    }

    /// The matrix applied to a vector.
    /// - Frame path: yes
    @inlinable
    public static func * (m: Matrix3, v: Vector3) -> Vector3 { m.x * v.x + m.y * v.y + m.z * v.z }

    /// Composition: the right one is applied first.
    /// - Frame path: yes
    @inlinable
    public static func * (a: Matrix3, b: Matrix3) -> Matrix3 {
        Matrix3(columns: a * b.x, a * b.y, a * b.z)
    }
}
