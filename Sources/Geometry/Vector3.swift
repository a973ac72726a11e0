extension SIMD3 where Scalar == Double {
    /// Scalar product.
    /// - Frame path: yes
    @inlinable
    public func dot(_ other: Self) -> Double { x * other.x + y * other.y + z * other.z }

    /// Vector product, right-handed.
    /// - Frame path: yes
    @inlinable
    public func cross(_ other: Self) -> Self {
        Self(
            y * other.z - z * other.y,
            z * other.x - x * other.z,
            x * other.y - y * other.x)
    }

    /// Euclidean length.
    /// - Frame path: yes
    @inlinable public var length: Double { dot(self).squareRoot() }

    /// Same direction, length one.
    ///
    /// The zero vector stays zero.
    /// - Frame path: yes
    @inlinable public var normalized: Self {
        let l = length
        return l > 0 ? self / l : self
    }

    /// No component is infinite or NaN.
    /// - Frame path: yes
    @inlinable public var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }
}
