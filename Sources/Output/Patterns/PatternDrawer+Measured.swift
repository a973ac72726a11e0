import FrameModel
import Geometry
import StageModel

/// Patterns a camera measures the wall by: patches and dots, with strips that tell which.
extension PatternDrawer {
    /// A color on every panel of the chosen panel's wall whose middle is near to its own, strips on
    /// what is left.
    /// - Frame path: yes
    func drawPatch(_ sheet: PatternSheet) {
        drawStrips(sheet, as: .pairs)
        guard places.indices ~= sheet.plan.panel else { return }
        let place = places[sheet.plan.panel]
        let wall = walls[place.wall]
        let asked = PatchSet.drive(sheet.plan.step, peakNits: wall.peakNits) ?? sheet.plan.color
        let nits = asked * wall.peakNits
        let color = Codes(
            sheet.canvas.code(beyond: nits.x, wall, dimmed: sheet.light),
            sheet.canvas.code(beyond: nits.y, wall, dimmed: sheet.light),
            sheet.canvas.code(beyond: nits.z, wall, dimmed: sheet.light))
        var index = sheet.canvas.panels.lowerBound
        while index < sheet.canvas.panels.upperBound {
            let panel = panels[index]
            if panel.wall == place.wall, sheet.isSeen(panelRects[index]),
                (places[panel.index].middle - place.middle).length <= sheet.plan.size / 2
            {
                sheet.brush.fill(panel.block.whole, of: panel.block, color)
            }
            index &+= 1
        }
    }

    /// The dots of a picture of them, and strips over them.
    /// - Frame path: yes
    func drawDots(_ sheet: PatternSheet) {
        var index = sheet.canvas.panels.lowerBound
        while index < sheet.canvas.panels.upperBound {
            if sheet.isSeen(panelRects[index]) { drawDots(of: panels[index], sheet) }
            index &+= 1
        }
        drawStrips(sheet, as: .fewPairs)
    }

    /// - Frame path: yes
    private func drawDots(of panel: PatternPanel, _ sheet: PatternSheet) {
        let level = sheet.canvas.code(
            nits: sheet.plan.level, walls[panel.wall], dimmed: sheet.light)
        let black = sheet.dimmed(sheet.canvas.ends.black)
        let channel = sheet.plan.step &- DotPicture.red
        let color =
            0..<3 ~= channel
            ? Codes(
                channel == 0 ? level : black, channel == 1 ? level : black,
                channel == 2 ? level : black)
            : Codes(repeating: level)
        for dot in 0..<panel.dots.count
        where DotPicture.isLit(panel.firstDot &+ dot, in: sheet.plan.step) {
            draw(dot, of: panel, sheet, color)
        }
    }

    /// The pixels whose middles are within the dot.
    /// - Frame path: yes
    private func draw(_ dot: Int, of panel: PatternPanel, _ sheet: PatternSheet, _ color: Codes) {
        let middle = panel.dots.middle(dot)
        let radius = panel.dots.diameter / 2
        var row = Int((middle.y - radius).rounded(.down))
        while Double(row) < middle.y + radius {
            let off = Double(row) + 0.5 - middle.y
            let half = (radius * radius - off * off).squareRoot()
            if half.isFinite {
                // Pixel x is in it where |x + ½ − middle| ≤ half.
                let left = Int((middle.x - half - 0.5).rounded(.up))
                let right = Int((middle.x + half - 0.5).rounded(.down))
                if left <= right {
                    let run = CanvasRect(x: left, y: row, width: right &- left &+ 1, height: 1)
                    sheet.brush.fill(run, of: panel.block, color)
                }
            }
            row &+= 1
        }
    }
}
