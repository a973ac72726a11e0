import FrameModel
import Lanes
import StageModel

/// The triangles of one view on one piece, in the order they are drawn in.
struct MeshPiece: BitwiseCopyable {
    /// The block's pixel (its square, where the view is drawn in squares) at the piece's first.
    let x: Int
    let y: Int
    private let triangles: UnsafeMutablePointer<cyc_mesh_triangle>
    private let entries: UnsafeMutablePointer<UInt32>
    private var next: Int
    private let end: Int
    private var nextWide: Int
    private let endWide: Int

    /// - Frame path: yes
    init(
        _ stage: StagePlan, _ arena: MeshArena, _ facet: UnsafePointer<Facet>,
        _ piece: CanvasRect, _ view: Int, _ frame: UnsafePointer<FramePlan>
    ) {
        let processor = facet.pointee.processor
        let index =
            arena.facetStarts[processor]
            &+ (facet - UnsafePointer(stage.canvases[processor].facets))
        let blockIndex = arena.facets[index].block(of: piece, in: facet.pointee.canvas)
        let block = arena.blocks.baseAddress! + blockIndex
        let job = view &* arena.blockCount &+ blockIndex
        let side = stage.reduction(frame, view: view)
        x = (piece.x &- block.pointee.area.x) / side
        y = (piece.y &- block.pointee.area.y) / side
        triangles = arena.triangles
        entries = arena.entries + Int(arena.jobs[job].first) &* RenderLimits.meshPieces
        guard arena.jobs[job].count > 0 else {
            (next, end, nextWide, endWide) = (0, 0, 0, 0)
            return
        }
        // List p stands from starts[p + 1] to starts[p + 2].
        let starts = arena.starts + (job &* arena.startsAJob &+ 1)
        let own = block.pointee.piece(at: piece)
        let wide = block.pointee.pieceCount
        next = Int(starts[own])
        end = Int(starts[own &+ 1])
        nextWide = Int(starts[wide])
        endWide = Int(starts[wide &+ 1])
    }

    /// No triangle is left.
    /// - Frame path: yes
    var isEmpty: Bool { next == end && nextWide == endWide }

    /// The next triangle, or nil at the end.
    /// - Frame path: yes
    var first: UnsafePointer<cyc_mesh_triangle>? {
        isEmpty ? nil : UnsafePointer(triangles + Int(nextEntry))
    }

    /// Number of the next triangle in the arena; there is one.
    private var nextEntry: UInt32 {
        if next == end { return entries[nextWide] }
        if nextWide == endWide { return entries[next] }
        return Swift.min(entries[next], entries[nextWide])
    }

    /// Takes the next triangle; returns its number in the arena, of which there is one.
    /// - Frame path: yes
    mutating func takeFirst() -> UInt32 {
        let entry = nextEntry
        if next < end && entries[next] == entry { next &+= 1 } else { nextWide &+= 1 }
        return entry
    }
}
