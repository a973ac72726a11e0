public import StageModel

/// The dots a panel shows to be found in pictures, and how they blink their numbers: what draws
/// them and what reads them go by this.
///
/// Four on a panel, one where it has fewer than 48 pixels a side; a quarter of their distance wide.
/// Dots of a stage are numbered panel by panel, row by row.
public struct DotGrid: BitwiseCopyable, Sendable, Equatable {
    /// Dots side by side.
    public let across: Int
    /// Dots above each other.
    public let down: Int
    /// Of a dot, panel pixels.
    public let diameter: Double
    private let columns: Int
    private let rows: Int

    /// The dots of a panel of so many pixels.
    public init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        across = columns >= 48 ? 2 : 1
        down = rows >= 48 ? 2 : 1
        diameter = max(6, Double(min(columns / across, rows / down)) / 4)
    }

    /// Dots of the panel.
    public var count: Int { across * down }

    /// The middle of a dot, panel pixels from the top left corner; whole or half, so that the
    /// pixels within it lie evenly about it.
    /// - Frame path: yes
    public func middle(_ dot: Int) -> SIMD2<Double> {
        let (row, column) = dot.quotientAndRemainder(dividingBy: across)
        let x = Double(columns) * (Double(column) + 0.5) / Double(across)
        let y = Double(rows) * (Double(row) + 0.5) / Double(down)
        return SIMD2((2 * x).rounded() / 2, (2 * y).rounded() / 2)
    }

    /// The first of a stage's dots on each of its panels, and how many there are.
    public static func numbers(of stage: Stage) -> (first: [Int], count: Int) {
        var count = 0
        let first = stage.panels.map { panel in
            let product = stage.products[panel.product]
            defer { count += DotGrid(columns: product.columns, rows: product.rows).count }
            return count
        }
        return (first, count)
    }
}

/// The pictures in which dots tell their numbers.
public enum DotPicture {
    /// No dot.
    public static let none = 0
    /// Every dot.
    public static let all = 1
    /// Every dot in red; green and blue follow.
    public static let red = 2
    /// The dots with an odd number of ones in their numbers; then those without, then each bit of
    /// the number, the lowest first, and its contrary.
    public static let bits = 5

    /// Pictures that tell the numbers of so many dots, from 0.
    public static func count(dots: Int) -> Int {
        bits + 2 * (1 + bitCount(dots: dots))
    }

    /// Bits of the highest number.
    public static func bitCount(dots: Int) -> Int {
        var bits = 0
        while 1 << bits < dots { bits += 1 }
        return bits
    }

    /// The dot is lit in a picture.
    /// - Frame path: yes
    public static func isLit(_ dot: Int, in picture: Int) -> Bool {
        if picture < bits { return picture != none }
        let (place, contrary) = (picture &- bits).quotientAndRemainder(dividingBy: 2)
        let bit = place == 0 ? dot.nonzeroBitCount & 1 : dot >> min(place &- 1, 62) & 1
        return bit != contrary
    }
}
