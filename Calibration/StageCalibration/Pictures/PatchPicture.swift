public import FrameModel
import Geometry

/// One picture of a wall's patches, as far as it is kept: which it is, and the light of its blocks.
public struct PatchPicture: Sendable {
    /// Blocks across a picture.
    static let across = 120

    /// Its file, or the movie and its number in it.
    public let name: String
    /// Which patch it shows; nil where no strip says, or two are in one exposure.
    public let step: Int?
    /// Two patches are in one exposure.
    public let isMixed: Bool
    /// Blocks side by side, and above each other.
    let columns: Int, rows: Int
    /// Mean light of each block.
    let blocks: [SIMD3<Float>]
    /// Blocks with a value the file has no codes above.
    let clipped: [Bool]
    /// Where the upper marks of strips are, in parts of the picture's width, by strip.
    let marks: [Int: Vector2]

    /// Reads a picture.
    ///
    /// - Parameter grid: the strips of the stage.
    public init(_ picture: FootagePicture, of grid: FrameStripGrid) {
        let reading = StripReading(picture.gray, of: grid, isSparse: false)
        name = picture.name
        step = reading.step
        isMixed = reading.isMixed
        let side = max(1, picture.width / Self.across)
        (columns, rows) = (picture.width / side, picture.height / side)
        var (means, full) = ([SIMD3<Float>](), [Bool]())
        means.reserveCapacity(columns * rows)
        for block in 0..<columns * rows {
            let (row, column) = block.quotientAndRemainder(dividingBy: columns)
            var (sum, most) = (SIMD3<Float>(repeating: 0), Float(0))
            for y in row * side..<(row + 1) * side {
                let start = 3 * (y * picture.width + column * side)
                for at in stride(from: start, to: start + 3 * side, by: 3) {
                    let pixel = SIMD3(
                        picture.light[at], picture.light[at + 1], picture.light[at + 2])
                    sum += pixel
                    most = max(most, max(pixel.x, max(pixel.y, pixel.z)))
                }
            }
            means.append(sum / Float(side * side))
            full.append(most >= picture.clip)
        }
        blocks = means
        clipped = full
        let width = Double(picture.width)
        marks = Dictionary(
            reading.sightings.map { ($0.strip, $0.upper / width) }, uniquingKeysWith: { $1 })
    }
}

/// Where in the pictures the patch is.
struct PatchRegion {
    /// The blocks well within it.
    let blocks: [Int]
    /// Their share of the picture.
    let share: Double

    /// The largest patch that is much lighter in one picture than in the other, less its rim: a
    /// sixth of its width, where defocus and flare of the edge are.
    init(light: [SIMD3<Float>], dark: [SIMD3<Float>], columns: Int) {
        let rise = zip(light, dark).map { ($0 - $1).sum() }
        let bright = rise.sorted()[rise.count * 98 / 100]
        var isLit = rise.map { $0 > 0.5 * bright && bright > 0 }
        let rows = rise.count / columns
        let whole = Self.largest(&isLit, columns)
        // How far each block is from the rim, in blocks, by going round it.
        var depth = [Int](repeating: 0, count: rise.count)
        for at in whole { depth[at] = Int.max }
        var rim = whole.filter { at in
            Self.neighbors(at, columns, rows).contains { depth[$0] == 0 }
                || Self.neighbors(at, columns, rows).count < 8
        }
        var level = 1
        while !rim.isEmpty {
            for at in rim { depth[at] = level }
            level += 1
            rim = Array(
                Set(rim.flatMap { Self.neighbors($0, columns, rows) }.filter { depth[$0] == .max }))
        }
        let inset = max(1, Int((Double(whole.count).squareRoot() / 6).rounded()))
        blocks = whole.filter { depth[$0] > inset }.sorted()
        share = Double(blocks.count) / Double(max(1, rise.count))
    }

    /// The largest connected group of lit blocks; clears `isLit`.
    private static func largest(_ isLit: inout [Bool], _ columns: Int) -> [Int] {
        var best: [Int] = []
        for start in isLit.indices where isLit[start] {
            var (group, open) = ([Int](), [start])
            isLit[start] = false
            while let at = open.popLast() {
                group.append(at)
                for next in neighbors(at, columns, isLit.count / columns) where isLit[next] {
                    isLit[next] = false
                    open.append(next)
                }
            }
            if group.count > best.count { best = group }
        }
        return best
    }

    private static func neighbors(_ at: Int, _ columns: Int, _ rows: Int) -> [Int] {
        let (row, column) = at.quotientAndRemainder(dividingBy: columns)
        var list: [Int] = []
        for y in max(0, row - 1)...min(rows - 1, row + 1) {
            for x in max(0, column - 1)...min(columns - 1, column + 1)
            where (x, y) != (column, row) { list.append(y * columns + x) }
        }
        return list
    }
}
