import CLAPACK

/// Least squares: what fits best, and how well the equations determine it.
struct LeastSquares {
    /// The unknowns; the shortest of them where several fit alike.
    let solution: [Double]
    /// How many of the unknowns the equations determine.
    let rank: Int
    /// Singular values, falling.
    let singularValues: [Double]
}

/// A matrix as rotations and stretches: A = U · diag(s) · Vᵀ.
struct SingularValues {
    /// Left vectors, a column each; as many as values.
    let left: Dense
    /// Singular values, falling.
    let values: [Double]
    /// Right vectors, a row each; as many as values.
    let rightTransposed: Dense
}

extension Dense {
    /// Singular values and their vectors (LAPACK's dgesdd); nil where it does not converge or an
    /// element is not finite.
    var singularValues: SingularValues? {
        guard elements.allSatisfy(\.isFinite) else { return nil }
        var (a, m, n) = (elements, Int32(rows), Int32(columns))
        let small = Swift.min(rows, columns)
        var s = [Double](repeating: 0, count: small)
        // All left vectors of a tall matrix would be a square as high as it.
        var u = Dense(rows: rows, columns: small)
        var vt = Dense(rows: small, columns: columns)
        var least = Int32(small)
        var integers = [Int32](repeating: 0, count: 8 * small)
        var info: Int32 = 0
        var (work, size) = ([0.0], Int32(-1))
        for _ in 0..<2 {
            dgesdd_(
                "S", &m, &n, &a, &m, &s, &u.elements, &m, &vt.elements, &least, &work, &size,
                &integers, &info, 1)
            if size < 0 {
                size = Int32(work[0])
                work = Array(repeating: 0, count: Int(size))
            }
        }
        return info == 0 ? SingularValues(left: u, values: s, rightTransposed: vt) : nil
    }

    /// The x for which |A · x − b| is least (LAPACK's dgelsd).
    ///
    /// Singular values below `tolerance`
    /// times the largest count as 0. Nil where an element is not finite.
    func leastSquares(_ b: [Double], tolerance: Double = 1e-12) -> LeastSquares? {
        precondition(b.count == rows, "a right side has a number a row")
        guard elements.allSatisfy(\.isFinite), b.allSatisfy(\.isFinite) else { return nil }
        var (a, m, n, one) = (elements, Int32(rows), Int32(columns), Int32(1))
        var tall = Int32(Swift.max(rows, columns))
        var x = b + Array(repeating: 0, count: Int(tall) - rows)
        var s = [Double](repeating: 0, count: Swift.min(rows, columns))
        var (limit, rank, info) = (tolerance, Int32(0), Int32(0))
        var (work, size, integers) = ([0.0], Int32(-1), [Int32(0)])
        for _ in 0..<2 {
            dgelsd_(
                &m, &n, &one, &a, &m, &x, &tall, &s, &limit, &rank, &work, &size, &integers, &info)
            if size < 0 {
                size = Int32(work[0])
                work = Array(repeating: 0, count: Int(size))
                integers = Array(repeating: 0, count: Int(integers[0]))
            }
        }
        guard info == 0 else { return nil }
        return LeastSquares(solution: Array(x[..<columns]), rank: Int(rank), singularValues: s)
    }

    /// A⁻¹ · B of a symmetric positive definite A (LAPACK's dposv); nil where it is not.
    func positiveSolved(_ b: Dense) -> Dense? {
        precondition(rows == columns && b.rows == rows, "a square matrix and as many rows")
        guard elements.allSatisfy(\.isFinite) else { return nil }
        var (a, x, n, many) = (elements, b, Int32(rows), Int32(b.columns))
        var info: Int32 = 0
        dposv_("U", &n, &many, &a, &n, &x.elements, &n, &info, 1)
        return info == 0 ? x : nil
    }

    /// Eigenvalues, rising, and vectors, a column each, of a symmetric matrix (LAPACK's dsyev).
    var symmetricEigen: (values: [Double], vectors: Dense)? {
        precondition(rows == columns, "a square matrix")
        guard elements.allSatisfy(\.isFinite) else { return nil }
        var (a, n, info) = (self, Int32(rows), Int32(0))
        var w = [Double](repeating: 0, count: rows)
        var (work, size) = ([0.0], Int32(-1))
        for _ in 0..<2 {
            dsyev_("V", "U", &n, &a.elements, &n, &w, &work, &size, &info, 1, 1)
            if size < 0 {
                size = Int32(work[0])
                work = Array(repeating: 0, count: Int(size))
            }
        }
        return info == 0 ? (w, a) : nil
    }

    /// The matrix of ones on the diagonal.
    static func identity(_ size: Int) -> Dense {
        var m = Dense(rows: size, columns: size)
        for i in 0..<size { m[i, i] = 1 }
        return m
    }
}
