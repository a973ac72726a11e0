import Lanes
import Testing

/// Halves by the processor are those of the library, number by number.
@Suite("Half floats", .enabled(if: InstructionSet.best != nil))
struct HalfTests {
    /// What a texel keeps of a number: finite, within the range of a half, NaN as 0.
    private func reference(_ value: Float) -> UInt16 {
        Float16(value.isNaN ? 0 : max(-65504, min(65504, value))).bitPattern
    }

    private func expectSame(_ colors: [Float]) {
        var halves = [UInt64](repeating: 0, count: colors.count / 4)
        colors.withUnsafeBufferPointer { from in
            halves.withUnsafeMutableBufferPointer { to in
                cyc_halves(from.baseAddress!, Int64(to.count), to.baseAddress!)
            }
        }
        for (index, color) in colors.enumerated() {
            let half = UInt16(truncatingIfNeeded: halves[index / 4] >> (16 * (index % 4)))
            #expect(half == reference(color), "\(color), bits \(color.bitPattern)")
        }
    }

    @Test func `every half, the ties between two and their neighbors round to even`() {
        for sign in [UInt16(0), 0x8000] {
            // 0x7BFF is 65504, the largest.
            for bits in UInt16(0)..<0x7BFF {
                let here = Float(Float16(bitPattern: bits | sign))
                let tie = (here + Float(Float16(bitPattern: (bits + 1) | sign))) / 2
                expectSame([here, tie.nextDown, tie, tie.nextUp])
            }
        }
    }

    @Test func `what no half can be is held within its range`() {
        expectSame([.nan, -.nan, .signalingNaN, .infinity])
        expectSame([-.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 65504])
        expectSame([65519.99, 65520, 65536, -65520])
        expectSame([0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude])
    }
}
