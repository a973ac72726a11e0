/// A rotation, a uniform scale and a translation: how the virtual set stands on the stage.
public struct Similarity: BitwiseCopyable, Sendable, Equatable {
    /// Rotation, applied with the scale before the translation.
    public var rotation: Matrix3
    /// Uniform scale, > 0.
    public var scale: Double
    /// Translation in target metres.
    public var translation: Vector3

    /// A similarity: `p ↦ rotation · (scale · p) + translation`.
    @inlinable
    public init(rotation: Matrix3, scale: Double, translation: Vector3) {
        self.rotation = rotation
        self.scale = scale
        self.translation = translation
    }

    /// The similarity that changes nothing.
    @inlinable public static var identity: Similarity {
        Similarity(rotation: .identity, scale: 1, translation: .zero)
    }

    /// A source point in the target.
    /// - Frame path: yes
    @inlinable
    public static func * (s: Similarity, point: Vector3) -> Vector3 {
        s.rotation * (point * s.scale) + s.translation
    }

    /// Composition: `aFromB * bFromC` is `aFromC`.
    /// - Frame path: yes
    @inlinable
    public static func * (a: Similarity, b: Similarity) -> Similarity {
        Similarity(
            rotation: a.rotation * b.rotation, scale: a.scale * b.scale,
            translation: a * b.translation)
    }

    /// Source-from-target.
    /// - Frame path: yes
    @inlinable public var inverse: Similarity {
        let r = rotation.transposed
        return Similarity(rotation: r, scale: 1 / scale, translation: -(r * translation) / scale)
    }
}
