public import FrameModel
import Geometry
public import Lanes
public import StageModel

/// A stage as the renderer reads it: facets of each canvas and which cells they touch, in unsafe
/// memory.
///
/// Made once per stage, shared by all workers.
///
/// Sendable although it holds pointers: nothing is written after `init` but the triangles of the
/// frame being made, by the rules of `MeshArena`.
public final class StagePlan: @unchecked Sendable {
    let kernels: cyc_kernels
    let canvases: UnsafeMutablePointer<CanvasPlan>
    let canvasCount: Int
    /// Places of `FramePlan.views` and `.grades`, so that workers read them in place.
    let viewsOffset: Int
    let gradesOffset: Int
    let correctionsOffset: Int
    let afterOffset: Int
    /// The triangles of the frame's scene and of the one a crossfade comes from, and where a
    /// prepared scene has those they are made of.
    let meshes: MeshArena
    let leavingMeshes: MeshArena
    let meshDataOffset: Int
    /// What was found at the frame's probed pixel; written by the one worker that draws it.
    let probe: UnsafeMutablePointer<ProbeSample>

    /// Lays out a stage for a set of kernels (`KernelTable`).
    public init(stage: Stage, kernels: cyc_kernels) {
        precondition(
            RenderLimits.pieceWidth <= 16 * RenderLimits.sliceWidth
                && RenderLimits.pieceHeight <= 16 * RenderLimits.sliceHeight,
            "a slice has a bit of sixteen")
        self.kernels = kernels
        canvasCount = stage.processors.count
        canvases = .allocate(capacity: max(1, canvasCount))
        for (index, processor) in stage.processors.enumerated() {
            let facets = stage.facets.filter { $0.processor == index }
            (canvases + index).initialize(
                to: CanvasPlan(processor, facets, PanelPlace.places(of: stage, processor: index)))
        }
        viewsOffset = MemoryLayout<FramePlan>.offset(of: \.views)!
        gradesOffset = MemoryLayout<FramePlan>.offset(of: \.grades)!
        correctionsOffset = MemoryLayout<FramePlan>.offset(of: \.corrections)!
        afterOffset = MemoryLayout<WallCorrectionPlan>.offset(of: \.after)!
        meshes = MeshArena(stage: stage)
        leavingMeshes = MeshArena(stage: stage)
        meshDataOffset = MemoryLayout<PreparedScene>.offset(of: \.meshes.data)!
        probe = .allocate(capacity: 1)
        probe.initialize(to: ProbeSample())
    }

    deinit {
        for index in 0..<canvasCount { canvases[index].deallocate() }
        canvases.deallocate()
        probe.deallocate()
    }

    /// Empties the probe for a frame.
    /// - Frame path: yes
    public func beginProbe(_ frame: UnsafePointer<FramePlan>) {
        guard frame.pointee.probe.processor >= 0 else { return }
        probe.pointee = ProbeSample(frame: frame.pointee.frame, place: frame.pointee.probe)
    }

    /// What the frame's views had at the probed pixel, once it is drawn.
    /// - Frame path: yes
    public var probed: ProbeSample { probe.pointee }
}

/// One processor's canvas: its facets, and for each cell the facets in it.
struct CanvasPlan: BitwiseCopyable {
    let width: Int
    let height: Int
    let cellsAcross: Int
    let facets: UnsafeMutablePointer<Facet>
    /// Facets of each cell.
    let facetCells: CellLists
    let panels: UnsafeMutablePointer<PanelPlace>
    /// Panels of each cell.
    let panelCells: CellLists
    /// Cell c is covered by facets without a gap.
    let isCovered: UnsafeMutablePointer<Bool>

    init(_ processor: Processor, _ facets: [Facet], _ panels: [PanelPlace]) {
        width = processor.width
        height = processor.height
        let across = (width + RenderLimits.cellWidth - 1) / RenderLimits.cellWidth
        let down = (height + RenderLimits.cellHeight - 1) / RenderLimits.cellHeight
        cellsAcross = across
        let canvas = CanvasRect(x: 0, y: 0, width: width, height: height)
        self.facets = .allocate(capacity: max(1, facets.count))
        self.panels = .allocate(capacity: max(1, panels.count))
        isCovered = .allocate(capacity: across * down)
        for (index, facet) in facets.enumerated() { (self.facets + index).initialize(to: facet) }
        for (index, panel) in panels.enumerated() { (self.panels + index).initialize(to: panel) }
        facetCells = CellLists(facets.map(\.canvas), across: across, down: down)
        panelCells = CellLists(panels.map(\.canvas), across: across, down: down)
        for cell in 0..<(across * down) {
            let rect = CanvasPlan.cell(cell % across, cell / across).intersection(canvas)
            let covered = facetCells.members(of: cell).reduce(0) { sum, index in
                let piece = facets[Int(index)].canvas.intersection(rect)
                return sum + piece.width * piece.height
            }
            isCovered[cell] = covered >= rect.width * rect.height
        }
    }

    func deallocate() {
        facets.deallocate()
        panels.deallocate()
        facetCells.deallocate()
        panelCells.deallocate()
        isCovered.deallocate()
    }

    /// - Frame path: yes
    static func cell(_ column: Int, _ row: Int) -> CanvasRect {
        CanvasRect(
            x: column &* RenderLimits.cellWidth, y: row &* RenderLimits.cellHeight,
            width: RenderLimits.cellWidth, height: RenderLimits.cellHeight)
    }
}

/// Rectangles of a canvas by the cells they touch.
struct CellLists: BitwiseCopyable {
    /// Rectangles of cell c: `all[starts[c]] ..< all[starts[c + 1]]`.
    private let starts: UnsafeMutablePointer<Int32>
    private let all: UnsafeMutablePointer<Int32>

    init(_ rects: [CanvasRect], across: Int, down: Int) {
        var lists = Array(repeating: [Int32](), count: across * down)
        for (index, rect) in rects.enumerated() where rect.width > 0 && rect.height > 0 {
            let columns =
                rect.x / RenderLimits.cellWidth...(rect.endX - 1) / RenderLimits.cellWidth
            let rows =
                rect.y / RenderLimits.cellHeight...(rect.endY - 1) / RenderLimits.cellHeight
            for row in rows where row < down {
                for column in columns where column < across {
                    lists[row * across + column].append(Int32(index))
                }
            }
        }
        starts = .allocate(capacity: lists.count + 1)
        all = .allocate(capacity: max(1, lists.reduce(0) { $0 + $1.count }))
        var count = 0
        for (cell, list) in lists.enumerated() {
            starts[cell] = Int32(count)
            for index in list {
                all[count] = index
                count += 1
            }
        }
        starts[lists.count] = Int32(count)
    }

    func deallocate() {
        starts.deallocate()
        all.deallocate()
    }

    /// - Frame path: yes
    func members(of cell: Int) -> UnsafeBufferPointer<Int32> {
        let start = Int(starts[cell])
        return UnsafeBufferPointer(start: all + start, count: Int(starts[cell &+ 1]) &- start)
    }
}

extension CanvasRect {
    /// The common part; width or height ≤ 0 when there is none.
    /// - Frame path: yes
    func intersection(_ other: CanvasRect) -> CanvasRect {
        let left = Swift.max(x, other.x)
        let top = Swift.max(y, other.y)
        return CanvasRect(
            x: left, y: top,
            width: Swift.min(x &+ width, other.x &+ other.width) &- left,
            height: Swift.min(y &+ height, other.y &+ other.height) &- top)
    }
}
