import Foundation
import StageModel

/// Where a picture point looks at the wall: a panel and a continuous place among its LEDs.
struct WallPoint: Sendable {
    /// Index into `Stage.panels`, −1 where no lit side of a panel is seen.
    var panel: Int32
    /// Place across, LED centers at whole numbers.
    var column: Double
    /// Place down, LED centers at whole numbers.
    var row: Double

    static let nothing = WallPoint(panel: -1, column: 0, row: 0)
}

/// Which LED every looked-at picture point sees, from one camera at one moment.
///
/// Made once per moment; any number of pictures are then photographed with it.
struct WallView: Sendable {
    /// The points, row by row of the grid.
    let points: [WallPoint]
    /// The pupil they are seen from.
    let eye: SIMD3<Double>

    /// A panel as a ray meets it.
    private struct Target: Sendable {
        var placement: Placement
        var half: SIMD2<Double>
        var columns: Double
        var rows: Double
        /// From the pupil to the panel's center.
        var toCenter: SIMD3<Double>
        var distance: Double
        var radius: Double
    }

    /// - Parameter rim: how far beyond its border a panel still counts, radians from the pupil.
    init(stage: Stage, camera: SimulatedCamera, grid: SampleGrid, rim: Double = 0) {
        let eye = camera.pupil.origin
        self.eye = eye
        let targets = stage.panels.map { panel in
            let product = stage.products[panel.product]
            let placement = Placement(panel.stageFromPanel)
            let half = SIMD2(product.width / 2, product.height / 2)
            let toCenter = placement.origin - eye
            return Target(
                placement: placement, half: half, columns: Double(product.columns),
                rows: Double(product.rows), toCenter: toCenter, distance: norm(toCenter),
                radius: (half.x * half.x + half.y * half.y).squareRoot())
        }
        // Samples are looked up in blocks; a block tests only the panels near its own cone.
        let block = 16
        points = filled(.nothing, rows: grid.rows, columns: grid.columns) { row, out in
            for first in stride(from: 0, to: grid.columns, by: block) {
                let last = min(first + block, grid.columns)
                let near = WallView.candidates(
                    camera.direction(x: grid.x(first), y: grid.y(row)),
                    camera.direction(x: grid.x(last - 1), y: grid.y(row)), targets)
                for column in first..<last {
                    let ray = camera.direction(x: grid.x(column), y: grid.y(row))
                    out[column] = WallView.nearest(ray, eye, near, targets, rim)
                }
            }
        }
    }

    /// Panels whose bounding sphere may be met by a ray between two near directions.
    private static func candidates(
        _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ targets: [Target]
    ) -> [Int] {
        let axis = unit(a + b)
        // Half the angle between the ends, with room for the bow of a distorted row.
        let spread = 0.6 * norm(a - b) + 0.01
        return targets.indices.filter { index in
            let target = targets[index]
            let along = inner(target.toCenter, axis)
            let reach = target.radius + max(0, along) * spread + target.radius * spread
            guard along > -target.radius else { return false }
            let across = target.distance * target.distance - along * along
            return across <= reach * reach
        }
    }

    /// The nearest panel a ray meets, and where.
    private static func nearest(
        _ ray: SIMD3<Double>, _ eye: SIMD3<Double>, _ near: [Int], _ targets: [Target],
        _ rim: Double
    ) -> WallPoint {
        var best = WallPoint.nothing
        var bestDistance = Double.infinity
        for index in near {
            let target = targets[index]
            let axis = target.placement.forward
            let facing = inner(axis, ray)
            guard abs(facing) > 1e-9 else { continue }
            let distance = inner(axis, target.toCenter) / facing
            guard distance > 1e-6, distance < bestDistance else { continue }
            let at = ray * distance - target.toCenter
            let x = inner(target.placement.right, at)
            let z = inner(target.placement.up, at)
            let over = rim * distance
            guard abs(x) <= target.half.x + over, abs(z) <= target.half.y + over else { continue }
            bestDistance = distance
            // A panel from behind hides what is beyond it and gives no light.
            guard facing > 0 else {
                best = .nothing
                continue
            }
            best = WallPoint(
                panel: Int32(index),
                column: (x / target.half.x + 1) / 2 * target.columns - 0.5,
                row: (1 - z / target.half.y) / 2 * target.rows - 0.5)
        }
        return best
    }
}
