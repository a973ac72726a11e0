import FrameModel

/// One column of a picture, searched for strips from top to bottom.
struct StripScan {
    /// A strip as the column crosses it.
    struct Hit {
        var column: Int
        /// Rows of the upper mark's first edge and the lower mark's last.
        var top: Double
        var bottom: Double
        /// Rows of the middles of the marks' light bars, half way between their edges: a threshold
        /// that is too high or too low does not move them.
        var upper: Double
        var lower: Double
        var strip: Int
        var number: Int
        var share: Double
    }

    /// Least contrast that is looked at, of the picture's brightest light.
    private static let contrastMin: Float = 0.08

    private let column: Int
    private let values: [Float]
    /// Rows where the light passes half way: a rise, its fall, the next rise.
    private var rises: [Double] = []
    private var falls: [Double] = []

    init(_ picture: GrayPicture, column: Int, brightest: Float) {
        self.column = column
        values = (0..<picture.height).map { picture.values[$0 * picture.width + column] }
        findEdges(brightest)
    }

    /// Edges against half way between the least and the most light near by.
    private mutating func findEdges(_ brightest: Float) {
        let block = max(8, values.count / 12)
        let extremes = stride(from: 0, to: values.count, by: block).map { start in
            let part = values[start..<min(values.count, start + block)]
            return (least: part.min()!, most: part.max()!)
        }
        func threshold(_ row: Int) -> Float {
            let near = extremes[max(0, row / block - 1)...min(extremes.count - 1, row / block + 1)]
            let (least, most) = (near.map(\.least).min()!, near.map(\.most).max()!)
            return most - least < Self.contrastMin * brightest ? .infinity : (least + most) / 2
        }
        var limit = threshold(0)
        // A limit that changes may make light of dark without an edge: what counts is the state.
        var isLight = values[0] >= limit
        for row in 1..<values.count {
            if row % block == 0 { limit = threshold(row) }
            let (before, after) = (values[row - 1], values[row])
            guard (after >= limit) != isLight else { continue }
            isLight.toggle()
            let share = max(0, min(1, (limit - before) / (after - before)))
            // Row centers are at a half.
            let edge = Double(row) - 0.5 + Double(share.isFinite ? share : 0)
            if isLight { rises.append(edge) } else if !rises.isEmpty { falls.append(edge) }
        }
    }

    /// The strips the column crosses.
    func hits() -> [Hit] {
        var hits: [Hit] = []
        for start in rises.indices where start < falls.count {
            let mark = falls[start] - rises[start]
            let before = start == 0 ? -Double.infinity : falls[start - 1]
            guard mark >= 3, rises[start] - before > 0.4 * mark else { continue }
            if let hit = hit(from: start, cell: mark / 3) { hits.append(hit) }
        }
        return hits
    }

    /// The strip whose upper mark's light bars lie between a rise and its fall.
    private func hit(from start: Int, cell: Double) -> Hit? {
        let top = rises[start]
        for end in start..<falls.count {
            let cells = (falls[end] - top) / cell
            guard cells > 0.85 * Double(FrameStrip.codeCells) else { continue }
            guard cells < 1.15 * Double(FrameStrip.codeCells) else { return nil }
            let bottom = falls[end]
            let mean = (bottom - top) / Double(FrameStrip.codeCells)
            let mark = bottom - rises[end]
            let after = end + 1 < rises.count ? rises[end + 1] : .infinity
            guard abs(mark - 3 * mean) < 0.9 * mean, after - bottom > 1.2 * mean else { continue }
            if let told = read(top, bottom, bend: (mark / 3 - cell) / mean) {
                return Hit(
                    column: column, top: top, bottom: bottom, upper: (top + falls[start]) / 2,
                    lower: (rises[end] + bottom) / 2, strip: told.strip, number: told.number,
                    share: told.share)
            }
        }
        return nil
    }

    /// The bits between two edges.
    ///
    /// - Parameter bend: how much larger the last cell is than the first, of the mean, by the
    ///   marks' own heights: a wall seen from below or above. That is told to half a pixel only, so
    ///   less is tried, too, and what reads clearest is taken.
    private func read(_ top: Double, _ bottom: Double, bend: Double) -> StripBars? {
        let bend = max(-0.3, min(0.3, bend))
        let tries = [0, bend / 2, bend].compactMap { shares(top, bottom, bend: $0) }
        func haze(_ shares: [Double]) -> Double {
            shares.reduce(0) { $0 + min(abs($1), abs(1 - $1)) }
        }
        return tries.min { haze($0) < haze($1) }.flatMap { StripBars($0) }
    }

    /// How light each cell is, 0 … 1; nil where the marks are not lighter than what is beside them.
    private func shares(_ top: Double, _ bottom: Double, bend: Double) -> [Double]? {
        let cells = FrameStrip.codeCells
        let mean = (bottom - top) / Double(cells)
        let light = (0..<cells).map { cell -> Float in
            let u = (Double(cell) + 0.5) / Double(cells)
            return value(at: top + (bottom - top) * (u - bend / 2 * u * (1 - u)), within: mean / 5)
        }
        let white = ([0, 1, 2, cells - 3, cells - 2, cells - 1].map { light[$0] }.reduce(0, +)) / 6
        let black = (light[3] + light[cells - 4]) / 2
        guard white > black else { return nil }
        return light.map { Double(($0 - black) / (white - black)) }
    }

    /// The mean light over a few rows, linear between their centers.
    private func value(at row: Double, within reach: Double) -> Float {
        func one(_ row: Double) -> Float {
            let at = max(0, min(Double(values.count - 1), row - 0.5))
            let below = Int(at)
            let above = min(values.count - 1, below + 1)
            return values[below] + (values[above] - values[below]) * Float(at - Double(below))
        }
        return (one(row - reach) + one(row) + one(row + reach)) / 3
    }
}
