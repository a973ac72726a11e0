import Foundation
import StageModel

/// How far the light of a scene on the wall is from what the camera ought to see there, by the mean
/// light of small blocks of LEDs.
///
/// The truth of an LED is the mean over places all over its pixel, cast from the camera's eye.
/// Where within a block light stands is not looked at: that is what the gratings are for.
struct SceneVerdict: Sendable {
    /// Of every block looked at.
    private(set) var errors = ColorErrors()

    /// LEDs of a block each way: its edges are then a small part of it.
    static let side = 8
    /// Places across and down an LED's pixel that its truth is the mean of.
    private static let places = 3

    private let stage: Stage
    private let colors: WallColors

    init(stage: Stage) {
        self.stage = stage
        colors = WallColors(stage)
    }

    /// A block: its panel, and its first column and row there.
    private struct Block: Hashable {
        var panel: Int
        var column: Int
        var row: Int
    }

    /// Takes one moment: the lit wall and the scene as the camera's eye sees it.
    mutating func take(
        wall: WallLight, canvases: [StreamReceiver], view: WallView, camera: SimulatedCamera,
        sight: SceneSight
    ) {
        let blocks = blocks(view, camera)
        let (stage, colors) = (stage, colors)
        let found = filled(Double.nan, rows: blocks.count, columns: 1) { index, out in
            let block = blocks[index]
            let panel = stage.panels[block.panel]
            guard
                let truth = SceneVerdict.truth(
                    block, stage, colors.wallFromScene[panel.wall], camera.pupil.origin, sight)
            else { return }
            let side = SceneVerdict.side
            var light = SIMD3<Double>(repeating: 0)
            for row in block.row..<block.row + side {
                for column in block.column..<block.column + side {
                    light += wall.led(block.panel, column, row, canvases)
                }
            }
            out[0] = colors.difference(light / Double(side * side), truth, wall: panel.wall)
        }
        for difference in found { errors.add(difference.isNaN ? nil : difference) }
    }

    /// Every second block each way that stands whole in the camera's picture.
    private func blocks(_ view: WallView, _ camera: SimulatedCamera) -> [Block] {
        let step = 2 * SceneVerdict.side
        var found: Set<Block> = []
        for point in view.points where point.panel >= 0 {
            found.insert(
                Block(
                    panel: Int(point.panel), column: Int(max(0, point.column)) / step * step,
                    row: Int(max(0, point.row)) / step * step))
        }
        let whole = found.filter { block in
            let panel = stage.panels[block.panel]
            let product = stage.products[panel.product]
            let side = SceneVerdict.side
            guard block.column + side <= product.columns, block.row + side <= product.rows else {
                return false
            }
            return [(0, 0), (side, 0), (0, side), (side, side)].allSatisfy { column, row in
                let at = SceneVerdict.place(
                    panel, product, Double(block.column + column) - 0.5,
                    Double(block.row + row) - 0.5)
                guard let point = camera.picturePoint(of: at) else { return false }
                return point.x >= 0 && point.y >= 0 && point.x <= Double(camera.width)
                    && point.y <= Double(camera.height)
            }
        }
        return whole.sorted { ($0.panel, $0.row, $0.column) < ($1.panel, $1.row, $1.column) }
    }

    /// The stage point of a continuous place among a panel's LEDs.
    private static func place(
        _ panel: Panel, _ product: PanelProduct, _ column: Double, _ row: Double
    ) -> SIMD3<Double> {
        Placement(panel.stageFromPanel).point(
            SIMD3(
                ((column + 0.5) / Double(product.columns) - 0.5) * product.width, 0,
                (0.5 - (row + 0.5) / Double(product.rows)) * product.height))
    }

    /// Mean light of a block, nits; nil where the wall cannot show all of it.
    private static func truth(
        _ block: Block, _ stage: Stage, _ wallFromScene: Rows, _ eye: SIMD3<Double>,
        _ sight: SceneSight
    ) -> SIMD3<Double>? {
        let panel = stage.panels[block.panel]
        let product = stage.products[panel.product]
        let peak = stage.walls[panel.wall].peakNits
        let count = side * places
        var sum = SIMD3<Double>(repeating: 0)
        for row in 0..<count {
            for column in 0..<count {
                func along(_ index: Int, _ first: Int) -> Double {
                    Double(first) - 0.5 + (Double(index) + 0.5) / Double(places)
                }
                let at = place(panel, product, along(column, block.column), along(row, block.row))
                let light = wallFromScene.applied(to: sight.color(along: unit(at - eye)))
                let strongest = max(light.x, max(light.y, light.z))
                let weakest = min(light.x, min(light.y, light.z))
                guard strongest <= peak, weakest >= -0.002 * strongest else { return nil }
                sum += light
            }
        }
        return sum / Double(count * count)
    }
}
