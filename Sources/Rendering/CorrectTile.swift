import Color
public import FrameModel
import Geometry
public import Lanes
public import StageModel

/// A panel on a canvas, and which gains are its own.
struct PanelPlace: BitwiseCopyable {
    let canvas: CanvasRect
    /// Index into `Stage.walls`.
    let wall: Int
    /// Number of the panel in its wall.
    let number: Int

    /// The panels a processor feeds.
    static func places(of stage: Stage, processor: Int) -> [PanelPlace] {
        stage.panels.enumerated().filter { $0.element.processor == processor }.map {
            PanelPlace(
                canvas: $0.element.canvas, wall: $0.element.wall,
                number: $0.offset - stage.walls[$0.element.wall].panels.lowerBound)
        }
    }
}

extension StagePlan {
    /// Brings a tile's light to what its walls' panels are to be asked for: each wall's curves and
    /// table, each panel's gains.
    ///
    /// Nothing where no wall is corrected, nor on a black frame.
    /// - Frame path: yes
    public func correctTile(
        _ frame: UnsafePointer<FramePlan>, processor: Int, tile: CanvasRect, _ light: cyc_planes
    ) {
        guard frame.pointee.hasCorrections, frame.pointee.scene != nil, frame.pointee.light > 0
        else { return }
        let canvas = canvases[processor]
        var row = tile.y / RenderLimits.cellHeight
        while row <= (tile.y &+ tile.height &- 1) / RenderLimits.cellHeight {
            var column = tile.x / RenderLimits.cellWidth
            while column <= (tile.x &+ tile.width &- 1) / RenderLimits.cellWidth {
                let part = CanvasPlan.cell(column, row).intersection(tile)
                let members = canvas.panelCells.members(
                    of: row &* canvas.cellsAcross &+ column)
                for member in members {
                    let panel = canvas.panels + Int(member)
                    let area = panel.pointee.canvas.intersection(part)
                    correct(
                        frame, panel, area,
                        light.advanced(x: area.x &- tile.x, y: area.y &- tile.y))
                }
                column &+= 1
            }
            row &+= 1
        }
    }

    private func correct(
        _ frame: UnsafePointer<FramePlan>, _ panel: UnsafePointer<PanelPlace>, _ area: CanvasRect,
        _ light: cyc_planes
    ) {
        let reference = corrections(frame)[panel.pointee.wall].reference
        guard reference.drives, let constants = reference.constants, let gains = reference.gains,
            panel.pointee.number < reference.panelCount
        else { return }
        kernels.correct(
            constants, gains[panel.pointee.number],
            cyc_region(x: 0, y: 0, width: Int32(area.width), height: Int32(area.height)), light)
    }

    /// - Frame path: yes
    private func corrections(
        _ frame: UnsafePointer<FramePlan>
    ) -> UnsafePointer<WallCorrectionPlan> {
        (UnsafeRawPointer(frame) + correctionsOffset)
            .assumingMemoryBound(to: WallCorrectionPlan.self)
    }

    /// The correction of a facet's wall; nil where it has none.
    /// - Frame path: yes
    func correction(
        _ frame: UnsafePointer<FramePlan>, _ facet: UnsafePointer<Facet>
    ) -> UnsafePointer<WallCorrectionPlan>? {
        let plan = corrections(frame) + facet.pointee.wall
        return plan.pointee.reference.isThere ? plan : nil
    }

    /// - Frame path: yes
    func afterGrade(_ correction: UnsafePointer<WallCorrectionPlan>) -> UnsafePointer<cyc_grade> {
        (UnsafeRawPointer(correction) + afterOffset).assumingMemoryBound(to: cyc_grade.self)
    }

    /// Levels what the view angle does to the panels' light in a view's part of a piece, exactly
    /// at the corners of every 64 columns of some rows, bilinear between.
    /// - Frame path: yes
    func levelAngle(
        _ correction: UnsafePointer<WallCorrectionPlan>, _ patch: Patch,
        _ facet: UnsafePointer<Facet>, _ region: cyc_region, _ view: UnsafePointer<ViewPlan>,
        _ index: Int, _ scratch: TileScratch
    ) {
        let high = RenderLimits.angleRows
        let (top, low) = (Int(region.y), Int(region.y &+ region.height))
        var y = top / high &* high
        while y < low {
            let from = max(top, y)
            let band = cyc_region(
                x: region.x, y: Int32(from &- y), width: region.width,
                height: Int32(min(low, y &+ high) &- from))
            levelBand(
                correction, patch, facet, rows: (y, min(high, patch.height &- y)), band, view,
                index, scratch.view.advanced(x: 0, y: from &- top))
            y &+= high
        }
    }

    /// Some rows of a patch, from the first and how many; the region's are counted from that one.
    private func levelBand(
        _ correction: UnsafePointer<WallCorrectionPlan>, _ patch: Patch,
        _ facet: UnsafePointer<Facet>, rows: (Int, Int), _ region: cyc_region,
        _ view: UnsafePointer<ViewPlan>, _ index: Int, _ light: cyc_planes
    ) {
        let facing = PanelFacing(facet.pointee)
        func gain(_ x: Int, _ y: Int) -> ColorTriple {
            correction.pointee.angleGain(
                at: patch.point(Double(x), Double(rows.0 &+ y)), facing, eye: view.pointee.eye,
                view: index)
        }
        let step = RenderLimits.stripWidth
        let (left, right) = (Int(region.x), Int(region.x &+ region.width))
        var x = left / step &* step
        var (top, low) = (gain(x, 0), gain(x, rows.1))
        while x < right {
            let (nextTop, nextLow) = (gain(x &+ step, 0), gain(x &+ step, rows.1))
            let from = max(left, x)
            let part = cyc_region(
                x: Int32(from &- x), y: region.y, width: Int32(min(right, x &+ step) &- from),
                height: region.height)
            let planes = light.advanced(x: from &- left, y: 0)
            for channel in 0..<3 {
                let corners = SIMD4(
                    top[channel], nextTop[channel], low[channel], nextLow[channel])
                let bend = cyc_bend(corners: corners, width: step, height: rows.1)
                let plane = channel == 0 ? planes.red : channel == 1 ? planes.green : planes.blue
                kernels.gain(bend, part, plane, planes.stride)
            }
            (top, low) = (nextTop, nextLow)
            x &+= step
        }
    }

    /// Keeps what the view angle's levelling does to the probed pixel.
    /// - Frame path: yes
    func keepProbeAngle(
        _ frame: UnsafePointer<FramePlan>, _ correction: UnsafePointer<WallCorrectionPlan>,
        _ patch: Patch, _ piece: CanvasRect, _ facet: UnsafePointer<Facet>, _ view: Int
    ) {
        let place = frame.pointee.probe
        probe.pointee.angles[view] = correction.pointee.angleGain(
            at: patch.point(
                Double(Int(place.x) &- piece.x), Double(Int(place.y) &- piece.y)),
            PanelFacing(facet.pointee), eye: frame.pointee.views[view].eye, view: view)
    }
}

extension WallCorrectionPlan {
    /// What light at a point of the wall is multiplied by, so that its angle to a view's eye does
    /// not show.
    /// - Frame path: yes
    fileprivate func angleGain(
        at point: Vector3, _ facing: PanelFacing, eye: Vector3, view: Int
    ) -> ColorTriple {
        let angles = facing.angles(to: eye - point)
        let light = reference.viewAngle.light(across: angles.x, upwards: angles.y)
        return reference.viewAngle.gain(light: light, mean: means[view])
    }
}

extension cyc_bend {
    /// Bilinear between its values at the corners (0, 0), (width, 0), (0, height) and both.
    /// - Frame path: yes
    fileprivate init(corners c: SIMD4<Double>, width: Int, height: Int) {
        let (width, height) = (Double(width), Double(height))
        self.init(
            at: Float(c.x), along_x: Float((c.y - c.x) / width),
            along_y: Float((c.z - c.x) / height),
            along_xy: Float((c.x - c.y - c.z + c.w) / (width * height)))
    }
}
