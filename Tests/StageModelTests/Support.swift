import Color
import Geometry
import StageModel

/// A small oblong product: 8 × 5 pixels of 10 mm.
let oblong = PanelProduct(name: "oblong", width: 0.08, height: 0.05, columns: 8, rows: 5)

/// The panels of a grid of oblongs, fed by one block turned as a whole.
func grid(
    _ shape: WallShape, columns: Int, rows: Int, quarterTurns: Int = 0, x: Int = 3, y: Int = 2
) -> [Panel] {
    let block = CanvasBlock(
        x: x, y: y, width: columns * oblong.columns, height: rows * oblong.rows,
        quarterTurns: quarterTurns)
    var panels: [Panel] = []
    for column in 0..<columns {
        for row in 0..<rows {
            let part = CanvasRect(
                x: column * oblong.columns, y: row * oblong.rows, width: oblong.columns,
                height: oblong.rows)
            panels.append(
                Panel(
                    name: "w/c\(column + 1)r\(row + 1)", wall: 0, product: 0,
                    stageFromPanel: shape.stageFromPanel(
                        column: column, row: row, columns: columns, rows: rows,
                        width: oblong.width, height: oblong.height),
                    processor: 0, canvas: block.rect(of: part), quarterTurns: quarterTurns))
        }
    }
    return panels
}

let slanted = WallShape.flat(
    stageFromWall: Pose(pan: 0.4, tilt: -0.1, roll: 0.05, translation: Vector3(1, 4, 0.5)))
