import StageModel

/// Capital letters and figures of five by seven squares, for panels to say their names with.
enum PatternGlyphs {
    /// Squares from one glyph to the next.
    static let pitch = 6
    /// Squares of a glyph's height.
    static let height = 7

    /// A text as places in `shapes`; what has no shape is a blank.
    static func glyphs(_ text: String) -> [UInt8] {
        text.uppercased().map { character in
            UInt8(
                order.firstIndex(of: character).map {
                    order.distance(from: order.startIndex, to: $0)
                } ?? 0)
        }
    }

    /// A glyph for each shape; the first is the blank.
    private static let order = " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-/._+"

    /// Seven rows of five squares, the top row in the highest bits, the left square in each row's.
    ///
    /// In a table that a frame reads without a lock: it is made when a drawer is.
    static let shapes: [UInt64] = [
        "00 00 00 00 00 00 00", "0E 11 13 15 19 11 0E", "04 0C 04 04 04 04 0E",
        "0E 11 01 02 04 08 1F", "1F 02 04 02 01 11 0E", "02 06 0A 12 1F 02 02",
        "1F 10 1E 01 01 11 0E", "06 08 10 1E 11 11 0E", "1F 01 02 04 08 08 08",
        "0E 11 11 0E 11 11 0E", "0E 11 11 0F 01 02 0C",
        "0E 11 11 1F 11 11 11", "1E 11 11 1E 11 11 1E", "0E 11 10 10 10 11 0E",
        "1C 12 11 11 11 12 1C", "1F 10 10 1E 10 10 1F", "1F 10 10 1E 10 10 10",
        "0E 11 10 17 11 11 0F", "11 11 11 1F 11 11 11", "0E 04 04 04 04 04 0E",
        "07 02 02 02 02 12 0C", "11 12 14 18 14 12 11", "10 10 10 10 10 10 1F",
        "11 1B 15 15 11 11 11", "11 11 19 15 13 11 11", "0E 11 11 11 11 11 0E",
        "1E 11 11 1E 10 10 10", "0E 11 11 11 15 12 0D", "1E 11 11 1E 14 12 11",
        "0F 10 10 0E 01 01 1E", "1F 04 04 04 04 04 04", "11 11 11 11 11 11 0E",
        "11 11 11 11 11 0A 04", "11 11 11 15 15 15 0A", "11 11 0A 04 0A 11 11",
        "11 11 11 0A 04 04 04", "1F 01 02 04 08 10 1F",
        "00 00 00 1F 00 00 00", "00 01 02 04 08 10 00", "00 00 00 00 00 0C 0C",
        "00 00 00 00 00 00 1F", "00 04 04 1F 04 04 00",
    ].map { rows in
        rows.split(separator: " ").reduce(0) { $0 << 5 | UInt64($1, radix: 16)! }
    }
}

extension PatternBrush {
    /// Draws a glyph of a block, its squares `scale` pixels wide, from its top left corner.
    /// - Frame path: yes
    func draw(
        _ shape: UInt64, x: Int, y: Int, scale: Int, of block: CanvasBlock, _ color: Codes
    ) {
        for row in 0..<7 {
            for column in 0..<5 where shape >> UInt64(34 &- row &* 5 &- column) & 1 == 1 {
                fill(
                    CanvasRect(
                        x: x &+ column &* scale, y: y &+ row &* scale, width: scale,
                        height: scale), of: block, color)
            }
        }
    }
}
