public import StageModel

/// What a camera sees of the lit wall alone: for difference mattes and garbage mattes.
///
/// Nobody stands before this wall. The picture is linear ACEScg with 1.0 where the scene's light is
/// 1.0, and its alpha is 1 where a picture's pixel sees the wall, 0 beside it.
public struct WallPlate: Sendable {
    /// Pixels across.
    public let width: Int
    /// Pixels down.
    public let height: Int
    /// R, G, B and A a pixel, premultiplied, rows top to bottom.
    public let pixels: [Float]

    /// Alpha alone, 8 bit.
    public var matte: [UInt8] {
        stride(from: 3, to: pixels.count, by: 4).map { UInt8(pixels[$0] * 255) }
    }
}

/// Photographs the lit wall from any camera.
public struct PlatePhotographer: Sendable {
    private let stage: Stage
    private let wall: WallLight
    private let walls: [Rows]

    /// For a stage and what the stream of each processor says of itself.
    public init(stage: Stage, formats: [StreamFormat]) {
        self.stage = stage
        wall = WallLight(stage: stage, formats: formats)
        walls = stage.walls.map { wall in
            let m = Colorimetry.converting(wall.primaries, to: Colorimetry.working)
            return Rows(
                m.a / wall.nitsPerUnit, m.b / wall.nitsPerUnit, m.c / wall.nitsPerUnit)
        }
    }

    /// What a camera sees of the wall while the receivers' canvases stand on it.
    public func plate(from camera: SimulatedCamera, of canvases: [StreamReceiver]) -> WallPlate {
        let grid = SampleGrid(width: camera.width, height: camera.height, step: 1)
        // Cracks between panels that are finer than the picture are no holes in it.
        let view = WallView(stage: stage, camera: camera, grid: grid, rim: camera.pixelAngle / 2)
        let (wall, walls, panels, columns) = (wall, walls, stage.panels, grid.columns)
        let lit = filled(SIMD4<Float>.zero, rows: grid.rows, columns: columns) { row, out in
            for column in 0..<columns {
                let point = view.points[row * columns + column]
                guard point.panel >= 0 else { continue }
                let panel = Int(point.panel)
                let light = walls[panels[panel].wall].applied(
                    to: wall.light(
                        panel: panel, column: point.column, row: point.row, canvases: canvases))
                out[column] = SIMD4(SIMD3<Float>(light), 1)
            }
        }
        var pixels: [Float] = []
        pixels.reserveCapacity(4 * lit.count)
        for pixel in lit { for channel in 0..<4 { pixels.append(pixel[channel]) } }
        return WallPlate(width: grid.columns, height: grid.rows, pixels: pixels)
    }
}
