public import StageModel

/// Where the frame strips stand on a stage's facets.
///
/// As many as fit stand on every facet, upright, numbered facet by facet, row by row. The one that
/// draws them and the one that reads them in pictures both go by this.
public struct FrameStripGrid: Sendable {
    /// The strips of one facet.
    public struct Strips: BitwiseCopyable, Sendable {
        /// The facet's canvas block.
        public var block: CanvasBlock
        /// Number of the first strip.
        public var first: Int
        /// Side of a cell, wall pixels.
        public var cell: Int
        /// Strips side by side.
        public var columns: Int
        /// Strips above each other.
        public var rows: Int

        /// The block's pixels that some cells of a bar's width cover.
        ///
        /// - Parameters:
        ///   - strip: counted in the facet.
        ///   - bar: the first cell, from the upper mark's first.
        ///   - count: cells.
        /// - Frame path: yes
        public func rect(strip: Int, bar: Int, count: Int) -> CanvasRect {
            let (row, column) = strip.quotientAndRemainder(dividingBy: columns)
            let left = column &* block.width / columns
            let right = (column &+ 1) &* block.width / columns
            let top = row &* block.height / rows
            let bottom = (row &+ 1) &* block.height / rows
            let width = Swift.min(
                FrameStrip.barCells &* cell, Swift.max(1, right &- left &- 2 &* cell))
            let free = bottom &- top &- FrameStrip.cellsHigh &* cell
            return CanvasRect(
                x: left &+ (right &- left &- width) / 2,
                y: top &+ free / 2 &+ (FrameStrip.quietCells &+ bar) &* cell, width: width,
                height: count &* cell)
        }
    }

    /// Side of a cell asked for, wall pixels.
    public static let cellUsual = 4
    /// The largest that can be asked for.
    public static let cellMax = 16

    /// The strips of every facet, in the stage's order; none on facets lower than a strip.
    public let facets: [Strips]

    /// Strips on all facets.
    public var count: Int { facets.reduce(0) { $0 + $1.columns * $1.rows } }

    /// The strips of a stage's facets.
    ///
    /// - Parameters:
    ///   - facets: the stage's.
    ///   - cell: side of a cell, wall pixels; less on facets lower than a strip of it, more where
    ///     there would be more strips than numbers.
    public init(facets: [Facet], cell: Int) {
        let cell = max(1, min(Self.cellMax, cell))
        let blocks = facets.map(\.upright)
        // Twice as large has a quarter of the strips; where even the largest are too many, small
        // facets being many, the last ones have none.
        let sizes = [cell] + [2, 4, 8, 16].map { $0 * cell }
        let fitting = sizes.first { Self.strips(of: blocks, cell: $0).count <= Self.stripsMax }
        var strips = Self.strips(of: blocks, cell: fitting ?? cell).facets
        for index in strips.indices
        where strips[index].first + strips[index].columns * strips[index].rows > Self.stripsMax {
            (strips[index].columns, strips[index].rows) = (0, 0)
        }
        self.facets = strips
    }

    /// Strips that have a number.
    private static let stripsMax = 1 << FrameStrip.stripBits

    private static func strips(
        of blocks: [CanvasBlock], cell: Int
    ) -> (facets: [Strips], count: Int) {
        var first = 0
        let strips = blocks.map { block in
            let strips = Self.strips(of: block, first: first, cell: cell)
            first += strips.columns * strips.rows
            return strips
        }
        return (strips, first)
    }

    private static func strips(of block: CanvasBlock, first: Int, cell: Int) -> Strips {
        let cell = min(cell, block.height / FrameStrip.cellsHigh)
        guard cell > 0, block.width >= 4 * cell else {
            return Strips(block: block, first: first, cell: 1, columns: 0, rows: 0)
        }
        return Strips(
            block: block, first: first, cell: cell,
            columns: max(1, block.width / (FrameStrip.cellsWide * cell)),
            rows: block.height / (FrameStrip.cellsHigh * cell))
    }
}
