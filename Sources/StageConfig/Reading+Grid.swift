import Geometry
import StageModel

/// Where a `canvas` group puts its pixels.
struct CanvasSpot {
    static let what = "where its pixels stand: processor, x, y, rotationDegrees"

    var item: Item
    var processor: Int
    var x: Int
    var y: Int
    var quarterTurns: Int

    /// The block of so many pixels that stands here.
    func block(width: Int, height: Int) -> CanvasBlock {
        CanvasBlock(x: x, y: y, width: width, height: height, quarterTurns: quarterTurns)
    }
}

/// A grid of equal panels.
struct Grid {
    var wall: String
    var index: Int
    var columns: Int
    var rows: Int
    var shape: WallShape
    var product: Int
    var model: PanelProduct

    /// A name of `column` and `row` from 0: `main/c1r1` is the top left.
    func name(_ column: Int, _ row: Int) -> String { "\(wall)/c\(column + 1)r\(row + 1)" }

    /// A panel of the grid, fed by a rectangle.
    func panel(_ column: Int, _ row: Int, _ spot: CanvasSpot, _ canvas: CanvasRect) -> Panel {
        Panel(
            name: name(column, row), wall: index, product: product,
            stageFromPanel: shape.stageFromPanel(
                column: column, row: row, columns: columns, rows: rows, width: model.width,
                height: model.height),
            processor: spot.processor, canvas: canvas, quarterTurns: spot.quarterTurns)
    }
}

extension Reading {
    /// A wall of equal panels in columns and rows.
    func grid(
        _ reader: MapReader, _ kind: WallKind, wall: String?, at index: Int,
        _ context: WallContext
    ) -> [Placement]? {
        let item = reader.required("product", "the name of a product")
        let product = context.products.names.index(of: item)
        let columns = reader.integer("columns", 1...1000, "panels across the wall")
        let rows = reader.integer("rows", 1...1000, "panels down the wall")
        let shape = shape(reader, kind, columns, context.products[product])
        let parts = reader.required("canvas", CanvasSpot.what).flatMap {
            canvasParts($0, columns, rows, context.processors)
        }
        let overrides = overrides(reader, wall, columns, rows, context.processors)
        guard let product, let columns, let rows, let shape, let parts, let overrides,
            let model = context.products[product]
        else { return nil }
        guard columns * rows <= StageLimits.panels else {
            reader.complain(
                "columns", "\(columns) × \(rows)",
                "a stage has at most \(StageLimits.panels) panels")
            return nil
        }
        let grid = Grid(
            wall: wall ?? "", index: index, columns: columns, rows: rows, shape: shape,
            product: product, model: model)
        return placements(grid, parts, overrides, reader)
    }

    private func shape(
        _ reader: MapReader, _ kind: WallKind, _ columns: Int?, _ product: PanelProduct?
    ) -> WallShape? {
        switch kind {
        case .arc: return arc(reader, columns, product)
        case .ceiling:
            let center = reader.numbers(
                "centerMeters", 2...2, -500...500, unit: "meters", "the ceiling's middle [x, y]")
            let height = reader.number(
                "heightMeters", 0...100, unit: "meters", "height of the LED surface")
            let pan = angle(reader, "panDegrees")
            guard let center, let height, let pan else { return nil }
            return .ceiling(center: Vector3(center[0], center[1], height), pan: pan)
        default: return pose(reader).map { .flat(stageFromWall: $0) }
        }
    }

    private func arc(_ reader: MapReader, _ columns: Int?, _ product: PanelProduct?) -> WallShape? {
        let center = reader.numbers(
            "centerMeters", 3...3, -500...500, unit: "meters",
            "the arc's axis [x, y] and the height of its lower edge [z]")
        let radius = reader.number(
            "radiusMeters", 0.5...200, unit: "meters", "from the axis to the LED surface")
        let middle = angle(reader, "centerPanDegrees")
        let step = reader.optional("angleStepDegrees")
        let degrees = step.map { $0.number(0.01...90, unit: "degrees") }
        guard let center, let radius, let middle, let product, let columns else { return nil }
        let touching = WallShape.touchingStep(radius: radius, width: product.width)
        var angle = touching
        if let degrees {
            guard let degrees else { return nil }
            angle = degrees * .pi / 180
            // Cabinet edges are beveled; a hundredth of the angle is not a collision.
            guard angle >= 0.99 * touching else {
                let least = (touching * 18000 / .pi).rounded(.up) / 100
                return step?.complain(
                    "cabinets would run into each other: at this radius and width the step is "
                        + "at least \(plain(least))")
            }
        }
        guard Double(columns) * angle <= 2 * .pi * 1.01 else {
            let most = Int(2 * .pi * 1.01 / angle)
            reader.complain(
                "columns", "\(columns)", "the arc would close on itself: \(most) fit at this step")
            return nil
        }
        return .arc(
            center: Vector3(center[0], center[1], center[2]), radius: radius, step: angle,
            middle: middle)
    }
}
