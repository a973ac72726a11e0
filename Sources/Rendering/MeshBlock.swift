import FrameModel
import Geometry
import Lanes
import StageModel

/// A part of a facet, whole pieces of it, whose triangles are set up at once.
///
/// Cut from the facet's own corner, so it does not depend on tiles.
struct MeshBlock: BitwiseCopyable {
    let facet: Facet
    /// The canvas pixels it covers.
    let area: CanvasRect
    let pieceWidth: Int
    let piecesAcross: Int
    let piecesDown: Int

    /// Pieces of a block; the triangles of more than a few pieces have a list of their own.
    var pieceCount: Int { piecesAcross &* piecesDown }

    /// Which piece of the block stands at a canvas place.
    /// - Frame path: yes
    func piece(at rect: CanvasRect) -> Int {
        (rect.y &- area.y) / RenderLimits.pieceHeight &* piecesAcross
            &+ (rect.x &- area.x) / pieceWidth
    }
}

/// The blocks of one facet: `first` + row · across + column.
struct MeshFacet: BitwiseCopyable {
    let first: Int
    let across: Int
    /// Columns of a block.
    let width: Int

    /// The blocks of a facet, appended to a list.
    init(_ facet: Facet, to blocks: inout [MeshBlock]) {
        let grid = PieceGrid(facet.canvas, facet.canvas)
        let columns = grid.lastColumn + 1
        first = blocks.count
        let columnsABlock = RenderLimits.blockColumns
        across = (columns + columnsABlock - 1) / columnsABlock
        width = columnsABlock * grid.width
        let rows = grid.lastRow + 1
        for row in Swift.stride(from: 0, to: rows, by: RenderLimits.blockRows) {
            for column in Swift.stride(from: 0, to: columns, by: columnsABlock) {
                let area = CanvasRect(
                    x: facet.canvas.x + column * grid.width,
                    y: facet.canvas.y + row * RenderLimits.pieceHeight, width: width,
                    height: RenderLimits.blockRows * RenderLimits.pieceHeight
                ).intersection(facet.canvas)
                blocks.append(
                    MeshBlock(
                        facet: facet, area: area, pieceWidth: grid.width,
                        piecesAcross: Swift.min(columnsABlock, columns - column),
                        piecesDown: Swift.min(RenderLimits.blockRows, rows - row)))
            }
        }
    }

    /// The block of a piece.
    /// - Frame path: yes
    func block(of piece: CanvasRect, in facet: CanvasRect) -> Int {
        let height = RenderLimits.blockRows &* RenderLimits.pieceHeight
        return first &+ (piece.y &- facet.y) / height &* across &+ (piece.x &- facet.x) / width
    }
}

/// A block seen from an eye: the kernel's constants, and planes that bound what can be on it.
struct MeshSight: BitwiseCopyable {
    var view: cyc_mesh_view
    /// Normals and offsets, inside where ≥ 0: left, right, top, bottom, near.
    private var planes: InlineArray<5, SIMD4<Float>>

    /// Nil when the eye lies in the block's plane.
    ///
    /// A point P is seen at pixel (x, y) at w when P = eye + w · (at + x·alongX + y·alongY).
    /// - Parameter samples: places in a pixel that are looked at, 4 or 1.
    /// - Frame path: yes
    init?(_ rays: Rays, samples: Int) {
        let determinant = rays.alongX.dot(rays.alongY.cross(rays.at))
        let size = rays.alongX.length * rays.alongY.length * rays.at.length
        guard abs(determinant) > 1e-9 * size else { return nil }
        let x = rays.alongY.cross(rays.at) / determinant
        let y = rays.at.cross(rays.alongX) / determinant
        let w = rays.alongX.cross(rays.alongY) / determinant
        let near = RenderLimits.meshNear
        view = cyc_mesh_view()
        view.x = MeshSight.row(x, -x.dot(rays.eye))
        view.y = MeshSight.row(y, -y.dot(rays.eye))
        view.w = MeshSight.row(w, -w.dot(rays.eye))
        view.near_w = Float(near)
        // On a wall pixels run right and down, so counter-clockwise is a negative area.
        view.front = determinant > 0 ? -1 : 1
        view.width = Int32(rays.width)
        view.height = Int32(rays.height)
        view.samples = Int32(samples)
        // Half a pixel beyond the outermost centres is beyond every sample.
        let right = Double(rays.width) - 0.5
        let bottom = Double(rays.height) - 0.5
        planes = [
            MeshSight.plane(x + 0.5 * w, 0, rays.eye),
            MeshSight.plane(right * w - x, 0, rays.eye),
            MeshSight.plane(y + 0.5 * w, 0, rays.eye),
            MeshSight.plane(bottom * w - y, 0, rays.eye),
            MeshSight.plane(w, near, rays.eye),
        ]
    }

    /// - Frame path: yes
    private static func row(
        _ normal: Vector3, _ offset: Double
    ) -> (Float, Float, Float, Float) {
        (Float(normal.x), Float(normal.y), Float(normal.z), Float(offset))
    }

    /// normal · (P − eye) ≥ least as a plane of unit normal.
    /// - Frame path: yes
    private static func plane(_ normal: Vector3, _ least: Double, _ eye: Vector3) -> SIMD4<Float> {
        let scale = 1 / Swift.max(1e-30, normal.length)
        let n = normal * scale
        return SIMD4(Float(n.x), Float(n.y), Float(n.z), Float(-n.dot(eye) - least * scale))
    }

    /// What a sphere may do here.
    enum Reach: BitwiseCopyable {
        /// Nothing of it is on the block.
        case outside
        /// Some of it may be, all ahead of the near plane.
        case ahead
        /// Some of it may be, some across the near plane.
        case crossing
    }

    /// - Frame path: yes
    func reach(_ x: Float, _ y: Float, _ z: Float, _ radius: Float) -> Reach {
        var last: Float = 0
        var index = 0
        while index < 5 {
            let p = planes[index]
            last = p.x * x + p.y * y + p.z * z + p.w
            if last < -radius { return .outside }
            index &+= 1
        }
        return last < radius ? .crossing : .ahead
    }
}
