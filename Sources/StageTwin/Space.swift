import Foundation
public import Geometry

/// Scalar product.
func inner(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
    a.x * b.x + a.y * b.y + a.z * b.z
}

/// Vector product, right-handed.
func outer(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

/// Euclidean length.
func norm(_ a: SIMD3<Double>) -> Double { inner(a, a).squareRoot() }

/// Same direction, length one.
func unit(_ a: SIMD3<Double>) -> SIMD3<Double> { a / norm(a) }

/// Where a rigid thing stands: its origin and its three axes, told in an outer space, metres.
public struct Placement: Sendable {
    /// Where its X axis points.
    public var right: SIMD3<Double>
    /// Where its Y axis points.
    public var forward: SIMD3<Double>
    /// Where its Z axis points.
    public var up: SIMD3<Double>
    /// Where it stands.
    public var origin: SIMD3<Double>

    /// A placement of three orthonormal axes and an origin.
    public init(
        right: SIMD3<Double>, forward: SIMD3<Double>, up: SIMD3<Double>, origin: SIMD3<Double>
    ) {
        self.right = right
        self.forward = forward
        self.up = up
        self.origin = origin
    }

    /// The stored columns of a pose.
    public init(_ pose: Pose) {
        right = pose.rotation.x
        forward = pose.rotation.y
        up = pose.rotation.z
        origin = pose.translation
    }

    /// Axes turned by roll about forward, then tilt about right, then pan about up, radians.
    ///
    /// Pan + to the left, tilt + up, roll + clockwise seen from behind (OpenTrackIO 1.0.1). Each
    /// turn is carried out by itself, one plane at a time.
    public init(pan: Double, tilt: Double, roll: Double, origin: SIMD3<Double>) {
        func turned(_ v: SIMD3<Double>) -> SIMD3<Double> {
            // Roll: Z turns towards X.
            let rolled = SIMD3(
                v.x * cos(roll) + v.z * sin(roll), v.y, v.z * cos(roll) - v.x * sin(roll))
            // Tilt: Y turns towards Z.
            let tilted = SIMD3(
                rolled.x, rolled.y * cos(tilt) - rolled.z * sin(tilt),
                rolled.z * cos(tilt) + rolled.y * sin(tilt))
            // Pan: X turns towards Y.
            return SIMD3(
                tilted.x * cos(pan) - tilted.y * sin(pan),
                tilted.y * cos(pan) + tilted.x * sin(pan), tilted.z)
        }
        right = turned(SIMD3(1, 0, 0))
        forward = turned(SIMD3(0, 1, 0))
        up = turned(SIMD3(0, 0, 1))
        self.origin = origin
    }

    /// Pan, tilt and roll in radians of these axes.
    public var angles: (pan: Double, tilt: Double, roll: Double) {
        let tilt = asin(min(1, max(-1, forward.z)))
        return (atan2(-forward.x, forward.y), tilt, atan2(-right.z, up.z))
    }

    /// An inner direction, told in the outer space.
    public func outward(_ direction: SIMD3<Double>) -> SIMD3<Double> {
        right * direction.x + forward * direction.y + up * direction.z
    }

    /// An outer direction, told along these axes.
    public func inward(_ direction: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(inner(right, direction), inner(forward, direction), inner(up, direction))
    }

    /// An inner point, told in the outer space.
    public func point(_ inside: SIMD3<Double>) -> SIMD3<Double> { origin + outward(inside) }

    /// An outer point, told along these axes.
    public func local(_ outside: SIMD3<Double>) -> SIMD3<Double> { inward(outside - origin) }

    /// Where something stands in the outer space that stands so in this one.
    public func carrying(_ inside: Placement) -> Placement {
        Placement(
            right: outward(inside.right), forward: outward(inside.forward),
            up: outward(inside.up), origin: point(inside.origin))
    }

    /// Where something stands in this space that stands so in the outer one.
    public func seeing(_ outside: Placement) -> Placement {
        Placement(
            right: inward(outside.right), forward: inward(outside.forward),
            up: inward(outside.up), origin: local(outside.origin))
    }
}
