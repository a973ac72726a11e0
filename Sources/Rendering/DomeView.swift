import FrameModel
import Geometry
import Lanes

/// A dome seen through a patch: which cube face and mip level, and the constants of its kernels.
struct DomeView: BitwiseCopyable {
    let scene: UnsafePointer<PreparedScene>
    let rays: Rays
    /// Eye against the dome's centre; of no effect at infinity.
    let fromCenter: Vector3
    let radiusTerm: Double
    let level: cyc_level
    /// Main axis and sign of the direction through the patch's middle.
    let axis: Int
    let isNegative: Bool

    /// - Frame path: yes
    init(_ scene: UnsafePointer<PreparedScene>, _ rays: Rays) {
        self.scene = scene
        self.rays = rays
        let radius = scene.pointee.dome.radius
        fromCenter = rays.eye - scene.pointee.dome.center
        // 0 says "at infinity"; an eye on the dome itself is taken to be just inside it.
        let term = fromCenter.dot(fromCenter) - radius * radius
        radiusTerm = radius.isFinite ? (term == 0 ? -1e-9 * radius * radius : term) : 0
        let middle = rays.middle
        let d = DomeView.direction(rays, fromCenter, radiusTerm, middle.x, middle.y)
        axis = mainAxis(d)
        isNegative = d[axis] < 0
        let here = DomeView.place(d, axis)
        let right = DomeView.place(
            DomeView.direction(rays, fromCenter, radiusTerm, middle.x + 1, middle.y), axis)
        let below = DomeView.place(
            DomeView.direction(rays, fromCenter, radiusTerm, middle.x, middle.y + 1), axis)
        let half = Double(scene.pointee.dome.levels[0].width) * 0.5
        let across = right - here
        let down = below - here
        let step =
            half
            * Swift.max(
                (across.x * across.x + across.y * across.y).squareRoot(),
                (down.x * down.x + down.y * down.y).squareRoot())
        level =
            scene.pointee.dome.levels[
                mipLevel(step: step, count: scene.pointee.dome.levelCount)]
    }

    /// Direction from the dome's centre to where a pixel's ray meets the dome.
    /// - Frame path: yes
    private static func direction(
        _ rays: Rays, _ q: Vector3, _ radiusTerm: Double, _ x: Double, _ y: Double
    ) -> Vector3 {
        let d = rays.direction(x, y)
        if radiusTerm == 0 { return d }
        let a = d.dot(d)
        let b = d.dot(q)
        return q * a + d * (Swift.max(0, b * b - a * radiusTerm).squareRoot() - b)
    }

    /// Place on the face of an axis, −1 … 1.
    /// - Frame path: yes
    private static func place(_ d: Vector3, _ axis: Int) -> Vector2 {
        Vector2(axis == 0 ? d.y : d.x, axis == 2 ? d.y : d.z) / abs(d[axis])
    }

    /// Constants for any direction.
    /// - Frame path: yes
    func map() -> cyc_dome_map {
        // Directions may be scaled at will; about 1 keeps their squares well inside a float.
        let middle = rays.middle
        let scale = 1 / Swift.max(1e-30, rays.direction(middle.x, middle.y).length)
        let distance = scene.pointee.dome.radius.isFinite ? scene.pointee.dome.radius : 1
        let q = fromCenter / distance
        var out = cyc_dome_map()
        out.x = cyc_linear(rays.at.x * scale, rays.alongX.x * scale, rays.alongY.x * scale)
        out.y = cyc_linear(rays.at.y * scale, rays.alongX.y * scale, rays.alongY.y * scale)
        out.z = cyc_linear(rays.at.z * scale, rays.alongX.z * scale, rays.alongY.z * scale)
        out.q = (Float(q.x), Float(q.y), Float(q.z))
        out.radius_term = Float(radiusTerm / (distance * distance))
        out.level = level
        return out
    }

    /// Constants when all of the patch lies on one face of a dome at infinity, else nil.
    ///
    /// A face's directions are a convex cone, so the corners decide.
    /// - Frame path: yes
    func planeMap() -> cyc_plane_map? {
        guard radiusTerm == 0 else { return nil }
        let right = Double(rays.width &- 1)
        let low = Double(rays.height &- 1)
        for corner in 0..<4 {
            let d = rays.direction(corner & 1 == 0 ? 0 : right, corner & 2 == 0 ? 0 : low)
            if mainAxis(d) != axis || (d[axis] < 0) != isNegative { return nil }
        }
        let sign: Double = isNegative ? -1 : 1
        let w = sign * component(axis)
        let across = component(axis == 0 ? 1 : 0)
        let down = component(axis == 2 ? 1 : 2)
        let half = Double(level.width) * 0.5
        let face = 2 &* axis &+ (isNegative ? 1 : 0)
        return planeConstants(
            u: half * across + (half - 0.5) * w, v: half * down + (half - 0.5) * w, w: w,
            at: rays.middle, rays: rays, level: level, face: face)
    }

    /// One component of the direction.
    /// - Frame path: yes
    private func component(_ axis: Int) -> Linear {
        Linear(at: rays.at[axis], alongX: rays.alongX[axis], alongY: rays.alongY[axis])
    }
}

/// How a dome is drawn in a patch.
enum DomeMap: BitwiseCopyable {
    /// No dome, or none that is seen.
    case none
    /// All of the patch on one face, at infinity.
    case face(cyc_plane_map)
    /// At infinity across faces: most strips of the patch lie on one.
    case strips
    /// Any direction.
    case faces(cyc_dome_map)

    /// - Frame path: yes
    init(_ scene: UnsafePointer<PreparedScene>, _ rays: Rays) {
        guard scene.pointee.dome.levelCount > 0 else {
            self = .none
            return
        }
        let view = DomeView(scene, rays)
        if let map = view.planeMap() {
            self = .face(map)
        } else if view.radiusTerm == 0 && rays.width > RenderLimits.stripWidth {
            self = .strips
        } else {
            self = .faces(view.map())
        }
    }
}

/// The axis a direction leaves a cube through (ties as the kernel has them).
/// - Frame path: yes
func mainAxis(_ d: Vector3) -> Int {
    let (x, y, z) = (abs(d.x), abs(d.y), abs(d.z))
    return x >= y && x >= z ? 0 : z > y ? 2 : 1
}
