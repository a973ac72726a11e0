import Color
import StageCalibration

extension ColorMatrix {
    init(_ rows: [[Double]]) {
        self.init(rows: ColorTriple(rows[0]), ColorTriple(rows[1]), ColorTriple(rows[2]))
    }

    /// All nine, row by row.
    var list: [Double] { [row0, row1, row2].flatMap { [$0.x, $0.y, $0.z] } }
}

/// Greatest difference relative to the greatest number.
func relativeError(_ a: [Double], _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    let scale = b.map(abs).max() ?? 1
    return (zip(a, b).map { abs($0 - $1) }.max() ?? 0) / max(scale, 1e-300)
}
