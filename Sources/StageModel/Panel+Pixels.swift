public import Geometry

extension Panel {
    /// The canvas pixel that feeds a pixel of the panel (column, row from its top left).
    public func canvasPixel(column: Int, row: Int, of product: PanelProduct) -> SIMD2<Int> {
        let block = CanvasBlock(
            x: canvas.x, y: canvas.y, width: product.columns, height: product.rows,
            quarterTurns: quarterTurns)
        let pixel = block.rect(of: CanvasRect(x: column, y: row, width: 1, height: 1))
        return SIMD2(pixel.x, pixel.y)
    }

    /// The stage point of the centre of a pixel of the panel, metres.
    public func stagePoint(column: Int, row: Int, of product: PanelProduct) -> Vector3 {
        let x = (Double(column) + 0.5) / Double(product.columns) - 0.5
        let z = 0.5 - (Double(row) + 0.5) / Double(product.rows)
        return stageFromPanel * Vector3(x * product.width, 0, z * product.height)
    }
}

extension Facet {
    /// The facet of one panel.
    public init(_ panel: Panel, of product: PanelProduct) {
        let right = panel.stageFromPanel.rotation.x * (product.width / Double(product.columns))
        let down = panel.stageFromPanel.rotation.z * (-product.height / Double(product.rows))
        let (lastColumn, lastRow) = (product.columns - 1, product.rows - 1)
        // Which panel pixel the rectangle's top left feeds, and where its rows and columns go.
        let (column, row, alongX, alongY) =
            switch panel.quarterTurns {
            case 1: (0, lastRow, -down, right)
            case 2: (lastColumn, lastRow, -right, -down)
            case 3: (lastColumn, 0, down, -right)
            default: (0, 0, right, down)
            }
        self.init(
            processor: panel.processor, wall: panel.wall, canvas: panel.canvas,
            origin: panel.stagePoint(column: column, row: row, of: product), alongX: alongX,
            alongY: alongY)
    }

    /// The stage point of the centre of a canvas pixel, metres.
    ///
    /// Fractions are between pixel centres.
    /// - Frame path: yes
    @inlinable
    public func stagePoint(_ x: Double, _ y: Double) -> Vector3 {
        origin + alongX * (x - Double(canvas.x)) + alongY * (y - Double(canvas.y))
    }
}
