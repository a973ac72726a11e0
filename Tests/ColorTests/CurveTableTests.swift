import Color
import Foundation
import Lanes
import Testing

@Suite struct CurveTableTests {
    /// Greatest distance in codes between the table and the curve in doubles, over light that is
    /// even in its logarithm from 1e-12 to 1 and over the even steps of 0 … 1.
    func worst(_ transfer: TransferFunction, bits: Int, range: CodeRange) -> Double {
        let table = CurveTable(transfer: transfer, bitDepth: bits, range: range)
        var worst = 0.0
        for i in 0...200_000 {
            let even = Float(i) / 200_000
            let spread = Float(pow(10, -12 * (1 - Double(i) / 200_000)))
            for light in [even, spread] {
                let wanted = range.code(
                    signal: transfer.signal(light: Double(light)), bitDepth: bits)
                worst = max(worst, abs(Double(table.code(light: light)) - wanted))
            }
        }
        return worst
    }

    @Test func `row: PQ codes are within a quarter of a code at 12 bit from 0 to 10000 nits`() {
        #expect(worst(.pq, bits: 12, range: .full) <= 0.25)
        #expect(worst(.pq, bits: 12, range: .narrow) <= 0.25)
        #expect(worst(.pq, bits: 10, range: .full) <= 0.0625)
    }

    @Test(arguments: [1.8, 2.2, 2.4, 2.6])
    func `gamma codes are within 0_31 of a code at 12 bit`(_ exponent: Double) {
        #expect(worst(.gamma(exponent), bits: 12, range: .full) <= 0.31)
        #expect(worst(.gamma(exponent), bits: 10, range: .narrow) <= 0.08)
    }

    @Test func `linear codes are exact`() {
        #expect(worst(.linear, bits: 12, range: .full) <= 0.001)
    }

    @Test func `no light is the code of black and full light is full scale`() {
        for transfer in [TransferFunction.pq, .gamma(2.4), .linear] {
            for range in [CodeRange.full, .narrow] {
                let table = CurveTable(transfer: transfer, bitDepth: 10, range: range)
                for dark in [0, -1, .nan] as [Float] {
                    let code = Double(table.code(light: dark))
                    #expect(abs(code - range.black(bitDepth: 10)) < 2e-5)
                }
                #expect(
                    Double(table.code(light: 1)) == range.code(signal: 1, bitDepth: 10))
            }
        }
    }

    @Test func `no light has a code above full scale`() {
        for transfer in [TransferFunction.pq, .gamma(1.8), .gamma(2.6), .linear] {
            let table = CurveTable(transfer: transfer, bitDepth: 12, range: .full)
            var light: Float = 1
            for _ in 0..<100_000 {
                light = light.nextDown
                #expect(table.signal(light: light) <= 1)
            }
        }
    }

    @Test func `more light never gives a code lower by a tenth at 10 bit`() {
        for transfer in [TransferFunction.pq, .gamma(2.2), .gamma(2.6)] {
            let table = CurveTable(transfer: transfer, bitDepth: 10, range: .full)
            var last: Float = 0
            var fall: Float = 0
            for i in 0...400_000 {
                let light = Float(exp2(-40 * (1 - Double(i) / 400_000)))
                let code = table.code(light: light)
                fall = max(fall, last - code)
                last = max(last, code)
            }
            #expect(fall < 0.1)
        }
    }
}
