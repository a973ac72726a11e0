import CLanes
import Lanes
import TestSupport
import Testing

/// What `Tetrahedra` makes of a table, summed up in doubles and held against the table's points.
@Suite struct TetrahedraTests {
    /// A table's points and its tetrahedra, in memory of their own.
    private final class Table {
        let side: Int
        let points: UnsafeMutablePointer<Float>
        let tetrahedra: UnsafeMutablePointer<cyc_tetrahedron>

        init(side: Int, _ value: (Int) -> Float) {
            self.side = side
            points = .allocate(capacity: 4 * side * side * side)
            for i in 0..<4 * side * side * side { (points + i).initialize(to: value(i)) }
            tetrahedra = .allocate(capacity: Tetrahedra.count(side: side))
            Tetrahedra.fill(tetrahedra, from: points, side: side)
        }

        deinit {
            points.deallocate()
            tetrahedra.deallocate()
        }

        /// A tetrahedron of a cell's six at a place in the cell, 0 … 1 along each edge.
        func color(_ cell: SIMD3<Int>, _ index: Int, _ place: SIMD3<Double>) -> SIMD3<Double> {
            let number = cell.x + (side - 1) * (cell.y + (side - 1) * cell.z)
            let own = tetrahedra[6 * number + index]
            func sum(_ n: (Int16, Int16, Int16, Int16), _ shift: UInt32) -> Double {
                let power = Float(bitPattern: own.exponents << shift & 0x7F80_0000)
                let along = place * SIMD3(Double(n.0), Double(n.1), Double(n.2))
                return (along.sum() + Double(n.3)) * 16384 * Double(power)
            }
            return SIMD3(sum(own.red, 0), sum(own.green, 8), sum(own.blue, 16))
        }

        /// A corner of a cell; red is the lowest bit.
        func corner(_ cell: SIMD3<Int>, _ bits: Int) -> SIMD3<Double> {
            let at =
                cell.x + (bits & 1) + side * (cell.y + (bits >> 1 & 1))
                + side * side * (cell.z + (bits >> 2))
            return SIMD3(
                Double(points[4 * at]), Double(points[4 * at + 1]), Double(points[4 * at + 2]))
        }
    }

    /// Corners of a cell's six tetrahedra, from the lowest to the highest.
    private let corners = [
        [0, 1, 3, 7], [0, 1, 5, 7], [0, 4, 5, 7], [0, 2, 3, 7], [0, 2, 6, 7], [0, 4, 6, 7],
    ]

    @Test func `a tetrahedron has its corners' colors to 15 bits of its largest number`() {
        var random = SeededRandom(seed: 5)
        let table = Table(side: 5) {
            $0 % 4 == 3 ? .nan : random.float(-1...1) * ($0 % 3 == 0 ? 1e-6 : 900)
        }
        for index in 0..<64 {
            let cell = SIMD3(index & 3, index >> 2 & 3, index >> 4)
            for (tetrahedron, bits) in corners.enumerated() {
                let truths = bits.map { table.corner(cell, $0) }
                for (bit, truth) in zip(bits, truths) {
                    let place = SIMD3(Double(bit & 1), Double(bit >> 1 & 1), Double(bit >> 2))
                    let error = table.color(cell, tetrahedron, place) - truth
                    for channel in 0..<3 {
                        var largest = abs(truths[0][channel])
                        for (a, b) in zip(truths, truths.dropFirst()) {
                            largest = max(largest, abs(b[channel] - a[channel]))
                        }
                        // Up to four numbers, each within half a step of at most 2^-14.
                        #expect(abs(error[channel]) <= 2 * largest / 16384)
                    }
                }
            }
        }
    }

    @Test func `none, nothing and more than there is`() {
        let none = Table(side: 2) { _ in 0 }
        #expect(none.color(SIMD3(0, 0, 0), 2, SIMD3(0.1, 0.5, 0.9)) == SIMD3(0, 0, 0))
        let little = Table(side: 2) { _ in 1e-37 }
        #expect(abs(little.color(SIMD3(0, 0, 0), 4, SIMD3(1, 1, 1)).x) < 1e-30)
        var infinite = Table(side: 2) { $0 < 4 ? .nan : $0 % 3 == 0 ? .infinity : -.infinity }
        for tetrahedron in 0..<6 {
            let color = infinite.color(SIMD3(0, 0, 0), tetrahedron, SIMD3(0.3, 0.3, 0.3))
            #expect(color.x.isFinite && color.y.isFinite && color.z.isFinite)
        }
        infinite = Table(side: 2) { $0 / 4 == 7 ? 0x1p100 : -0x1p100 }
        let highest = infinite.color(SIMD3(0, 0, 0), 5, SIMD3(1, 1, 1))
        #expect(abs(highest.x / 0x1p96 - 1) < 1e-3)
        let much = Table(side: 2) {
            $0 % 2 == 0 ? .greatestFiniteMagnitude : -.greatestFiniteMagnitude
        }
        for tetrahedron in 0..<6 {
            let color = much.color(SIMD3(0, 0, 0), tetrahedron, SIMD3(1, 1, 1))
            #expect(color.x >= 0x1p95 && color.x.isFinite && color.y <= -0x1p95)
        }
    }
}
