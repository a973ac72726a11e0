/// A quartic, constant first: the edge of an outline.
typealias Quartic = InlineArray<5, Double>

/// The value of a quartic.
/// - Frame path: yes
@inline(__always)
func value(of c: Quartic, at x: Double) -> Double {
    c[0] + x * (c[1] + x * (c[2] + x * (c[3] + x * c[4])))
}

/// A quartic through many points by least squares.
///
/// The argument is brought to −1 … 1 first, which keeps the normal equations well conditioned.
/// - Frame path: yes
struct QuarticFit {
    private let middle: Double
    private let half: Double
    private var moments = InlineArray<9, Double>(repeating: 0)
    private var targets = InlineArray<5, Double>(repeating: 0)

    /// A fit over arguments in a range; its ends differ.
    init(over range: SIMD2<Double>) {
        middle = 0.5 * (range.x + range.y)
        half = max(0.5 * (range.y - range.x), 1e-12)
    }

    /// Takes one point into account.
    mutating func add(_ x: Double, _ y: Double) {
        let u = (x - middle) / half
        var power = 1.0
        for i in 0..<9 {
            moments[i] += power
            if i < 5 { targets[i] += power * y }
            power *= u
        }
    }

    /// The quartic in the plain argument.
    var quartic: Quartic {
        let c = solved
        let (shift, scale) = (-middle / half, 1 / half)
        // Horner's scheme on polynomials: r ← r · (shift + scale · x) + cᵢ.
        var r = Quartic(repeating: 0)
        for i in stride(from: 4, through: 0, by: -1) {
            for k in stride(from: 4, through: 1, by: -1) { r[k] = r[k] * shift + r[k - 1] * scale }
            r[0] = r[0] * shift + c[i]
        }
        return r
    }

    /// The normal equations solved by elimination with row pivots.
    private var solved: InlineArray<5, Double> {
        var m = InlineArray<30, Double>(repeating: 0)
        for i in 0..<5 {
            for j in 0..<5 { m[6 * i + j] = moments[i + j] }
            m[6 * i + 5] = targets[i]
        }
        for column in 0..<5 {
            var pivot = column
            for row in column..<5 where abs(m[6 * row + column]) > abs(m[6 * pivot + column]) {
                pivot = row
            }
            for j in 0..<6 { m.swapAt(6 * column + j, 6 * pivot + j) }
            for row in 0..<5 where row != column {
                let factor = m[6 * row + column] / m[6 * column + column]
                for j in column..<6 { m[6 * row + j] -= factor * m[6 * column + j] }
            }
        }
        var result = InlineArray<5, Double>(repeating: 0)
        for i in 0..<5 { result[i] = m[6 * i + 5] / m[6 * i + i] }
        return result
    }
}
