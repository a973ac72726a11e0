import Glibc
public import Geometry

/// Where a panel's light goes: straight ahead, and what is right and up of it, as seen from the
/// stage.
public struct PanelFacing: BitwiseCopyable, Sendable {
    /// From the panel to the viewer, of length 1.
    public let normal: Vector3
    let right: Vector3
    let up: Vector3

    /// A panel that faces along a normal of length 1.
    ///
    /// One that looks straight up or down has no right of its own: then it is the stage's.
    /// - Frame path: yes
    public init(normal: Vector3) {
        self.normal = normal
        let level = Vector3(0, 0, 1).cross(normal)
        let length = level.length
        right = length > 0.1 ? level * (1 / length) : Vector3(1, 0, 0)
        up = normal.cross(right)
    }

    /// The facing of a facet's panels.
    /// - Frame path: yes
    public init(_ facet: Facet) {
        let into = facet.alongX.cross(facet.alongY)
        self.init(normal: into * (-1 / into.length))
    }

    /// Angles of a ray from the panel, across to the right and upwards, radians.
    /// - Frame path: yes
    public func angles(to ray: Vector3) -> SIMD2<Double> {
        let ahead = ray.dot(normal)
        return SIMD2(atan2(ray.dot(right), ahead), atan2(ray.dot(up), ahead))
    }
}
