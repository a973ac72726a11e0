import Color
import FrameModel
import Geometry
import StageModel

/// A facet as patterns are drawn on it.
struct PatternFacet: BitwiseCopyable {
    var block: CanvasBlock
    var wall: Int
    /// Stage coordinates at the block's top left corner, metres, and their steps a pixel.
    var origin: Vector3
    var right: Vector3
    var down: Vector3

    init(_ facet: Facet) {
        block = facet.upright
        wall = facet.wall
        origin = facet.stagePoint(uprightX: 0, y: 0)
        right = facet.stagePoint(uprightX: 1, y: 0) - origin
        down = facet.stagePoint(uprightX: 0, y: 1) - origin
    }
}

/// A panel as patterns are drawn on it.
struct PatternPanel: BitwiseCopyable {
    /// Glyphs of the longest name that is drawn.
    static let nameMax = 16

    var block: CanvasBlock
    var wall: Int
    /// Index into `Stage.panels`.
    var index: Int
    /// Glyphs of its number, counted from 1.
    var number: InlineArray<16, UInt8>
    var numberCount: Int
    /// Glyphs of its name, as many as there is room for.
    var name: InlineArray<16, UInt8>
    var nameCount: Int
    /// Its dots, and the number of the first.
    var dots: DotGrid
    var firstDot: Int

    init(_ panel: Panel, _ index: Int, of product: PanelProduct, firstDot: Int) {
        block = CanvasBlock(
            x: panel.canvas.x, y: panel.canvas.y, width: product.columns, height: product.rows,
            quarterTurns: panel.quarterTurns)
        wall = panel.wall
        self.index = index
        let digits = PatternGlyphs.glyphs("\(index + 1)")
        number = InlineArray { $0 < digits.count ? digits[$0] : 0 }
        numberCount = digits.count
        let letters = PatternGlyphs.glyphs(panel.name).suffix(Self.nameMax)
        let first = letters.startIndex
        name = InlineArray { $0 < letters.count ? letters[first + $0] : 0 }
        nameCount = letters.count
        dots = DotGrid(columns: product.columns, rows: product.rows)
        self.firstDot = firstDot
    }
}

/// Where a panel stands.
struct PatternPlace: BitwiseCopyable {
    var wall: Int
    /// Its middle, stage metres.
    var middle: Vector3
}

/// The light of a wall as codes of its processor.
struct PatternWall: BitwiseCopyable {
    var transfer: TransferFunction
    /// Nits of signal 1.
    var fullScaleNits: Double
    var peakNits: Double
}

/// One processor as patterns are drawn on it.
struct PatternCanvas {
    var width: Int
    var height: Int
    var depth: Int
    var range: CodeRange
    /// Places of its facets and panels in the drawer's tables.
    var facets: Range<Int>
    var panels: Range<Int>
    var number: Int

    /// Codes of signal 0 and 1.
    /// - Frame path: yes
    var ends: (black: Double, white: Double) {
        (range.black(bitDepth: depth), range.black(bitDepth: depth) + range.span(bitDepth: depth))
    }

    /// The code of light on a wall, dimmed by what the blackout leaves; never above its peak.
    /// - Frame path: yes
    func code(nits: Double, _ wall: PatternWall, dimmed light: Double) -> UInt16 {
        code(beyond: min(nits, wall.peakNits), wall, dimmed: light)
    }

    /// The same, up to the highest code there is.
    /// - Frame path: yes
    func code(beyond nits: Double, _ wall: PatternWall, dimmed light: Double) -> UInt16 {
        let nits = max(0, nits) * light
        guard nits > 0 else { return UInt16(ends.black) }
        let signal = wall.transfer.signal(light: nits / wall.fullScaleNits)
        return UInt16(range.code(signal: signal, bitDepth: depth).rounded())
    }
}
