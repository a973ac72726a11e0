import FrameModel
import Geometry
import Lanes

/// A dome seen through a patch: which cube face, and the constants of its kernels.
struct DomeView: BitwiseCopyable {
    let scene: UnsafePointer<PreparedScene>
    /// In the panorama's own axes.
    let rays: Rays
    /// Eye against the dome's centre; of no effect at infinity.
    let fromCenter: Vector3
    let radiusTerm: Double

    /// - Frame path: yes
    init(_ scene: UnsafePointer<PreparedScene>, _ rays: Rays) {
        self.scene = scene
        let isTurned = scene.pointee.dome.isTurned
        self.rays = isTurned ? rays.turned(by: scene.pointee.dome.domeFromScene) : rays
        let radius = scene.pointee.dome.radius
        let eye = rays.eye - scene.pointee.dome.center
        fromCenter = isTurned ? scene.pointee.dome.domeFromScene * eye : eye
        // 0 says "at infinity"; an eye on the dome itself is taken to be just inside it.
        let term = fromCenter.dot(fromCenter) - radius * radius
        radiusTerm = radius.isFinite ? (term == 0 ? -1e-9 * radius * radius : term) : 0
    }

    /// What the patch's corners see of the dome, in any direction.
    /// - Frame path: yes
    func footprints() -> Footprints {
        let right = Double(rays.width) - 0.5
        let low = Double(rays.height) - 0.5
        return Footprints(
            topLeft: footprint(-0.5, -0.5), topRight: footprint(right, -0.5),
            lowLeft: footprint(-0.5, low), lowRight: footprint(right, low))
    }

    /// A place on its face is half · a/|m|, m the direction's main component, which moves by
    /// half · (a′ − a/m·m′) / |m|.
    /// - Frame path: yes
    private func footprint(_ x: Double, _ y: Double) -> Footprint {
        let (d, alongX, alongY) = direction(x, y)
        let axis = mainAxis(d)
        let perMain = 1 / d[axis]
        let scale = 0.5 * Double(scene.pointee.dome.levels[0].width) * abs(perMain)
        let first = axis == 0 ? 1 : 0
        let second = axis == 2 ? 1 : 2
        let (u, v) = (d[first] * perMain, d[second] * perMain)
        return Footprint(
            across: scale
                * Vector2(alongX[first] - u * alongX[axis], alongX[second] - v * alongX[axis]),
            down: scale
                * Vector2(alongY[first] - u * alongY[axis], alongY[second] - v * alongY[axis]))
    }

    /// Direction from the dome's centre to where a pixel's ray meets the dome, of any length, and
    /// how it changes along x and along y.
    ///
    /// With q, a = d·d, b = d·q and c as in `cyc_dome_map` and r = √(b² − a·c) it is
    /// q·a + d·(r − b). A ray that misses the dome changes as if it touched it.
    /// - Frame path: yes
    private func direction(_ x: Double, _ y: Double) -> (Vector3, Vector3, Vector3) {
        let d = rays.direction(x, y)
        if radiusTerm == 0 { return (d, rays.alongX, rays.alongY) }
        let (a, b) = (d.dot(d), d.dot(fromCenter))
        let root = Swift.max(1e-30, b * b - a * radiusTerm).squareRoot()
        func change(_ along: Vector3) -> Vector3 {
            let (da, db) = (2 * d.dot(along), along.dot(fromCenter))
            let dRoot = (b * db - 0.5 * da * radiusTerm) / root
            return fromCenter * da + along * (root - b) + d * (dRoot - db)
        }
        return (fromCenter * a + d * (root - b), change(rays.alongX), change(rays.alongY))
    }

    /// Constants for any direction at a level.
    /// - Frame path: yes
    func map(level: Int) -> cyc_dome_map {
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
        out.level = scene.pointee.dome.levels[level]
        return out
    }

    /// The face all of the patch lies on, of a dome at infinity, else nil.
    ///
    /// A face's directions are a convex cone, so the corners decide.
    /// - Frame path: yes
    func face() -> PictureView? {
        guard radiusTerm == 0 else { return nil }
        let middle = rays.direction(rays.middle.x, rays.middle.y)
        let axis = mainAxis(middle)
        let isNegative = middle[axis] < 0
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
        return PictureView(
            s: 0.5 * (across + w), t: 0.5 * (down + w), w: w, at: rays.middle,
            face: 2 &* axis &+ (isNegative ? 1 : 0))
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
    case gatheredFace(PictureView, DetailPlan)
    /// At infinity across faces: most strips of the patch lie on one.
    case strips
    /// Any direction.
    case faces(cyc_dome_map)
    case gatheredFaces(DomeView, DetailPlan)

    /// - Frame path: yes
    init(_ scene: UnsafePointer<PreparedScene>, _ rays: Rays, _ filtering: Filtering) {
        let count = scene.pointee.dome.levelCount
        guard count > 0 else {
            self = .none
            return
        }
        let filter = filtering.layer(defocus: scene.pointee.dome.defocus)
        let view = DomeView(scene, rays)
        if let face = view.face() {
            let plan = DetailPlan(
                face.footprints(finest: scene.pointee.dome.levels[0], view.rays), width: rays.width,
                height: rays.height, levelCount: count, filter)
            if plan.isPlain {
                self = .face(face.map(scene.pointee.dome.levels[plan.first], view.rays))
            } else {
                self = .gatheredFace(face, plan)
            }
        } else if view.radiusTerm == 0 && rays.width > RenderLimits.stripWidth {
            self = .strips
        } else {
            let plan = DetailPlan(
                view.footprints(), width: rays.width, height: rays.height, levelCount: count,
                filter)
            self =
                plan.isPlain ? .faces(view.map(level: plan.first)) : .gatheredFaces(view, plan)
        }
    }
}

/// The axis a direction leaves a cube through (ties as the kernel has them).
/// - Frame path: yes
func mainAxis(_ d: Vector3) -> Int {
    let (x, y, z) = (abs(d.x), abs(d.y), abs(d.z))
    return x >= y && x >= z ? 0 : z > y ? 2 : 1
}
