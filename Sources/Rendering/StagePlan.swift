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
    /// The triangles of the frame's scene and of the one a crossfade comes from, and where a
    /// prepared scene has those they are made of.
    let meshes: MeshArena
    let leavingMeshes: MeshArena
    let meshDataOffset: Int
    /// What was found at the frame's probed pixel; written by the one worker that draws it.
    let probe: UnsafeMutablePointer<ProbeSample>

    /// Lays out a stage for a set of kernels (`KernelTable`).
    public init(stage: Stage, kernels: cyc_kernels) {
        self.kernels = kernels
        canvasCount = stage.processors.count
        canvases = .allocate(capacity: max(1, canvasCount))
        for (index, processor) in stage.processors.enumerated() {
            let facets = stage.facets.filter { $0.processor == index }
            (canvases + index).initialize(to: CanvasPlan(processor, facets))
        }
        viewsOffset = MemoryLayout<FramePlan>.offset(of: \.views)!
        gradesOffset = MemoryLayout<FramePlan>.offset(of: \.grades)!
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
    /// Facets of cell c: `members[starts[c]] ..< members[starts[c + 1]]`.
    let starts: UnsafeMutablePointer<Int32>
    let members: UnsafeMutablePointer<Int32>
    /// Cell c is covered by facets without a gap.
    let isCovered: UnsafeMutablePointer<Bool>

    init(_ processor: Processor, _ facets: [Facet]) {
        width = processor.width
        height = processor.height
        let across = (width + RenderLimits.cellWidth - 1) / RenderLimits.cellWidth
        let down = (height + RenderLimits.cellHeight - 1) / RenderLimits.cellHeight
        cellsAcross = across
        let canvas = CanvasRect(x: 0, y: 0, width: width, height: height)
        self.facets = .allocate(capacity: max(1, facets.count))
        starts = .allocate(capacity: across * down + 1)
        isCovered = .allocate(capacity: across * down)
        var lists: [Int32] = []
        for (index, facet) in facets.enumerated() { (self.facets + index).initialize(to: facet) }
        for cell in 0..<(across * down) {
            starts[cell] = Int32(lists.count)
            let rect = CanvasPlan.cell(cell % across, cell / across).intersection(canvas)
            var covered = 0
            for (index, facet) in facets.enumerated() {
                let piece = facet.canvas.intersection(rect)
                if piece.width > 0 && piece.height > 0 {
                    lists.append(Int32(index))
                    covered += piece.width * piece.height
                }
            }
            isCovered[cell] = covered >= rect.width * rect.height
        }
        starts[across * down] = Int32(lists.count)
        members = .allocate(capacity: max(1, lists.count))
        for (index, member) in lists.enumerated() { members[index] = member }
    }

    func deallocate() {
        facets.deallocate()
        starts.deallocate()
        members.deallocate()
        isCovered.deallocate()
    }

    /// - Frame path: yes
    static func cell(_ column: Int, _ row: Int) -> CanvasRect {
        CanvasRect(
            x: column &* RenderLimits.cellWidth, y: row &* RenderLimits.cellHeight,
            width: RenderLimits.cellWidth, height: RenderLimits.cellHeight)
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
