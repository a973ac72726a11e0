/// A rigid transform: rotation, then translation in metres.
///
/// Named target-from-source where used.
public struct Pose: BitwiseCopyable, Sendable, Equatable {
    /// Rotation; columns are the source's right, forward and up axes in the target.
    public var rotation: Matrix3
    /// The source's origin in the target, metres.
    public var translation: Vector3

    /// A pose of a rotation and a translation in metres.
    @inlinable
    public init(rotation: Matrix3, translation: Vector3) {
        self.rotation = rotation
        self.translation = translation
    }

    /// A pose of pan, tilt, roll in radians and a translation in metres.
    public init(pan: Double, tilt: Double, roll: Double, translation: Vector3) {
        self.init(rotation: Matrix3(pan: pan, tilt: tilt, roll: roll), translation: translation)
    }

    /// The pose that changes nothing.
    @inlinable public static var identity: Pose { Pose(rotation: .identity, translation: .zero) }

    /// Source-from-target.
    /// - Frame path: yes
    @inlinable public var inverse: Pose {
        let r = rotation.transposed
        return Pose(rotation: r, translation: -(r * translation))
    }

    /// Composition: `aFromB * bFromC` is `aFromC`.
    /// - Frame path: yes
    @inlinable
    public static func * (a: Pose, b: Pose) -> Pose {
        Pose(rotation: a.rotation * b.rotation, translation: a * b.translation)
    }

    /// A source point in the target.
    /// - Frame path: yes
    @inlinable
    public static func * (pose: Pose, point: Vector3) -> Vector3 {
        pose.rotation * point + pose.translation
    }
}
