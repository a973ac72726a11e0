import FrameModel
import Geometry
import StageModel

/// What the strips of a pattern tell, and which of them stand in it.
enum StripUse: BitwiseCopyable {
    /// All, the frame's number.
    case frames
    /// All, in pairs the frame's number and the pattern's step.
    case pairs
    /// One pair in four.
    case fewPairs
}

/// Patterns that tell where on the wall one is: strips, lines, panels.
extension PatternDrawer {
    /// The strips that stand in a pattern, telling what they tell in it.
    /// - Frame path: yes
    func drawStrips(_ sheet: PatternSheet, as use: StripUse = .frames) {
        let cell = max(1, min(FrameStripGrid.cellMax, sheet.plan.cell))
        var index = sheet.canvas.facets.lowerBound
        while index < sheet.canvas.facets.upperBound {
            let facet = facets[index]
            if sheet.isSeen(facet.block.rect) {
                drawStrips(
                    sheet, strips[(cell - 1) * facets.count + index], use,
                    sheet.gray(nits: sheet.plan.level, walls[facet.wall]))
            }
            index &+= 1
        }
    }

    /// The strips of a facet that the tile touches: a flat wall has hundreds.
    /// - Frame path: yes
    private func drawStrips(
        _ sheet: PatternSheet, _ strips: FrameStripGrid.Strips, _ use: StripUse, _ white: Codes
    ) {
        guard strips.columns > 0 else { return }
        let block = strips.block
        let part = block.part(of: sheet.brush.tile).clipped(to: block.whole)
        let (firstColumn, lastColumn) = (
            part.x &* strips.columns / block.width, (part.endX &- 1) &* strips.columns / block.width
        )
        let (firstRow, lastRow) = (
            part.y &* strips.rows / block.height, (part.endY &- 1) &* strips.rows / block.height
        )
        var row = firstRow
        while row <= lastRow {
            var column = firstColumn
            while column <= lastColumn {
                let strip = row &* strips.columns &+ column
                let number = strips.first &+ strip
                if use != .fewPairs || strips.standsAmongDots(number) {
                    if use == .fewPairs {
                        sheet.brush.fill(
                            strips.place(of: strip), of: strips.block,
                            sheet.gray(sheet.canvas.ends.black))
                    }
                    let tellsStep = use != .frames && SparseStrips.tellsStep(number)
                    drawStrip(
                        sheet, strips, strip,
                        tells: tellsStep ? Int64(sheet.plan.step) : sheet.plan.frame, white)
                }
                column &+= 1
            }
            row &+= 1
        }
    }

    /// - Frame path: yes
    private func drawStrip(
        _ sheet: PatternSheet, _ strips: FrameStripGrid.Strips, _ strip: Int,
        tells number: Int64, _ white: Codes
    ) {
        let bars = FrameStrip.bars(strip: strips.first &+ strip, frame: number)
        let mark = strips.rect(strip: strip, bar: 0, count: 1)
        for bar in 0..<FrameStrip.codeCells
        where bars >> UInt64(FrameStrip.codeCells &- 1 &- bar) & 1 == 1 {
            sheet.brush.fill(
                mark.moved(y: bar &* strips.cell), of: strips.block, white)
        }
    }

    /// From one line of the grid to the next, metres.
    private static var gridStep: Double { 0.5 }

    /// - Frame path: yes
    func drawGrid(_ sheet: PatternSheet) {
        var index = sheet.canvas.panels.lowerBound
        while index < sheet.canvas.panels.upperBound {
            if sheet.isSeen(panelRects[index]) {
                let panel = panels[index]
                sheet.brush.outline(
                    panel.block.whole, of: panel.block, width: 1,
                    sheet.gray(nits: sheet.plan.level / 8, walls[panel.wall]))
            }
            index &+= 1
        }
        index = sheet.canvas.facets.lowerBound
        while index < sheet.canvas.facets.upperBound {
            let facet = facets[index]
            if sheet.isSeen(facet.block.rect) {
                let white = sheet.gray(nits: sheet.plan.level, walls[facet.wall])
                for axis in 0..<3 {
                    drawLines(sheet, facet, axis: axis, isAcross: true, white)
                    drawLines(sheet, facet, axis: axis, isAcross: false, white)
                }
            }
            index &+= 1
        }
    }

    /// Lines where a stage coordinate is a multiple of the step, if they run along the pixels.
    /// - Frame path: yes
    private func drawLines(
        _ sheet: PatternSheet, _ facet: PatternFacet, axis: Int, isAcross: Bool, _ color: Codes
    ) {
        func component(_ v: Vector3) -> Double { axis == 0 ? v.x : axis == 1 ? v.y : v.z }
        let step = component(isAcross ? facet.down : facet.right)
        let other = component(isAcross ? facet.right : facet.down)
        let count = isAcross ? facet.block.height : facet.block.width
        let along = isAcross ? facet.block.width : facet.block.height
        // Half a pixel of slope over the facet is none; eight pixels apart are no grid.
        guard abs(other) * Double(along) < 0.5 * abs(step), abs(step) < Self.gridStep / 8 else {
            return
        }
        let origin = component(facet.origin)
        let ends = (origin, origin + step * Double(count))
        var line = (min(ends.0, ends.1) / Self.gridStep).rounded(.up)
        while line * Self.gridStep <= max(ends.0, ends.1) {
            let at = Int(((line * Self.gridStep - origin) / step).rounded())
            // Two pixels, one on each side, that neighbors in another plane go on with.
            let rect =
                isAcross
                ? CanvasRect(x: 0, y: at &- 1, width: facet.block.width, height: 2)
                : CanvasRect(x: at &- 1, y: 0, width: 2, height: facet.block.height)
            sheet.brush.fill(rect.clipped(to: facet.block.whole), of: facet.block, color)
            line += 1
        }
    }

    /// - Frame path: yes
    func drawPanels(_ sheet: PatternSheet) {
        var index = sheet.canvas.panels.lowerBound
        while index < sheet.canvas.panels.upperBound {
            if sheet.isSeen(panelRects[index]) { draw(panels[index], sheet) }
            index &+= 1
        }
    }

    /// A panel's edge, its number and name, and a roof over them that is up.
    /// - Frame path: yes
    private func draw(_ panel: PatternPanel, _ sheet: PatternSheet) {
        let (block, wall) = (panel.block, walls[panel.wall])
        let white = sheet.gray(nits: sheet.plan.level, wall)
        let ground = Codes(
            sheet.canvas.code(nits: sheet.plan.level / 10, wall, dimmed: sheet.light),
            sheet.canvas.code(
                nits: sheet.plan.level * (panel.index % 2 == 0 ? 0.02 : 0.06), wall,
                dimmed: sheet.light),
            sheet.canvas.code(
                nits: sheet.plan.level * Double(sheet.canvas.number % 4) / 30, wall,
                dimmed: sheet.light))
        sheet.brush.fill(block.whole, of: block, ground)
        sheet.brush.outline(block.whole, of: block, width: 1, white)
        let roof = min(block.height / 10, block.width / 4)
        for row in 0..<max(1, roof) {
            sheet.brush.fill(
                CanvasRect(
                    x: block.width / 2 &- row &- 1, y: 2 &+ row, width: 2 &* row &+ 2, height: 1),
                of: block, white)
        }
        write(
            panel.number, panel.numberCount, on: block, top: block.height / 4,
            height: block.height / 3, sheet, white)
        write(
            panel.name, panel.nameCount, on: block, top: block.height * 2 / 3,
            height: block.height / 4, sheet, white)
    }

    /// Glyphs as large as the place allows, in the middle; none where a square has no pixel.
    /// - Frame path: yes
    private func write(
        _ glyphs: InlineArray<16, UInt8>, _ count: Int, on block: CanvasBlock, top: Int,
        height: Int, _ sheet: PatternSheet, _ color: Codes
    ) {
        let scale = min(
            (block.width &- 4) / (max(1, count) &* PatternGlyphs.pitch),
            height / PatternGlyphs.height)
        guard scale > 0 else { return }
        let left = (block.width &- count &* PatternGlyphs.pitch &* scale) / 2
        for place in 0..<min(count, 16) {
            sheet.brush.draw(
                shapes[Int(glyphs[place])], x: left &+ place &* PatternGlyphs.pitch &* scale,
                y: top, scale: scale, of: block, color)
        }
    }

    /// - Frame path: yes
    func drawIdentified(_ sheet: PatternSheet) {
        var index = sheet.canvas.panels.lowerBound
        while index < sheet.canvas.panels.upperBound {
            if sheet.isSeen(panelRects[index]), panels[index].index == sheet.plan.panel {
                let panel = panels[index]
                let wall = walls[panel.wall]
                let isLit = sheet.plan.frame / blinkFrames % 2 == 0
                sheet.brush.fill(
                    panel.block.whole, of: panel.block,
                    sheet.gray(nits: sheet.plan.level * (isLit ? 1 : 0.05), wall))
                sheet.brush.outline(
                    panel.block.whole, of: panel.block, width: 2,
                    sheet.gray(nits: sheet.plan.level, wall))
            }
            index &+= 1
        }
    }
}

extension CanvasBlock {
    /// The whole of it, in its own pixels.
    /// - Frame path: yes
    var whole: CanvasRect { CanvasRect(x: 0, y: 0, width: width, height: height) }
}

extension CanvasRect {
    /// The part of it that is in another; of no width or height where there is none.
    /// - Frame path: yes
    func clipped(to other: CanvasRect) -> CanvasRect {
        let (left, top) = (max(x, other.x), max(y, other.y))
        return CanvasRect(
            x: left, y: top, width: max(0, min(endX, other.endX) &- left),
            height: max(0, min(endY, other.endY) &- top))
    }
}
