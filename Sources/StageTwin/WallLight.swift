public import Color
import Foundation
import Geometry
import StageModel

/// What a processor makes of a code value, by the book.
public enum ProcessorLight {
    /// Nits of a code value.
    ///
    /// Full range: V = code / (2ⁿ − 1); narrow: V = (code / 2ⁿ⁻⁸ − 16) / 219 (ITU-R BT.2100
    /// table 9). PQ is absolute (ST 2084 §5.2) and ends at the wall's peak.
    public static func nits(
        code: Int, depth: Int, range: CodeRange, transfer: TransferFunction, peakNits: Double
    ) -> Double {
        var v: Double
        switch range {
        case .full: v = Double(code) / Double((1 << depth) - 1)
        case .narrow: v = (Double(code) / Double(1 << (depth - 8)) - 16) / 219
        }
        v = min(1, max(0, v))
        switch transfer {
        case .pq:
            let p = pow(v, 32.0 / 2523)
            let light = max(0, p - 3424.0 / 4096) / (2413.0 / 128 - 2392.0 / 128 * p)
            return min(peakNits, 10000 * pow(light, 16384.0 / 2610))
        case .gamma(let exponent): return peakNits * pow(v, exponent)
        case .linear: return peakNits * v
        }
    }
}

/// The lit wall: received canvases as nits on every LED of every panel.
///
/// Between LED centers light is linear in both directions within one panel; the half pixel round
/// the outermost LEDs continues the panel's own slope, so that a border neither flattens nor
/// borrows from its neighbor.
struct WallLight: Sendable {
    private struct Lamp: Sendable {
        var processor: Int
        var table: Int
        var columns: Int
        var rows: Int
        var canvas: CanvasRect
        var turns: Int
        /// Place in the stage, and what its wall's fault needs of it.
        var panel: Int
        var wall: Int
        var placement: Placement
        var half: SIMD2<Double>
    }

    private var lamps: [Lamp]
    /// Nits by code value, one table a pair of processor and wall.
    private var tables: [[Double]]
    private var ranges: [CodeRange]
    private var chroma: [LumaWeights]
    private let fault: WallFault?
    private let peaks: [Double]
    private let turns: [Rows]

    init(stage: Stage, formats: [StreamFormat], fault: WallFault? = nil) {
        self.fault = fault
        peaks = stage.walls.map(\.peakNits)
        turns = stage.walls.map { (fault ?? WallFault()).turn(of: $0) }
        var places: [SIMD2<Int>: Int] = [:]
        var tables: [[Double]] = []
        lamps = stage.panels.enumerated().map { index, panel in
            let pair = SIMD2(panel.processor, panel.wall)
            let product = stage.products[panel.product]
            if places[pair] == nil {
                let processor = stage.processors[panel.processor]
                let depth = formats[panel.processor].depth
                places[pair] = tables.count
                tables.append(
                    (0..<1 << depth).map {
                        ProcessorLight.nits(
                            code: $0, depth: depth, range: processor.range,
                            transfer: processor.transfer,
                            peakNits: stage.walls[panel.wall].peakNits)
                    })
            }
            return Lamp(
                processor: panel.processor, table: places[pair] ?? 0, columns: product.columns,
                rows: product.rows, canvas: panel.canvas, turns: panel.quarterTurns, panel: index,
                wall: panel.wall, placement: Placement(panel.stageFromPanel),
                half: SIMD2(product.width / 2, product.height / 2))
        }
        self.tables = tables
        ranges = stage.processors.map(\.range)
        chroma = stage.processors.indices.map { processor in
            let panel = stage.panels.first { $0.processor == processor }
            return LumaWeights(primaries: panel.map { stage.walls[$0.wall].primaries })
        }
    }

    /// Light of one LED in its wall's red, green and blue, nits.
    func led(
        _ panel: Int, _ column: Int, _ row: Int, _ canvases: [StreamReceiver]
    ) -> SIMD3<Double> {
        led(lamps[panel], column, row, canvases)
    }

    private func led(_ lamp: Lamp, _ c: Int, _ r: Int, _ canvases: [StreamReceiver]) -> SIMD3<
        Double
    > {
        let rect = lamp.canvas
        let (x, y): (Int, Int)
        switch lamp.turns {
        case 0: (x, y) = (c, r)
        case 1: (x, y) = (lamp.rows - 1 - r, c)
        case 2: (x, y) = (lamp.columns - 1 - c, lamp.rows - 1 - r)
        default: (x, y) = (r, lamp.columns - 1 - c)
        }
        var code = canvases[lamp.processor].samples(column: rect.x + x, row: rect.y + y)
        if canvases[lamp.processor].format.sampling == .yCbCr422 {
            code = chroma[lamp.processor].rgb(
                code, depth: canvases[lamp.processor].format.depth, range: ranges[lamp.processor])
        }
        let table = tables[lamp.table]
        let asked = SIMD3(table[code.x], table[code.y], table[code.z])
        guard let fault else { return asked }
        return fault.light(
            asked: asked, panel: lamp.panel, peakNits: peaks[lamp.wall], turns[lamp.wall])
    }

    /// Part of a place's light that goes to an eye.
    func share(
        panel: Int, column: Double, row: Double, eye: SIMD3<Double>
    ) -> SIMD3<Double> {
        guard let fault, !fault.angle.isEmpty else { return SIMD3(repeating: 1) }
        let lamp = lamps[panel]
        let x = (2 * (column + 0.5) / Double(lamp.columns) - 1) * lamp.half.x
        let z = (1 - 2 * (row + 0.5) / Double(lamp.rows)) * lamp.half.y
        let place = lamp.placement
        let ray = eye - (place.origin + place.right * x + place.up * z)
        return fault.share(
            right: inner(place.right, ray), up: inner(place.up, ray),
            out: -inner(place.forward, ray))
    }

    /// Light at a continuous place of a panel (LED centers are whole numbers), nits.
    func light(
        panel: Int, column: Double, row: Double, canvases: [StreamReceiver]
    ) -> SIMD3<Double> {
        let lamp = lamps[panel]
        let c = max(0, min(lamp.columns - 2, Int(column.rounded(.down))))
        let r = max(0, min(lamp.rows - 2, Int(row.rounded(.down))))
        let s = column - Double(c)
        let t = row - Double(r)
        let upper =
            led(lamp, c, r, canvases) * (1 - s) + led(lamp, c + 1, r, canvases) * s
        let lower =
            led(lamp, c, r + 1, canvases) * (1 - s) + led(lamp, c + 1, r + 1, canvases) * s
        return upper * (1 - t) + lower * t
    }
}

/// How Y′CbCr was made of R′G′B′.
struct LumaWeights: Sendable {
    var red: Double
    var blue: Double

    /// BT.2020 weights (table 4) where the wall has BT.2020's primaries, else BT.709's (item 3.2).
    init(primaries: Primaries?) {
        if let primaries, primaries.red.x == 0.708, primaries.green.y == 0.797 {
            (red, blue) = (0.2627, 0.0593)
        } else {
            (red, blue) = (0.2126, 0.0722)
        }
    }

    /// R′, G′, B′ codes of Y′, Cb, Cr codes (ITU-R BT.2020 table 4, BT.709 §3).
    func rgb(_ code: SIMD3<Int>, depth: Int, range: CodeRange) -> SIMD3<Int> {
        let unit = Double(1 << (depth - 8))
        let top = Double((1 << depth) - 1)
        let full = range == .full
        let y = full ? Double(code.x) / top : (Double(code.x) / unit - 16) / 219
        let chromaScale = full ? top : 224 * unit
        let cb = (Double(code.y) - 128 * unit) / chromaScale
        let cr = (Double(code.z) - 128 * unit) / chromaScale
        let r = y + 2 * (1 - red) * cr
        let b = y + 2 * (1 - blue) * cb
        let g = (y - red * r - blue * b) / (1 - red - blue)
        func number(_ v: Double) -> Int {
            let value = full ? v * top : (219 * v + 16) * unit
            return Int(min(top, max(0, value.rounded())))
        }
        return SIMD3(number(r), number(g), number(b))
    }
}
