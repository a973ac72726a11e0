public import FrameModel
import Color
import Geometry
import Timing
public import StageModel

/// Draws test patterns straight into code values: what a processor is sent is exactly what the
/// pattern says, past every grade and curve.
///
/// Patterns of light (strips, grid, stops, flat) use the processor's own curve and the wall's peak.
/// Not for the packing into a wire format.
///
/// Sendable although it holds pointers: nothing is written after `init`.
public final class PatternDrawer: @unchecked Sendable {
    let canvases: UnsafeMutableBufferPointer<PatternCanvas>
    let walls: UnsafeMutableBufferPointer<PatternWall>
    let facets: UnsafeMutableBufferPointer<PatternFacet>
    let panels: UnsafeMutableBufferPointer<PatternPanel>
    /// The panels as the stage counts them: what a patch goes by.
    let places: UnsafeMutableBufferPointer<PatternPlace>
    /// Where on their canvases they are.
    let panelRects: UnsafeMutableBufferPointer<CanvasRect>
    /// Strips of every facet, for each size of a cell.
    let strips: UnsafeMutableBufferPointer<FrameStripGrid.Strips>
    let shapes: UnsafeMutableBufferPointer<UInt64>
    /// Frames of a quarter of a second.
    let blinkFrames: Int64

    /// Lays out a stage.
    public init(stage: Stage) {
        var facetsInOrder: [Int] = []
        var panelsInOrder: [Int] = []
        let canvases = stage.processors.enumerated().map { index, processor in
            let facets = stage.facets.indices.filter { stage.facets[$0].processor == index }
            let panels = stage.panels.indices.filter { stage.panels[$0].processor == index }
            defer {
                facetsInOrder += facets
                panelsInOrder += panels
            }
            return PatternCanvas(
                width: processor.width, height: processor.height, depth: processor.bitDepth,
                range: processor.range,
                facets: facetsInOrder.count..<facetsInOrder.count + facets.count,
                panels: panelsInOrder.count..<panelsInOrder.count + panels.count, number: index)
        }
        self.canvases = .copy(canvases)
        walls = .copy(
            stage.walls.map { wall in
                let processor = stage.processors[stage.panels[wall.panels.lowerBound].processor]
                return PatternWall(
                    transfer: processor.transfer,
                    fullScaleNits: processor.transfer.fullScaleNits(peakNits: wall.peakNits),
                    peakNits: wall.peakNits)
            })
        facets = .copy(facetsInOrder.map { PatternFacet(stage.facets[$0]) })
        let dots = DotGrid.numbers(of: stage).first
        panels = .copy(
            panelsInOrder.map { index in
                let panel = stage.panels[index]
                return PatternPanel(
                    panel, index, of: stage.products[panel.product], firstDot: dots[index])
            })
        places = .copy(
            stage.panels.map { PatternPlace(wall: $0.wall, middle: $0.stageFromPanel.translation) })
        panelRects = .copy(panels.map(\.block.rect))
        strips = .copy(
            (1...FrameStripGrid.cellMax).flatMap { cell in
                let grid = FrameStripGrid(facets: stage.facets, cell: cell)
                return facetsInOrder.map { grid.facets[$0] }
            })
        shapes = .copy(PatternGlyphs.shapes)
        blinkFrames = max(1, Int64((stage.rate.hertz / 4).rounded()))
    }

    deinit {
        canvases.deallocate()
        walls.deallocate()
        facets.deallocate()
        panels.deallocate()
        places.deallocate()
        panelRects.deallocate()
        strips.deallocate()
        shapes.deallocate()
    }

    /// Draws a tile of a processor's canvas.
    ///
    /// - Parameters:
    ///   - plan: which pattern; not `.picture`.
    ///   - light: what the blackout leaves, 1 … 0.
    ///   - processor: index into `Stage.processors`.
    ///   - tile: a part of its canvas.
    ///   - codes: where the tile's codes go; the first pixel lands on the first word.
    /// - Frame path: yes
    public func draw(
        _ plan: PatternPlan, light: Double, processor: Int, tile: CanvasRect,
        into codes: MutableCodePlanes
    ) {
        let sheet = PatternSheet(
            canvas: canvases[processor], plan: plan, light: light,
            brush: PatternBrush(tile: tile, codes: codes))
        sheet.brush.fill(tile, sheet.gray(sheet.canvas.ends.black))
        guard light > 0 else { return }
        switch plan.pattern {
        case .picture: break
        case .strip: drawStrips(sheet)
        case .grid: drawGrid(sheet)
        case .panels: drawPanels(sheet)
        case .identify: drawIdentified(sheet)
        case .ramp: drawRamp(sheet)
        case .range: drawRange(sheet)
        case .black: drawBlackSteps(sheet)
        case .stops: drawStops(sheet)
        case .checker: drawChecker(sheet)
        case .focus: drawFocus(sheet)
        case .flat: drawFlat(sheet)
        case .patches: drawPatch(sheet)
        case .dots: drawDots(sheet)
        }
    }
}

/// A tile and what is drawn on it.
struct PatternSheet {
    let canvas: PatternCanvas
    let plan: PatternPlan
    /// What the blackout leaves.
    let light: Double
    let brush: PatternBrush

    /// Gray of light, nits, on a wall.
    /// - Frame path: yes
    func gray(nits: Double, _ wall: PatternWall) -> Codes {
        Codes(repeating: canvas.code(nits: nits, wall, dimmed: light))
    }

    /// Gray of a code, drawn towards black as the blackout says.
    /// - Frame path: yes
    func gray(_ code: Double) -> Codes { Codes(repeating: dimmed(code)) }

    /// - Frame path: yes
    func dimmed(_ code: Double) -> UInt16 {
        let black = canvas.ends.black
        return UInt16((black + (code - black) * light).rounded())
    }

    /// It has a pixel in the tile.
    /// - Frame path: yes
    func isSeen(_ rect: CanvasRect) -> Bool { rect.overlaps(brush.tile) }
}

extension UnsafeMutableBufferPointer {
    /// Memory with the elements of an array.
    fileprivate static func copy(_ elements: [Element]) -> Self {
        let memory = Self.allocate(capacity: elements.count)
        _ = memory.initialize(from: elements)
        return memory
    }
}
