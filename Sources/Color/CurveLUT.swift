/// A 1D look-up table: three curves, one a channel, straight lines between their points.
public struct CurveLUT: Sendable, Equatable {
    /// What the points stand for.
    public enum Domain: Sendable, Equatable {
        /// Equal steps from `low` to `high`, which is above it.
        case range(low: ColorTriple, high: ColorTriple)
        /// The 65,536 half floats by their bits (CLF `halfDomain`).
        case halves

        /// Equal steps from 0 to 1.
        public static let unit = Domain.range(
            low: ColorTriple(0, 0, 0), high: ColorTriple(1, 1, 1))
    }

    /// The points' values, at least two.
    public let points: [SIMD3<Float>]
    /// What they stand for.
    public let domain: Domain

    /// Curves; over `halves` there are 65,536 points.
    public init(points: [SIMD3<Float>], domain: Domain = .unit) {
        precondition(points.count >= 2, "a curve has two ends")
        if case .range(let low, let high) = domain {
            precondition(
                low.x < high.x && low.y < high.y && low.z < high.z, "a domain is not empty")
        } else {
            precondition(points.count == 1 << 16, "a point a half float")
        }
        self.points = points
        self.domain = domain
    }

    /// One colour through the curves, clamped to the domain; NaN counts as its lower end.
    public func applied(to color: ColorTriple) -> ColorTriple {
        var out = ColorTriple(0, 0, 0)
        for i in 0..<3 {
            switch domain {
            case .range(let low, let high):
                let last = Double(points.count - 1)
                let x = (color[i] - low[i]) / (high[i] - low[i]) * last
                let inside = x > 0 ? min(x, last) : 0
                let cell = min(Int(inside), points.count - 2)
                out[i] = between(cell, cell + 1, inside - Double(cell), channel: i)
            case .halves: out[i] = ofHalf(color[i], channel: i)
            }
        }
        return out
    }

    private func between(_ a: Int, _ b: Int, _ t: Double, channel: Int) -> Double {
        let (from, to) = (Double(points[a][channel]), Double(points[b][channel]))
        return from + (to - from) * t
    }

    /// Between the two half floats next to a value.
    private func ofHalf(_ value: Double, channel: Int) -> Double {
        let largest = Double(Float16.greatestFiniteMagnitude)
        let inside = value.isNaN ? 0 : min(max(value, -largest), largest)
        let near = Float16(inside)
        let rest = inside - Double(near)
        let other = rest == 0 ? near : rest > 0 ? near.nextUp : near.nextDown
        guard rest != 0, other.isFinite else {
            return Double(points[Int(near.bitPattern)][channel])
        }
        return between(
            Int(near.bitPattern), Int(other.bitPattern), rest / (Double(other) - Double(near)),
            channel: channel)
    }
}
