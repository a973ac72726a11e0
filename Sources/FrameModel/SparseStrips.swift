public import StageModel

/// What frame strips tell in patterns that show something else, too, and which stand among dots.
///
/// The first of a pair tells the frame's number, the second the pattern's step: pictures need
/// nothing but what is in them to be told apart. Among dots one pair in four stands, and none on a
/// facet that would lose all its dots to it.
public enum SparseStrips {
    /// Side of the strips' cells among dots, wall pixels: the largest, up to 4, at which a pair
    /// stands on every third facet, or twelve of them on the stage; what a camera sees some of.
    public static func dotsCell(of stage: Stage) -> Int {
        for cell in [4, 3, 2] {
            let grid = FrameStripGrid(facets: stage.facets, cell: cell)
            let pairs = grid.facets.map { facet in
                (facet.first..<facet.first + facet.columns * facet.rows).count {
                    !tellsStep($0) && facet.standsAmongDots($0) && facet.standsAmongDots($0 + 1)
                }
            }
            if 3 * pairs.count(where: { $0 > 0 }) >= pairs.count || pairs.reduce(0, +) >= 12 {
                return cell
            }
        }
        return 1
    }

    /// A strip that tells the step; the other of a pair tells the frame.
    /// - Frame path: yes
    public static func tellsStep(_ strip: Int) -> Bool { strip & 1 == 1 }
}

extension FrameStripGrid {
    /// A strip of the stage that stands among dots.
    public func standsAmongDots(_ strip: Int) -> Bool {
        facets.contains { $0.standsAmongDots(strip) }
    }
}

extension FrameStripGrid.Strips {
    /// A strip of the stage that stands on this facet among dots: of a facet with fewer than four
    /// strips the pair would cover most of the dots.
    /// - Frame path: yes
    public func standsAmongDots(_ strip: Int) -> Bool {
        let count = columns &* rows
        return count >= 4 && strip >= first && strip < first &+ count && strip & 6 == 0
    }

    /// The pixels of a strip with its quiet cells and a cell to each side: what is kept free of
    /// anything else.
    /// - Frame path: yes
    public func place(of strip: Int) -> CanvasRect {
        let bars = rect(strip: strip, bar: 0, count: FrameStrip.codeCells)
        let quiet = FrameStrip.quietCells &* cell
        return CanvasRect(
            x: bars.x &- cell, y: bars.y &- quiet, width: bars.width &+ 2 &* cell,
            height: bars.height &+ 2 &* quiet)
    }
}
