/// The least greatest error a sum of up to four terms can have on 0 … 1: Remez' exchange.
///
/// `density` d puts the samples at (i/n)ᵈ, for functions that are steep at 0. The sample gives the
/// terms and the wanted value at a place.
/// - Returns: the factor of each term.
func minimax(
    terms: Int, density: Int, sample: (Double) -> (terms: SIMD4<Double>, value: Double)
) -> SIMD4<Double> {
    let count = 512
    let samples = (0...count).map { i in
        var x = 1.0
        for _ in 0..<density { x *= Double(i) / Double(count) }
        return sample(x)
    }
    // Away from the ends, where terms that go through a fixed point are all nothing.
    var reference = (0...terms).map { (2 * $0 + 1) * count / (2 * terms + 2) }
    var best = SIMD4<Double>.zero
    var bestError = Double.infinity
    for _ in 0..<16 {
        let rows = reference.enumerated().map { k, i in
            (0..<terms).map { samples[i].terms[$0] } + [k.isMultiple(of: 2) ? 1 : -1]
                + [samples[i].value]
        }
        guard let solution = solve(rows) else { break }
        var factors = SIMD4<Double>.zero
        for i in 0..<terms { factors[i] = solution[i] }
        let errors = samples.map { ($0.terms * factors).sum() - $0.value }
        let error = errors.reduce(0) { max($0, abs($1)) }
        if error < bestError { (best, bestError) = (factors, error) }
        // Below 1e-9 of full scale the error is rounding, and has no extremes to exchange.
        guard error > 1e-9, let next = extremes(errors, count: terms + 1), next != reference
        else { break }
        reference = next
    }
    return best
}

/// Where the error is greatest between its changes of sign; nil when there are not enough.
private func extremes(_ errors: [Double], count: Int) -> [Int]? {
    var places: [Int] = []
    var isPositive: Bool?
    for (i, error) in errors.enumerated() where error != 0 {
        if let last = places.last, isPositive == (error > 0) {
            if abs(error) > abs(errors[last]) { places[places.count - 1] = i }
        } else {
            places.append(i)
            isPositive = error > 0
        }
    }
    return places.count >= count ? Array(places.prefix(count)) : nil
}

/// A small linear system, rows of coefficients with the right side last; nil when singular.
private func solve(_ rows: [[Double]]) -> [Double]? {
    var m = rows
    let n = m.count
    for column in 0..<n {
        guard let pivot = (column..<n).max(by: { abs(m[$0][column]) < abs(m[$1][column]) }),
            abs(m[pivot][column]) > 1e-300
        else { return nil }
        m.swapAt(column, pivot)
        for row in 0..<n where row != column {
            let factor = m[row][column] / m[column][column]
            if factor == 0 { continue }
            for i in column...n { m[row][i] -= factor * m[column][i] }
        }
    }
    return (0..<n).map { m[$0][n] / m[$0][$0] }
}
