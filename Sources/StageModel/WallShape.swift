import Glibc
public import Geometry

/// How a wall's grid of equal panels hangs on the stage.
///
/// Columns are counted from the left and rows from the top, both as seen from the stage; sizes in
/// metres, angles in radians. Explicit poses need no shape.
public enum WallShape: Sendable, Equatable {
    /// A plane. Wall space has its origin in the middle of the plane's lower edge, X right, Z up
    /// and Y into the wall.
    case flat(stageFromWall: Pose)
    /// Columns on a circle about a vertical axis, every panel facing the axis.
    ///
    /// `center` is the axis at the height of the lower edge, `radius` the distance from the axis
    /// to the middle of a column's LED surface, `step` the angle from column to column and
    /// `middle` the pan (+ left) of the arc's middle.
    case arc(center: Vector3, radius: Double, step: Double, middle: Double)
    /// A plane overhead that looks down. With no pan its lowest row is the one furthest forward,
    /// where it meets a wall. `center` is the middle of its LED surface.
    case ceiling(center: Vector3, pan: Double)

    /// Where the panel of a column and row hangs, its size given in metres.
    public func stageFromPanel(
        column: Int, row: Int, columns: Int, rows: Int, width: Double, height: Double
    ) -> Pose {
        let right = Double(column) - 0.5 * Double(columns - 1)
        let up = Double(rows - 1 - row) + 0.5
        switch self {
        case .flat(let stageFromWall):
            return stageFromWall
                * Pose(
                    rotation: .identity, translation: Vector3(right * width, 0, up * height))
        case .arc(let center, let radius, let step, let middle):
            let turn = Pose(pan: middle - right * step, tilt: 0, roll: 0, translation: center)
            return turn
                * Pose(rotation: .identity, translation: Vector3(0, radius, up * height))
        case .ceiling(let center, let pan):
            let plane = Pose(pan: pan, tilt: .pi / 2, roll: 0, translation: center)
            let above = (up - 0.5 * Double(rows)) * height
            return plane
                * Pose(rotation: .identity, translation: Vector3(right * width, 0, above))
        }
    }

    /// The angle between columns at which neighbors of a width just touch on an arc of a radius.
    public static func touchingStep(radius: Double, width: Double) -> Double {
        2 * atan(0.5 * width / radius)
    }
}
