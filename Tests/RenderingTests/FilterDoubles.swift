import FrameModel
import Geometry
import Glibc
import Lanes
import Scenes
import StageModel

/// The filter of a dome at infinity once more, in doubles, each pixel by its own level of detail.
///
/// The renderer's pieces, floats and kernels are held to it. For footprints nearly round.
func domeInDoubles(_ wall: Stage, _ asset: SceneAsset) -> [SIMD3<Double>] {
    let dome = DoublesDome(dome: asset.prepared.pointee.dome)
    let facets = wall.facets
    return inRows(wall.processors[0].width, wall.processors[0].height) { x, y in
        let facet = facets.first { x >= $0.canvas.x && x < $0.canvas.x + $0.canvas.width }!
        let point =
            facet.origin + Double(x - facet.canvas.x) * facet.alongX
            + Double(y - facet.canvas.y) * facet.alongY
        return dome.light(point, facet.alongX, facet.alongY)
    }
}

/// It holds that this is sendable because the dome's texels are only read.
private struct DoublesDome: @unchecked Sendable {
    let dome: PreparedDome

    func light(_ d: Vector3, _ alongX: Vector3, _ alongY: Vector3) -> SIMD3<Double> {
        let detail = log2(longestSquared(d, alongX, alongY))
        var sum = SIMD3<Double>()
        for level in 0..<dome.levelCount {
            let isLast = level + 1 == dome.levelCount
            let from = level == 0 ? 1 : ramp(detail, Double(level - 1))
            let share = from - (isLast ? 0 : ramp(detail, Double(level)))
            guard share > 0 else { continue }
            let cubic = min(1, max(0, Double(level) - 1.6 - detail))
            let color = Reference.cube(dome.levels[level], d) {
                Reference.cubic(
                    $0, stride: Int(dome.levels[level].stride), u: $1, v: $2, share: cubic,
                    softness: 0)
            }
            sum += share * SIMD3(color.x, color.y, color.z)
        }
        return sum
    }

    /// The next level fades in from 0.48 to 0.52 of the way to it.
    private func ramp(_ detail: Double, _ level: Double) -> Double {
        min(1, max(0, (detail - level - 0.48) / 0.04))
    }

    /// Squared long side of a pixel's footprint in texels of the finest level, by differences.
    private func longestSquared(_ d: Vector3, _ alongX: Vector3, _ alongY: Vector3) -> Double {
        let axis = (0..<3).max { abs(d[$0]) < abs(d[$1]) }!
        let half = Double(dome.levels[0].width) / 2
        func place(_ d: Vector3) -> SIMD2<Double> {
            let others = (0..<3).filter { $0 != axis }
            return half * SIMD2(d[others[0]], d[others[1]]) / d[axis]
        }
        let h = 1e-4
        let x = (place(d + h * alongX) - place(d - h * alongX)) / (2 * h)
        let y = (place(d + h * alongY) - place(d - h * alongY)) / (2 * h)
        let (xx, yy, xy) = ((x * x).sum(), (y * y).sum(), (x * y).sum())
        return (xx + yy) / 2 + ((xx - yy) * (xx - yy) / 4 + xy * xy).squareRoot()
    }
}
