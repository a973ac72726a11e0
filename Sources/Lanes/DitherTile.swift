import Glibc

/// A 64 × 64 blue-noise threshold tile, the same on every machine.
///
/// Made by the void-and-cluster method (R. Ulichney, "The void-and-cluster method for dither array
/// generation", SPIE 1913, 1993): points are taken from the tightest cluster and put into the
/// largest void of a Gaussian-filtered pattern on a torus; the order is the threshold. Energies
/// are whole numbers, so that every machine ranks alike.
public final class DitherTile: Sendable {
    /// Columns and rows of the tile.
    public static let side = 64
    /// Floats of one stored row: the first 16 repeat at its end for loads across the edge.
    public static let stride = 80

    /// 64 rows of 80 thresholds, (rank + ½) / 4096, owned by the tile.
    ///
    /// Read-only after `init` and freed with the tile: shared pointers to it are safe.
    public nonisolated(unsafe) let thresholds: UnsafePointer<Float>

    /// Makes the tile; about 30 ms, at start.
    public init() {
        let ranks = DitherTile.ranks()
        let count = DitherTile.side * DitherTile.stride
        let block = UnsafeMutablePointer<Float>.allocate(capacity: count)
        for row in 0..<DitherTile.side {
            for column in 0..<DitherTile.stride {
                let rank = ranks[row * DitherTile.side + column % DitherTile.side]
                block[row * DitherTile.stride + column] = (Float(rank) + 0.5) / 4096
            }
        }
        thresholds = UnsafePointer(block)
    }

    deinit { thresholds.deallocate() }

    /// The threshold at a canvas place, for channel 0 … 2, at a dither phase (FramePlan).
    public func threshold(x: Int, y: Int, channel: Int, phase: UInt32) -> Float {
        let origin = DitherTile.origin(x: x, y: y, channel: channel, phase: phase)
        return thresholds[Int(origin.row) * DitherTile.stride + Int(origin.column)]
    }

    /// Column and row of the tile that lie at a canvas place.
    ///
    /// Channels are far apart in the tile, so that their noise is not the same; the phase moves the
    /// tile by whole pixels.
    /// - Frame path: yes
    public static func origin(x: Int, y: Int, channel: Int, phase: UInt32) -> (
        column: Int32, row: Int32
    ) {
        let column = x &+ Int(phase & 63) &+ channel &* 21
        let row = y &+ Int((phase >> 6) & 63) &+ channel &* 37
        return (Int32(column & 63), Int32(row & 63))
    }

    /// Rank 0 … 4095 of every place.
    static func ranks() -> [Int] {
        var pattern = Pattern()
        var seed: UInt64 = 0x2545_F491_4F6C_DD1D
        while pattern.points < 410 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let place = Int(seed >> 52)
            if !pattern.isSet[place] { pattern.add(place) }
        }
        // Spread the first points until the tightest cluster is where the largest void is.
        while true {
            let cluster = pattern.tightestCluster()
            pattern.remove(cluster)
            let void = pattern.largestVoid()
            pattern.add(void)
            if void == cluster { break }
        }
        var ranks = [Int](repeating: 0, count: Pattern.count)
        let prototype = pattern
        for rank in Swift.stride(from: prototype.points - 1, through: 0, by: -1) {
            let cluster = pattern.tightestCluster()
            ranks[cluster] = rank
            pattern.remove(cluster)
        }
        pattern = prototype
        for rank in prototype.points..<Pattern.count {
            let void = pattern.largestVoid()
            ranks[void] = rank
            pattern.add(void)
        }
        return ranks
    }
}

/// Points on a 64 × 64 torus and the Gaussian energy they make at each place.
private struct Pattern {
    static let count = 4096
    var isSet = [Bool](repeating: false, count: count)
    var energy = [Int64](repeating: 0, count: count)
    var points = 0
    let gaussian: [Int64]

    init() {
        // σ = 1.5 is Ulichney's choice.
        gaussian = (0..<Pattern.count).map { place in
            let (x, y) = (place % 64, place / 64)
            let (dx, dy) = (Double(min(x, 64 - x)), Double(min(y, 64 - y)))
            return Int64((exp(-(dx * dx + dy * dy) / (2 * 1.5 * 1.5)) * 1e12).rounded())
        }
    }

    mutating func add(_ place: Int) {
        isSet[place] = true
        points += 1
        spread(place, 1)
    }

    mutating func remove(_ place: Int) {
        isSet[place] = false
        points -= 1
        spread(place, -1)
    }

    private mutating func spread(_ place: Int, _ sign: Int64) {
        let (px, py) = (place & 63, place >> 6)
        for y in 0..<64 {
            let row = ((y &- py) & 63) &* 64
            for x in 0..<64 {
                energy[y &* 64 &+ x] &+= sign &* gaussian[row &+ ((x &- px) & 63)]
            }
        }
    }

    func tightestCluster() -> Int {
        var best = -1
        for place in 0..<Pattern.count where isSet[place] {
            if best < 0 || energy[place] > energy[best] { best = place }
        }
        return best
    }

    func largestVoid() -> Int {
        var best = -1
        for place in 0..<Pattern.count where !isSet[place] {
            if best < 0 || energy[place] < energy[best] { best = place }
        }
        return best
    }
}
