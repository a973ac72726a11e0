import FrameModel
import Glibc
import StageModel

/// Patterns that show what a chain does to levels and to single pixels.
extension PatternDrawer {
    /// Across the canvas from black to white, in four bands: gray, red, green, blue; a code a
    /// column, or every second, third … where the canvas has fewer columns than there are codes.
    /// - Frame path: yes
    func drawRamp(_ sheet: PatternSheet) {
        let (black, white) = sheet.canvas.ends
        let none = sheet.dimmed(black)
        let (width, height) = (sheet.canvas.width, sheet.canvas.height)
        sheet.brush.fill { x, y in
            let share = Double(x) / Double(max(1, width &- 1))
            let level = sheet.dimmed((black + (white - black) * share).rounded())
            return switch y &* 4 / height {
            case 0: Codes(repeating: level)
            case 1: Codes(level, none, none)
            case 2: Codes(none, level, none)
            default: Codes(none, none, level)
            }
        }
    }

    /// On each panel a field of narrow black with code 0 in it, and one of narrow white with the
    /// highest code: where the inner square is not seen, the range is not what the stage file says.
    /// - Frame path: yes
    func drawRange(_ sheet: PatternSheet) {
        let depth = sheet.canvas.depth
        let black = sheet.gray(Double(16 << (depth &- 8)))
        let white = sheet.gray(Double(235 << (depth &- 8)))
        let lowest = sheet.gray(0)
        let highest = sheet.gray(Double(1 << depth &- 1))
        eachPanel(sheet) { panel, sheet in
            let block = panel.block
            let half = CanvasRect(x: 0, y: 0, width: block.width / 2, height: block.height)
            let other = CanvasRect(
                x: half.width, y: 0, width: block.width &- half.width, height: block.height)
            let margin = min(half.width, half.height) / 4
            sheet.brush.fill(half, of: block, black)
            sheet.brush.fill(half.inset(margin), of: block, lowest)
            sheet.brush.fill(other, of: block, white)
            sheet.brush.fill(other.inset(margin), of: block, highest)
        }
    }

    /// On each panel sixteen squares from black up to 18 % of the codes, the lowest ones finest:
    /// the first that is seen is where the wall begins.
    /// - Frame path: yes
    func drawBlackSteps(_ sheet: PatternSheet) {
        let (black, white) = sheet.canvas.ends
        eachPanel(sheet) { panel, sheet in
            for step in 0..<16 {
                let share = Double(step * step) / 225
                let code = max(Double(step), ((white - black) * 0.18 * share).rounded())
                sheet.brush.fill(
                    panel.block.part(step, of: 4, 4), of: panel.block, sheet.gray(black + code))
            }
        }
    }

    /// On each panel fourteen squares, each twice as light as the one before, from seven stops
    /// below the level, in rows from the top left; those above the wall's peak are at the peak.
    /// - Frame path: yes
    func drawStops(_ sheet: PatternSheet) {
        eachPanel(sheet) { panel, sheet in
            for step in 0..<14 {
                let part = panel.block.part(step, of: 4, 4)
                // A curve's code is dear: a tile has few of the squares.
                guard sheet.isSeen(panel.block.rect(of: part)) else { continue }
                let nits = sheet.plan.level * exp2(Double(step - 7))
                sheet.brush.fill(part, of: panel.block, sheet.gray(nits: nits, walls[panel.wall]))
            }
        }
    }

    /// - Frame path: yes
    func drawChecker(_ sheet: PatternSheet) {
        let (black, white) = sheet.canvas.ends
        let (dark, light) = (sheet.gray(black), sheet.gray(white))
        sheet.brush.fill { x, y in (x ^ y) & 1 == 0 ? light : dark }
    }

    /// On each panel lines one, two, four and eight pixels wide, from the left: they stand in the
    /// upper half and lie in the lower one.
    /// - Frame path: yes
    func drawFocus(_ sheet: PatternSheet) {
        let white = sheet.gray(sheet.canvas.ends.white)
        eachPanel(sheet) { panel, sheet in
            for square in 0..<8 {
                let part = panel.block.part(square, of: 4, 2)
                let isUpright = square < 4
                let width = 1 << (square & 3)
                var at = width
                let extent = isUpright ? part.width : part.height
                while at &+ width <= extent {
                    let line =
                        isUpright
                        ? CanvasRect(
                            x: part.x &+ at, y: part.y, width: width, height: part.height)
                        : CanvasRect(
                            x: part.x, y: part.y &+ at, width: part.width, height: width)
                    sheet.brush.fill(line, of: panel.block, white)
                    at &+= 2 &* width
                }
            }
        }
    }

    /// - Frame path: yes
    func drawFlat(_ sheet: PatternSheet) {
        eachPanel(sheet) { panel, sheet in
            let nits = sheet.plan.color * sheet.plan.level
            let wall = walls[panel.wall]
            sheet.brush.fill(
                panel.block.whole, of: panel.block,
                Codes(
                    sheet.canvas.code(nits: nits.x, wall, dimmed: sheet.light),
                    sheet.canvas.code(nits: nits.y, wall, dimmed: sheet.light),
                    sheet.canvas.code(nits: nits.z, wall, dimmed: sheet.light)))
        }
    }

    /// Draws every panel of the tile.
    /// - Frame path: yes
    @inline(__always)
    private func eachPanel(_ sheet: PatternSheet, _ draw: (PatternPanel, PatternSheet) -> Void) {
        var index = sheet.canvas.panels.lowerBound
        while index < sheet.canvas.panels.upperBound {
            if sheet.isSeen(panelRects[index]) { draw(panels[index], sheet) }
            index &+= 1
        }
    }
}

extension CanvasBlock {
    /// A cell of the block cut into columns and rows, counted row by row.
    /// - Frame path: yes
    func part(_ index: Int, of columns: Int, _ rows: Int) -> CanvasRect {
        let (row, column) = index.quotientAndRemainder(dividingBy: columns)
        let (left, top) = (column &* width / columns, row &* height / rows)
        return CanvasRect(
            x: left, y: top, width: (column &+ 1) &* width / columns &- left,
            height: (row &+ 1) &* height / rows &- top)
    }
}
