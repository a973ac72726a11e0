/// Normal equations of unknowns all observations share and of six unknowns a view of its own,
/// which are eliminated view by view (Schur's complement).
///
/// However many views there are, only a matrix of the shared unknowns is solved.
struct BlockSystem {
    /// Shared unknowns.
    let count: Int
    /// Lower half of the shared unknowns' normal matrix.
    private var shared: Dense
    private var sharedRight: [Double]
    private var own: [Dense]
    private var ownRight: [[Double]]
    /// Shared against own, a matrix of `count` rows and 6 columns a view.
    private var mixed: [Dense]

    /// Empty equations.
    init(shared count: Int, views: Int) {
        self.count = count
        shared = Dense(rows: count, columns: count)
        sharedRight = Array(repeating: 0, count: count)
        own = Array(repeating: Dense(rows: 6, columns: 6), count: views)
        ownRight = Array(repeating: Array(repeating: 0, count: 6), count: views)
        mixed = Array(repeating: Dense(rows: count, columns: 6), count: views)
    }

    /// Adds a residual that falls along `row`: derivatives by shared unknowns (`places` rising) and
    /// by the view's own.
    mutating func add(
        residual: Double, weight: Double, places: [Int], row: [Double], view: Int, ownRow: [Double]
    ) {
        for i in places.indices {
            let wi = weight * row[i]
            sharedRight[places[i]] -= wi * residual
            for j in 0...i { shared[places[i], places[j]] += wi * row[j] }
            for k in 0..<6 { mixed[view][places[i], k] += wi * ownRow[k] }
        }
        for k in 0..<6 {
            let wk = weight * ownRow[k]
            ownRight[view][k] -= wk * residual
            for l in 0..<6 { own[view][k, l] += wk * ownRow[l] }
        }
    }

    /// Adds a prior: a shared unknown is off by `residual`.
    mutating func addPrior(residual: Double, weight: Double, place: Int) {
        shared[place, place] += weight
        sharedRight[place] -= weight * residual
    }

    /// Adds a prior on a view's own unknown.
    mutating func addPrior(residual: Double, weight: Double, view: Int, own k: Int) {
        own[view][k, k] += weight
        ownRight[view][k] -= weight * residual
    }

    /// The step, diagonals raised by `damping` (Levenberg and Marquardt); nil where it is not
    /// determined.
    func step(damping: Double) -> (shared: [Double], own: [[Double]])? {
        guard let (reduced, right, inverses) = eliminated(damping: damping) else { return nil }
        var column = Dense(rows: count, columns: 1)
        column.elements = right
        guard let solved = count > 0 ? reduced.positiveSolved(column) : column else { return nil }
        let x = solved.elements
        let steps = own.indices.map { v -> [Double] in
            var right = ownRight[v]
            for k in 0..<6 { for i in 0..<count { right[k] -= mixed[v][i, k] * x[i] } }
            return inverses[v] * right
        }
        return (x, steps)
    }

    /// Covariance of the shared unknowns, in units of the weights; nil where it is not determined.
    var covariance: Dense? {
        guard count > 0, let (reduced, _, _) = eliminated(damping: 0) else { return nil }
        return reduced.positiveSolved(.identity(count))
    }

    private func eliminated(
        damping: Double
    ) -> (reduced: Dense, right: [Double], inverses: [Dense])? {
        var reduced = Dense(rows: count, columns: count)
        for c in 0..<count {
            for r in c..<count {
                reduced[r, c] = shared[r, c]
                reduced[c, r] = shared[r, c]
            }
            reduced[c, c] = shared[c, c] * (1 + damping)
        }
        var right = sharedRight
        var inverses: [Dense] = []
        for v in own.indices {
            var block = own[v]
            for k in 0..<6 { block[k, k] *= 1 + damping }
            guard let inverse = block.positiveSolved(.identity(6)) else { return nil }
            inverses.append(inverse)
            let gain = mixed[v] * inverse
            let touched = (0..<count).filter { i in (0..<6).contains { mixed[v][i, $0] != 0 } }
            for c in touched {
                for k in 0..<6 {
                    let factor = mixed[v][c, k]
                    for r in touched { reduced[r, c] -= gain[r, k] * factor }
                }
            }
            for r in touched { for k in 0..<6 { right[r] -= gain[r, k] * ownRight[v][k] } }
        }
        return (reduced, right, inverses)
    }
}
