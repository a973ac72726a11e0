import FrameModel
import Geometry
import Lanes
import StageModel

/// A piece of a facet on the stage: point of pixel (x, y) = origin + x·alongX + y·alongY, (0, 0)
/// being the centre of the piece's first pixel.
struct Patch: BitwiseCopyable {
    let origin: Vector3
    let alongX: Vector3
    let alongY: Vector3
    let width: Int
    let height: Int

    /// - Frame path: yes
    init(_ facet: Facet, _ piece: CanvasRect) {
        origin =
            facet.origin + Double(piece.x &- facet.canvas.x) * facet.alongX
            + Double(piece.y &- facet.canvas.y) * facet.alongY
        alongX = facet.alongX
        alongY = facet.alongY
        width = piece.width
        height = piece.height
    }

    /// - Frame path: yes
    init(
        origin: Vector3, alongX: Vector3, alongY: Vector3, width: Int, height: Int
    ) {
        self.origin = origin
        self.alongX = alongX
        self.alongY = alongY
        self.width = width
        self.height = height
    }

    /// The stage point of a place, pixels.
    /// - Frame path: yes
    func point(_ x: Double, _ y: Double) -> Vector3 { origin + x * alongX + y * alongY }

    /// A camera's outline in the patch's pixels, for the kernel.
    /// - Frame path: yes
    func outline(_ view: UnsafePointer<ViewPlan>) -> cyc_outline {
        let pupilFromStage = view.pointee.stageFromPupil.transposed
        let at = pupilFromStage * (origin - view.pointee.eye)
        let x = pupilFromStage * alongX
        let y = pupilFromStage * alongY
        var out = cyc_outline()
        out.right = cyc_linear(at.x, x.x, y.x)
        out.forward = cyc_linear(at.y, x.y, y.y)
        out.down = cyc_linear(-at.z, -x.z, -y.z)
        out.edge_left = floats(view.pointee.outline.left)
        out.edge_right = floats(view.pointee.outline.right)
        out.edge_top = floats(view.pointee.outline.top)
        out.edge_bottom = floats(view.pointee.outline.bottom)
        out.a_min = Float(view.pointee.outline.aRange.x)
        out.a_max = Float(view.pointee.outline.aRange.y)
        out.b_min = Float(view.pointee.outline.bRange.x)
        out.b_max = Float(view.pointee.outline.bRange.y)
        out.per_soft_edge = Float(1 / view.pointee.outline.softEdge)
        return out
    }

    /// - Frame path: yes
    private func floats(_ c: InlineArray<5, Double>) -> (Float, Float, Float, Float, Float) {
        (Float(c[0]), Float(c[1]), Float(c[2]), Float(c[3]), Float(c[4]))
    }
}

/// The rays of one view through a patch, in scene space: from `eye` along
/// direction(x, y) = at + x·alongX + y·alongY, which ends on the wall.
struct Rays: BitwiseCopyable {
    let eye: Vector3
    let at: Vector3
    let alongX: Vector3
    let alongY: Vector3
    let width: Int
    let height: Int

    /// - Frame path: yes
    init(_ patch: Patch, eye: Vector3, _ sceneFromStage: Similarity) {
        self.eye = sceneFromStage * eye
        at = sceneFromStage.rotation * ((patch.origin - eye) * sceneFromStage.scale)
        alongX = sceneFromStage.rotation * (patch.alongX * sceneFromStage.scale)
        alongY = sceneFromStage.rotation * (patch.alongY * sceneFromStage.scale)
        width = patch.width
        height = patch.height
    }

    /// The rays of some columns of the patch.
    /// - Frame path: yes
    func columns(from first: Int, to end: Int) -> Rays {
        Rays(
            eye: eye, at: at + Double(first) * alongX, alongX: alongX, alongY: alongY,
            width: end &- first, height: height)
    }

    /// The rays in axes turned against the scene's; the eye is turned with them.
    /// - Frame path: yes
    func turned(by turn: Matrix3) -> Rays {
        Rays(
            eye: turn * eye, at: turn * at, alongX: turn * alongX, alongY: turn * alongY,
            width: width, height: height)
    }

    /// - Frame path: yes
    private init(
        eye: Vector3, at: Vector3, alongX: Vector3, alongY: Vector3, width: Int, height: Int
    ) {
        self.eye = eye
        self.at = at
        self.alongX = alongX
        self.alongY = alongY
        self.width = width
        self.height = height
    }

    /// - Frame path: yes
    func direction(_ x: Double, _ y: Double) -> Vector3 { at + x * alongX + y * alongY }

    /// Middle of the patch, pixels.
    /// - Frame path: yes
    var middle: Vector2 { Vector2(Double(width &- 1) * 0.5, Double(height &- 1) * 0.5) }
}

/// A value linear in the pixel, in doubles: at + x·alongX + y·alongY.
struct Linear: BitwiseCopyable {
    var at: Double
    var alongX: Double
    var alongY: Double

    /// - Frame path: yes
    func value(_ x: Double, _ y: Double) -> Double { at + x * alongX + y * alongY }

    /// - Frame path: yes
    static func * (k: Double, a: Linear) -> Linear {
        Linear(at: k * a.at, alongX: k * a.alongX, alongY: k * a.alongY)
    }

    /// - Frame path: yes
    static func + (a: Linear, b: Linear) -> Linear {
        Linear(at: a.at + b.at, alongX: a.alongX + b.alongX, alongY: a.alongY + b.alongY)
    }

    /// - Frame path: yes
    var floats: cyc_linear { cyc_linear(at, alongX, alongY) }
}

extension cyc_linear {
    /// - Frame path: yes
    init(_ at: Double, _ alongX: Double, _ alongY: Double) {
        self.init(at: Float(at), along_x: Float(alongX), along_y: Float(alongY))
    }
}
