public import CLanes

/// A table's points as what it makes of each tetrahedron between them (`cyc_tetrahedron`).
///
/// A color is then one line of memory instead of four. Numbers have 15 bits and a sign of the
/// largest of their channel and tetrahedron, and places 14 bits of a cell: in 99 of 100 colors that
/// is a fiftieth of a 12-bit code of a whole grade, and a sixth of one of a look.
public enum Tetrahedra {
    /// Points along an edge of a table that is worth them.
    ///
    /// With fewer a cell is too wide for 14 bits; with 65 they take 50 MB.
    public static let sides = 9...65
    /// Beyond this nothing is light, and sums of it would be infinite.
    private static let most: Float = 0x1p96
    /// The edges of a cell's six in their order: 0 is red.
    private static let orders: InlineArray<6, SIMD3<Int>> = [
        [0, 1, 2], [0, 2, 1], [2, 0, 1], [1, 0, 2], [1, 2, 0], [2, 1, 0],
    ]

    /// How many a table has.
    public static func count(side: Int) -> Int { 6 * (side - 1) * (side - 1) * (side - 1) }

    /// Makes them of a table's points: red, green, blue and a number that is nobody's each.
    public static func fill(
        _ tetrahedra: UnsafeMutablePointer<cyc_tetrahedron>, from points: UnsafePointer<Float>,
        side: Int
    ) {
        let strides = SIMD3(1, side, side * side)
        let orders = orders
        var next = tetrahedra
        for blue in 0..<side - 1 {
            for green in 0..<side - 1 {
                for red in 0..<side - 1 {
                    let lowest = red + green * strides.y + blue * strides.z
                    for index in orders.indices {
                        next.initialize(to: tetrahedron(points, lowest, orders[index], strides))
                        next += 1
                    }
                }
            }
        }
    }

    /// From a cell's lowest corner along its edges in some order.
    private static func tetrahedron(
        _ points: UnsafePointer<Float>, _ lowest: Int, _ order: SIMD3<Int>, _ strides: SIMD3<Int>
    ) -> cyc_tetrahedron {
        let first = color(points, lowest)
        var steps: InlineArray<3, SIMD3<Float>> = [.zero, .zero, .zero]
        var (at, corner) = (lowest, first)
        for index in 0..<3 {
            at += strides[order[index]]
            let next = color(points, at)
            steps[order[index]] = next - corner
            corner = next
        }
        var out = cyc_tetrahedron()
        var exponents: UInt32 = 0
        func fixed(_ channel: Int) -> (Int16, Int16, Int16, Int16) {
            let numbers = SIMD4(
                steps[0][channel], steps[1][channel], steps[2][channel], first[channel])
            // All are below 2^exponent; what is near nothing beside light is none.
            let exponent = max((abs(numbers).max() as Float).exponent, -91) + 1
            let scaled = numbers * Float(sign: .plus, exponent: 15 - exponent, significand: 1)
            // The weights of the sum are in 2^-14.
            exponents |= UInt32(exponent - 15 - 14 + 127) << UInt32(23 - 8 * channel)
            var whole = scaled.rounded(.toNearestOrEven)
            whole.replace(with: 32767, where: whole .> 32767)
            return (Int16(whole.x), Int16(whole.y), Int16(whole.z), Int16(whole.w))
        }
        (out.red, out.green, out.blue) = (fixed(0), fixed(1), fixed(2))
        out.exponents = exponents
        return out
    }

    /// A point's color; none where it is no number.
    private static func color(_ points: UnsafePointer<Float>, _ at: Int) -> SIMD3<Float> {
        var color = SIMD3(points[4 * at], points[4 * at + 1], points[4 * at + 2])
        color.replace(with: 0, where: color .!= color)
        color.replace(with: most, where: color .> most)
        color.replace(with: -most, where: color .< -most)
        return color
    }

    private static func abs(_ numbers: SIMD4<Float>) -> SIMD4<Float> {
        numbers.replacing(with: -numbers, where: numbers .< 0)
    }
}
