public import FrameModel
import Geometry
import Lanes
public import StageModel

extension StagePlan {
    /// Draws one rectangle of a processor's canvas into `scratch.light`: wall light, linear, 1.0 =
    /// the curve's full scale.
    ///
    /// Pixel (x, y) of the canvas lands at row y − tile.y, column x − tile.x. Pixels no facet
    /// covers are 0, all are when there is no scene or no light.
    ///
    /// Any cut into tiles, in any order, on any thread, gives the same bytes. A scene with meshes
    /// has been through `placeMeshes` for this frame.
    /// - Parameters:
    ///   - frame: the frame's plan; only read.
    ///   - processor: index into `Stage.processors`.
    ///   - tile: a part of the canvas, at most as large as the scratch.
    ///   - scratch: this worker's own.
    /// - Frame path: yes
    public func renderTile(
        _ frame: UnsafePointer<FramePlan>, processor: Int, tile: CanvasRect, scratch: TileScratch
    ) {
        let canvas = canvases[processor]
        precondition(
            tile.x >= 0 && tile.y >= 0 && tile.x + tile.width <= canvas.width
                && tile.y + tile.height <= canvas.height && tile.width <= scratch.width
                && tile.height <= scratch.height, "a tile lies on its canvas and fits the scratch")
        let firstColumn = tile.x / RenderLimits.cellWidth
        let lastColumn = (tile.x + tile.width - 1) / RenderLimits.cellWidth
        let firstRow = tile.y / RenderLimits.cellHeight
        let lastRow = (tile.y + tile.height - 1) / RenderLimits.cellHeight
        let isBlack = frame.pointee.scene == nil || frame.pointee.light == 0
        precondition(
            isBlack
                || DrawnScene(frame, meshes).isPlaced(frame)
                    && DrawnScene(leaving: frame, leavingMeshes).isPlaced(frame),
            "meshes are placed before their frame's tiles")
        var row = firstRow
        while row <= lastRow {
            var column = firstColumn
            while column <= lastColumn {
                let index = row &* canvas.cellsAcross &+ column
                let cell = CanvasPlan.cell(column, row)
                if isBlack || !canvas.isCovered[index] {
                    let part = cell.intersection(tile)
                    blacken(
                        scratch.light.advanced(x: part.x &- tile.x, y: part.y &- tile.y),
                        width: part.width, height: part.height)
                }
                if !isBlack {
                    renderCell(frame, canvas, index, cell.intersection(tile), tile, scratch)
                }
                column &+= 1
            }
            row &+= 1
        }
    }

    /// A cell's part of a tile: every facet in it, piece by piece.
    ///
    /// Pieces are counted from the facet's own corner, so they do not depend on the tile.
    private func renderCell(
        _ frame: UnsafePointer<FramePlan>, _ canvas: CanvasPlan, _ index: Int, _ part: CanvasRect,
        _ tile: CanvasRect, _ scratch: TileScratch
    ) {
        let members = canvas.facetCells.members(of: index)
        var member = 0
        while member < members.count {
            let facet = canvas.facets + Int(members[member])
            let own = facet.pointee.canvas
            let area = part.intersection(own)
            let pieces = PieceGrid(own, area)
            var row = pieces.firstRow
            while row <= pieces.lastRow {
                var column = pieces.firstColumn
                while column <= pieces.lastColumn {
                    let piece = pieces.piece(column, row)
                    let region = piece.intersection(area)
                    renderPiece(
                        frame, facet, piece,
                        cyc_region(
                            x: Int32(region.x &- piece.x), y: Int32(region.y &- piece.y),
                            width: Int32(region.width), height: Int32(region.height)),
                        scratch.light.advanced(x: region.x &- tile.x, y: region.y &- tile.y),
                        scratch)
                    column &+= 1
                }
                row &+= 1
            }
            member &+= 1
        }
    }

    /// One piece: the topmost view that covers all of it, then those above, each where it shows.
    ///
    /// Only the outer view is ever drawn in squares of several pixels: it lies below all others.
    private func renderPiece(
        _ frame: UnsafePointer<FramePlan>, _ facet: UnsafePointer<Facet>, _ piece: CanvasRect,
        _ region: cyc_region, _ target: cyc_planes, _ scratch: TileScratch
    ) {
        let patch = Patch(facet.pointee, piece)
        let slices = ShownSlices(patch, viewPlan(frame, 0), count: frame.pointee.viewCount)
        var view = slices.bottom
        while view < frame.pointee.viewCount {
            if let part = slices.part(of: region, view: view) {
                renderView(
                    frame, view, isOver: !slices.fills(part, view: view), facet, piece, patch, part,
                    target.advanced(
                        x: Int(part.x &- region.x), y: Int(part.y &- region.y)), scratch)
            }
            view &+= 1
        }
        if frame.pointee.measuresLight {
            scratch.sums.pointee.add(wall: facet.pointee.wall, target, region)
        }
    }

    /// A part of a piece as one view shows it, over what is there or in its place.
    private func renderView(
        _ frame: UnsafePointer<FramePlan>, _ view: Int, isOver: Bool,
        _ facet: UnsafePointer<Facet>, _ piece: CanvasRect, _ patch: Patch, _ region: cyc_region,
        _ target: cyc_planes, _ scratch: TileScratch
    ) {
        let plan = viewPlan(frame, view)
        let grades = (UnsafeRawPointer(frame) + gradesOffset)
            .assumingMemoryBound(to: cyc_grade.self)
        var grade = grades + (view &* StageLimits.walls &+ facet.pointee.wall)
        let side = reduction(frame, view: view)
        let isProbed = contains(piece, region, frame.pointee.probe, facet)
        if side == 1 && !isOver && !isProbed && showsDomeAlone(frame)
            && !frame.pointee.hasCorrections
        {
            let scene = frame.pointee.scene!
            drawDome(
                scene, Rays(patch, eye: plan.pointee.eye, frame.pointee.sceneFromStage),
                Filtering(frame, reduction: 1), region, target, grade)
            return
        }
        let (seen, area) =
            side == 1
            ? (patch, region) : (patch.squares(of: side), squares(between: region, Int32(side)))
        drawScenes(
            frame,
            PieceView(
                facet: facet, piece: piece, index: view, eye: plan.pointee.eye, reduction: side,
                seen: seen, region: area), scratch)
        if isProbed { keepProbe(frame, view, piece, area, side, scratch) }
        if frame.pointee.hasCorrections, let correction = correction(frame, facet),
            correction.pointee.isApart(camera: plan.pointee.camera)
        {
            kernels.grade(grade, area, scratch.view, scratch.view)
            if correction.pointee.levelsAngle(camera: plan.pointee.camera) {
                levelAngle(correction, patch, facet, region, plan, view, scratch)
                if isProbed { keepProbeAngle(frame, correction, patch, piece, facet, view) }
            }
            grade = afterGrade(correction)
        }
        if side > 1 {
            kernels.grade(grade, area, scratch.view, scratch.view)
            kernels.enlarge(Int32(side), region, scratch.view, target)
        } else if isOver {
            var outline = patch.outline(plan)
            kernels.weight(&outline, region, scratch.weights, scratch.view.stride)
            if isProbed { keepProbeWeight(frame, view, piece, region, scratch) }
            kernels.grade_over(grade, region, scratch.view, scratch.weights, target)
        } else {
            kernels.grade(grade, region, scratch.view, target)
        }
    }
}

/// A facet cut into pieces of even width, and those of them that an area touches.
struct PieceGrid: BitwiseCopyable {
    let facet: CanvasRect
    let width: Int
    let firstColumn: Int
    let lastColumn: Int
    let firstRow: Int
    let lastRow: Int

    /// - Frame path: yes
    init(_ facet: CanvasRect, _ area: CanvasRect) {
        self.facet = facet
        let most = RenderLimits.pieceWidth
        let count = Swift.max(1, (facet.width &+ most &- 1) / most)
        // Whole steps of sixteen pixels.
        width = Swift.max(16, ((facet.width &+ count &- 1) / count &+ 15) & ~15)
        guard area.width > 0, area.height > 0 else {
            (firstColumn, lastColumn, firstRow, lastRow) = (0, -1, 0, -1)
            return
        }
        firstColumn = (area.x &- facet.x) / width
        lastColumn = (area.x &+ area.width &- 1 &- facet.x) / width
        firstRow = (area.y &- facet.y) / RenderLimits.pieceHeight
        lastRow = (area.y &+ area.height &- 1 &- facet.y) / RenderLimits.pieceHeight
    }

    /// - Frame path: yes
    func piece(_ column: Int, _ row: Int) -> CanvasRect {
        CanvasRect(
            x: facet.x &+ column &* width, y: facet.y &+ row &* RenderLimits.pieceHeight,
            width: width, height: RenderLimits.pieceHeight
        ).intersection(facet)
    }
}

extension cyc_planes {
    /// The planes from a pixel on.
    /// - Frame path: yes
    func advanced(x: Int, y: Int) -> cyc_planes {
        let at = y &* Int(stride) &+ x
        return cyc_planes(red: red + at, green: green + at, blue: blue + at, stride: stride)
    }
}

/// There is nothing in a frame's picture but a dome.
/// - Frame path: yes
private func showsDomeAlone(_ frame: UnsafePointer<FramePlan>) -> Bool {
    guard let scene = frame.pointee.scene, frame.pointee.leaving == nil else { return false }
    return scene.pointee.cardCount == 0 && scene.pointee.meshes.count == 0
}
