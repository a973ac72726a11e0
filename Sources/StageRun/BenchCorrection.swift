import Color
import FrameLoop
import FrameModel
import StageModel

extension BenchPath {
    /// Puts a correction of every part a calibration finds on the wall; a table is one's own.
    package func correctWall(levelsAngle: Bool = true, hasTable: Bool = false) {
        let built = path.stage.stage
        let drives = (1...16).map { Double($0 * $0) / 256 }
        let curve = DriveCurve(drives: drives, lights: drives.map { $0 * (0.9 + 0.1 * $0) })!
        var correction = WallCorrection()
        correction.matrix = ColorMatrix(
            rows: ColorTriple(1.02, -0.01, 0), ColorTriple(0, 0.98, 0.02), ColorTriple(0, 0, 1))
        correction.offset = ColorTriple(repeating: -1e-4)
        correction.curves = [curve, curve, curve]
        correction.gains = built.walls[0].panels.map {
            ColorTriple(repeating: 0.95 + 0.01 * Double($0 % 5))
        }
        if levelsAngle {
            correction.viewAngle = ViewAngle(
                terms: [
                    ColorTriple(), ColorTriple(repeating: -0.3), ColorTriple(), ColorTriple(),
                ], widest: 1)
        }
        if hasTable {
            correction.table = Look(steps: [.cube(CubeLUT(side: 33) { $0 * 0.99 })])
        }
        let prepared = PreparedCorrection(
            correction, for: path.stage.wall(0), panelCount: built.walls[0].panels.count)
        precondition(path.stage.looks.corrections.give(prepared), "a bench has few corrections")
        set { $0.corrections[0] = prepared.reference.fingerprint }
    }
}
