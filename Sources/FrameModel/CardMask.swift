/// Which cells of a card's mip level show nothing and which hide all that is behind, so that a
/// renderer leaves out what nobody can see.
///
/// A cell is 8 × 8 texels. Plain bytes; the words belong to the scene's block.
public struct CardMask: BitwiseCopyable {
    /// Texels across and down a cell, as a shift.
    public static let cellShift = 3

    /// First all rows of cells with anything to see, then all rows of cells with a texel that is
    /// not opaque; bit c of word c / 64 of a row is cell c.
    public var words: UnsafePointer<UInt64>?
    /// Cells across.
    public var columns: Int32
    /// Cells down.
    public var rows: Int32

    /// What a part of a card shows.
    public enum Content: BitwiseCopyable {
        /// Nothing.
        case clear
        /// Something; what is behind may be seen.
        case mixed
        /// All of it opaque.
        case solid
    }

    /// No mask: all mixed.
    public init() { (words, columns, rows) = (nil, 0, 0) }

    /// A mask over words that hold `wordCount(columns:rows:)` of the scene's block.
    public init(words: UnsafePointer<UInt64>, columns: Int, rows: Int) {
        (self.words, self.columns, self.rows) = (words, Int32(columns), Int32(rows))
    }

    /// Goes over to the same mask so many bytes away.
    /// - Frame path: yes
    public mutating func move(by distance: Int) {
        // By numbers: of a damaged block the sum may be no address at all.
        words = words.flatMap { UnsafePointer(bitPattern: Int(bitPattern: $0) &+ distance) }
    }

    /// Words in a row of cells.
    public static func stride(columns: Int) -> Int { (columns &+ 63) &>> 6 }

    /// Words of a whole mask.
    public static func wordCount(columns: Int, rows: Int) -> Int {
        2 * rows * stride(columns: columns)
    }

    /// Cells that a number of texels makes.
    public static func cells(texels: Int) -> Int {
        (texels &+ (1 &<< cellShift) &- 1) &>> cellShift
    }

    /// What bilinear samples between two texel places show; whole places are texel centres, places
    /// beyond the picture are its edge's.
    /// - Frame path: yes
    public func content(across: (Double, Double), down: (Double, Double)) -> Content {
        guard let words else { return .mixed }
        let first = CardMask.cell(across.0, columns)
        let last = CardMask.cell(across.1 + 1, columns)
        let top = CardMask.cell(down.0, rows)
        let bottom = CardMask.cell(down.1 + 1, rows)
        let stride = CardMask.stride(columns: Int(columns))
        let holed = words + Int(rows) &* stride
        var (anySeen, anyHole): (UInt64, UInt64) = (0, 0)
        var row = top
        while row <= bottom {
            var word = first &>> 6
            while word <= last &>> 6 {
                let wanted = CardMask.bits(from: first &- word &* 64, to: last &- word &* 64)
                anySeen |= words[row &* stride &+ word] & wanted
                anyHole |= holed[row &* stride &+ word] & wanted
                word &+= 1
            }
            row &+= 1
        }
        return anySeen == 0 ? .clear : anyHole == 0 ? .solid : .mixed
    }

    /// The cell of a texel place, the outermost one beyond; a NaN gives the first.
    private static func cell(_ place: Double, _ count: Int32) -> Int {
        let most = Double((Int(count) &<< cellShift) &- 1)
        return Int(Swift.max(0, Swift.min(place, most))) &>> cellShift
    }

    /// Bits `from` … `to` of a word, as far as they lie in it.
    private static func bits(from: Int, to: Int) -> UInt64 {
        let low = Swift.max(0, from)
        let high = Swift.min(63, to)
        return (UInt64.max &>> UInt64(63 &- (high &- low))) &<< UInt64(low)
    }
}
