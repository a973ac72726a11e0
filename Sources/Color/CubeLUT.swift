/// A 3D look-up table: a colour for each point of a cube, tetrahedra between them.
///
/// Not for pixels in bulk: `applied` is the scalar reference.
public struct CubeLUT: Sendable, Equatable {
    /// Points along each edge, at least 2.
    public let side: Int
    /// The points' colours, red fastest: `points[red + side·(green + side·blue)]`.
    public let points: [SIMD3<Float>]
    /// The input the first point of each edge stands for.
    public let low: ColorTriple
    /// The input the last point of each edge stands for.
    public let high: ColorTriple

    /// A table; `points` has side³ entries, and every channel of `high` is above `low`.
    public init(
        side: Int, points: [SIMD3<Float>], low: ColorTriple = ColorTriple(0, 0, 0),
        high: ColorTriple = ColorTriple(1, 1, 1)
    ) {
        precondition(side >= 2 && points.count == side * side * side, "a cube has side³ points")
        precondition(low.x < high.x && low.y < high.y && low.z < high.z, "a domain is not empty")
        self.side = side
        self.points = points
        self.low = low
        self.high = high
    }

    /// A table of what a function makes of each point.
    public init(
        side: Int, low: ColorTriple = ColorTriple(0, 0, 0),
        high: ColorTriple = ColorTriple(1, 1, 1), of color: (ColorTriple) -> ColorTriple
    ) {
        var points: [SIMD3<Float>] = []
        points.reserveCapacity(side * side * side)
        let step = (high - low) / Double(side - 1)
        for blue in 0..<side {
            for green in 0..<side {
                for red in 0..<side {
                    let place = ColorTriple(Double(red), Double(green), Double(blue))
                    points.append(SIMD3<Float>(color(low + step * place)))
                }
            }
        }
        self.init(side: side, points: points, low: low, high: high)
    }

    /// The table that changes nothing between `low` and `high`.
    public static func identity(side: Int = 2) -> CubeLUT { CubeLUT(side: side) { $0 } }

    /// One colour through the table: clamped to the domain, then tetrahedral.
    ///
    /// From the point below to the point above along the edges in the order of the fractions,
    /// largest first; NaN counts as `low`.
    public func applied(to color: ColorTriple) -> ColorTriple {
        let last = Double(side - 1)
        var cell = SIMD3<Int>(0, 0, 0)
        var fraction = ColorTriple(0, 0, 0)
        for i in 0..<3 {
            let x = (color[i] - low[i]) / (high[i] - low[i]) * last
            let inside = x > 0 ? min(x, last) : 0
            cell[i] = min(Int(inside), side - 2)
            fraction[i] = inside - Double(cell[i])
        }
        let strides = SIMD3(1, side, side * side)
        var at = cell.x + side * (cell.y + side * cell.z)
        let order = CubeLUT.order(fraction)
        var out = ColorTriple(points[at]) * (1 - fraction[order.x])
        for i in 0..<3 {
            at += strides[order[i]]
            let next = i < 2 ? fraction[order[i + 1]] : 0
            out += ColorTriple(points[at]) * (fraction[order[i]] - next)
        }
        return out
    }

    /// The channels by their fractions, the largest first.
    private static func order(_ f: ColorTriple) -> SIMD3<Int> {
        if f.x >= f.y {
            if f.y >= f.z { return SIMD3(0, 1, 2) }
            return f.x >= f.z ? SIMD3(0, 2, 1) : SIMD3(2, 0, 1)
        }
        if f.x >= f.z { return SIMD3(1, 0, 2) }
        return f.y >= f.z ? SIMD3(1, 2, 0) : SIMD3(2, 1, 0)
    }
}
