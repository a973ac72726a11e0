/// A few linear equations: normal equations of the fits in this room.
///
/// Not for the frame path: it allocates.
struct LinearSystem {
    private(set) var size: Int
    private var matrix: [Double]
    private var right: [Double]

    /// So many equations in as many unknowns, all zero.
    init(size: Int) {
        self.size = size
        matrix = Array(repeating: 0, count: size * size)
        right = Array(repeating: 0, count: size)
    }

    /// Adds a row of a least-squares problem to the normal equations.
    mutating func add(_ row: [Double], _ value: Double, weight: Double) {
        for i in 0..<size {
            for j in 0..<size { matrix[i * size + j] += weight * row[i] * row[j] }
            right[i] += weight * row[i] * value
        }
    }

    /// The unknowns; nil where the equations do not determine them.
    func solved() -> [Double]? { solved(for: right) }

    /// A row of the inverse, for a covariance; nil where there is none.
    ///
    /// Normal equations are symmetric: a row is a column.
    func inverseRow(_ row: Int) -> [Double]? {
        var unit = [Double](repeating: 0, count: size)
        unit[row] = 1
        return solved(for: unit)
    }

    /// Gauss's elimination with the largest pivot of each column.
    private func solved(for values: [Double]) -> [Double]? {
        var (a, b) = (matrix, values)
        let largest = a.reduce(0) { max($0, abs($1)) }
        for column in 0..<size {
            var pivot = column
            for row in column..<size
            where abs(a[row * size + column]) > abs(a[pivot * size + column]) { pivot = row }
            // Twelve digits below the largest there is nothing but rounding.
            guard abs(a[pivot * size + column]) > 1e-12 * largest else { return nil }
            for j in 0..<size { a.swapAt(column * size + j, pivot * size + j) }
            b.swapAt(column, pivot)
            for row in (column + 1)..<size {
                let factor = a[row * size + column] / a[column * size + column]
                for j in column..<size { a[row * size + j] -= factor * a[column * size + j] }
                b[row] -= factor * b[column]
            }
        }
        for row in (0..<size).reversed() {
            for j in (row + 1)..<size { b[row] -= a[row * size + j] * b[j] }
            b[row] /= a[row * size + row]
        }
        return b
    }
}
