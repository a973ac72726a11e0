/// A dense matrix of doubles, stored column by column as LAPACK wants it.
struct Dense: Sendable, Equatable {
    /// Rows.
    let rows: Int
    /// Columns.
    let columns: Int
    /// Elements, first column first.
    var elements: [Double]

    /// A matrix of zeros.
    init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        elements = Array(repeating: 0, count: rows * columns)
    }

    /// A matrix of rows of the same length.
    init(rows list: [[Double]]) {
        self.init(rows: list.count, columns: list.first?.count ?? 0)
        for r in 0..<rows { for c in 0..<columns { self[r, c] = list[r][c] } }
    }

    subscript(row: Int, column: Int) -> Double {
        get { elements[column * rows + row] }
        set { elements[column * rows + row] = newValue }
    }

    /// Rows become columns.
    var transposed: Dense {
        var t = Dense(rows: columns, columns: rows)
        for r in 0..<rows { for c in 0..<columns { t[c, r] = self[r, c] } }
        return t
    }

    static func * (a: Dense, b: Dense) -> Dense {
        precondition(a.columns == b.rows, "a product's inner sizes agree")
        var product = Dense(rows: a.rows, columns: b.columns)
        for c in 0..<b.columns {
            for k in 0..<a.columns {
                let factor = b[k, c]
                for r in 0..<a.rows { product[r, c] += a[r, k] * factor }
            }
        }
        return product
    }

    static func * (a: Dense, x: [Double]) -> [Double] {
        precondition(a.columns == x.count, "a product's inner sizes agree")
        var product = [Double](repeating: 0, count: a.rows)
        for k in 0..<a.columns { for r in 0..<a.rows { product[r] += a[r, k] * x[k] } }
        return product
    }
}
