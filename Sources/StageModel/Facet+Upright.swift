public import Geometry

extension Facet {
    /// The facet as a block of pixels that hangs upright: its rows run down on the stage.
    ///
    /// What is drawn in the block's own pixels stands upright on the wall however the canvas is
    /// turned; on a floor or a ceiling it stands as on the canvas.
    public var upright: CanvasBlock {
        let turns: Int
        if max(abs(alongX.z), abs(alongY.z)) < 1e-3 * max(alongX.length, alongY.length) {
            turns = 0
        } else if abs(alongY.z) >= abs(alongX.z) {
            turns = alongY.z < 0 ? 0 : 2
        } else {
            turns = alongX.z < 0 ? 3 : 1
        }
        let isTurned = turns % 2 == 1
        return CanvasBlock(
            x: canvas.x, y: canvas.y, width: isTurned ? canvas.height : canvas.width,
            height: isTurned ? canvas.width : canvas.height, quarterTurns: turns)
    }

    /// The stage point of a place in the upright block, pixels from its top left corner.
    public func stagePoint(uprightX u: Double, y v: Double) -> Vector3 {
        let block = upright
        let (width, height) = (Double(block.width), Double(block.height))
        let (x, y) =
            switch block.quarterTurns {
            case 1: (height - v, u)
            case 2: (width - u, height - v)
            case 3: (v, width - u)
            default: (u, v)
            }
        return stagePoint(Double(canvas.x) + x - 0.5, Double(canvas.y) + y - 0.5)
    }
}
