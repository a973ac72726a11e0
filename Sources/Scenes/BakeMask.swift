import FrameModel

/// A level's texels → which of its cells are clear and which are solid.
struct MaskBake {
    let offset: Int
    let columns: Int
    let rows: Int

    /// Takes the next place for a level's mask.
    init(of level: BakeLayout.Level, from bytes: inout Int) {
        columns = CardMask.cells(texels: level.width)
        rows = CardMask.cells(texels: level.height)
        offset = bytes
        bytes = BakeLayout.align(bytes + 8 * CardMask.wordCount(columns: columns, rows: rows))
    }

    /// Where the mask lies, as renderers read it.
    func prepared(in block: UnsafeMutableRawPointer) -> CardMask {
        CardMask(words: words(in: block), columns: columns, rows: rows)
    }

    private func words(in block: UnsafeMutableRawPointer) -> UnsafeMutablePointer<UInt64> {
        (block + offset).bindMemory(
            to: UInt64.self, capacity: CardMask.wordCount(columns: columns, rows: rows))
    }

    /// Light without alpha (a glow) is something to see; opaque is an alpha of exactly 1.
    /// - Parameter isOpaque: all of it is, and need not be looked at.
    func bake(_ level: BakeLayout.Level, isOpaque: Bool, in block: UnsafeMutableRawPointer) {
        let count = CardMask.wordCount(columns: columns, rows: rows)
        let words = words(in: block)
        words.update(repeating: 0, count: count)
        if isOpaque {
            // Cells beyond the last are never asked for.
            words.update(repeating: .max, count: count / 2)
            return
        }
        let holed = words + count / 2
        let stride = CardMask.stride(columns: columns)
        let texels = level.texels(in: block) + BakeLayout.border * (level.stride + 1)
        for y in 0..<level.height {
            let line = texels + y * level.stride
            let row = (y >> CardMask.cellShift) * stride
            for x in 0..<level.width {
                let cell = x >> CardMask.cellShift
                let bit: UInt64 = 1 << UInt64(cell & 63)
                // Minus zero is nothing to see either.
                if line[x] & 0x7FFF_7FFF_7FFF_7FFF != 0 { words[row + cell >> 6] |= bit }
                if line[x] >> 48 != 0x3C00 { holed[row + cell >> 6] |= bit }
            }
        }
    }
}
