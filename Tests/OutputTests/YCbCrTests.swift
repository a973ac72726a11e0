import Color
import Output
import StageModel
import TestSupport
import Testing

@Suite struct YCbCrTests {
    /// Cb Y0 Cr Y1 of the first pixel pair.
    private func codes(
        _ color: (Double, Double, Double), depth: Int, out: Int, matrix: YCbCrMatrix,
        range: CodeRange
    ) throws -> [Int] {
        let picture = Picture(width: 16, height: 1) { _, _ in
            func code(_ v: Double) -> UInt16 {
                let top = Double(1 << depth) - 1
                let unit = Double(1 << (depth - 8))
                return UInt16((range == .full ? v * top : (16 + 219 * v) * unit).rounded())
            }
            return (code(color.0), code(color.1), code(color.2))
        }
        let packer = try CanvasPacker(
            format: .yCbCr422(depth: out, matrix: matrix),
            codes: CodeFormat(depth: depth, range: range), width: 16, height: 1)
        let octets = picture.packed(packer)
        if out == 8 { return octets[..<4].map { Int($0) } }
        let word = octets[..<5].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return [30, 20, 10, 0].map { Int(word >> $0 & 1023) }
    }

    @Test func `BT.709 bars of 8 and 10 bits have the codes of the standard`() throws {
        // 100 % bars, narrow range, Cb Y Cr: BT.709-6 items 3.2 to 3.4 worked by hand.
        let eight: [((Double, Double, Double), [Int])] = [
            ((1, 1, 1), [128, 235, 128]), ((0, 0, 0), [128, 16, 128]),
            ((1, 0, 0), [102, 63, 240]), ((0, 1, 0), [42, 173, 26]), ((0, 0, 1), [240, 32, 118]),
            ((1, 1, 0), [16, 219, 138]), ((0, 1, 1), [154, 188, 16]),
            ((1, 0, 1), [214, 78, 230]),
        ]
        for (color, expected) in eight {
            let got = try codes(color, depth: 8, out: 8, matrix: .bt709, range: .narrow)
            #expect(Array(got[..<3]) == expected, "\(color)")
        }
        let ten: [((Double, Double, Double), [Int])] = [
            ((1, 1, 1), [512, 940, 512]), ((1, 0, 0), [409, 250, 960]),
            ((0, 1, 0), [167, 691, 105]), ((0, 0, 1), [960, 127, 471]),
        ]
        for (color, expected) in ten {
            let got = try codes(color, depth: 10, out: 10, matrix: .bt709, range: .narrow)
            #expect(Array(got[..<3]) == expected, "\(color)")
        }
    }

    @Test func `gray has no chroma and its own luma in full range`() throws {
        for code in stride(from: 0, through: 1023, by: 11) {
            let v = Double(code) / 1023
            for matrix in [YCbCrMatrix.bt709, .bt2020] {
                let got = try codes(
                    (v, v, v), depth: 10, out: 10, matrix: matrix, range: .full)
                #expect(got == [512, code, 512, code])
            }
        }
    }

    @Test(arguments: [YCbCrMatrix.bt709, .bt2020], [CodeRange.full, .narrow])
    func `every depth is within a rounding of the formula`(
        matrix: YCbCrMatrix, range: CodeRange
    ) throws {
        var random = SeededRandom(seed: 11)
        let (kr, kb) = matrix == .bt709 ? (0.2126, 0.0722) : (0.2627, 0.0593)
        for depth in [8, 10, 12] {
            for out in [8, 10] {
                for _ in 0..<50 {
                    let unit = Double(1 << (depth - 8))
                    let top = range == .full ? Double(1 << depth) - 1 : 219 * unit
                    func color() -> Double {
                        (Double.random(in: 0...1, using: &random) * top).rounded() / top
                    }
                    let (r, g, b) = (color(), color(), color())
                    let luma = kr * r + (1 - kr - kb) * g + kb * b
                    let to = Double(1 << (out - 8))
                    let full = Double(1 << out) - 1
                    let y = range == .full ? full * luma : (219 * luma + 16) * to
                    let scale = range == .full ? full : 224 * to
                    let cb = (b - luma) / (2 * (1 - kb)) * scale + 128 * to
                    let cr = (r - luma) / (2 * (1 - kr)) * scale + 128 * to
                    let got = try codes(
                        (r, g, b), depth: depth, out: out, matrix: matrix, range: range)
                    for (code, exact) in zip(got, [cb, y, cr, y]) {
                        #expect(abs(Double(code) - min(full, exact)) < 0.52)
                    }
                }
            }
        }
    }

    @Test func `chroma is sited on the even pixels: a ramp keeps its place`() throws {
        // Blue rises by 8 a pixel: chroma at pixel x is that of x itself, everywhere.
        let ramp = Picture(width: 64, height: 1) { x, _ in (0, 0, UInt16(8 * x)) }
        let flat = { (x: Int) in
            Picture(width: 64, height: 1) { _, _ in (0, 0, UInt16(8 * x)) }
        }
        let packer = try CanvasPacker(
            format: .yCbCr422(depth: 10, matrix: .bt709),
            codes: CodeFormat(depth: 10, range: .full), width: 64, height: 1)
        let got = ramp.packed(packer)
        for x in stride(from: 0, to: 64, by: 2) {
            let alone = flat(x).packed(packer)
            let word = got[5 * x / 2..<5 * x / 2 + 5].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let same = alone[..<5].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            #expect(word >> 30 == same >> 30, "Cb at \(x)")
            #expect(word >> 10 & 1023 == same >> 10 & 1023, "Cr at \(x)")
        }
    }

    @Test func `chroma is a 1-2-1 sum inside sixteen columns and the pixel's own at their edge`()
        throws
    {
        let packer = try CanvasPacker(
            format: .yCbCr422(depth: 8, matrix: .bt709),
            codes: CodeFormat(depth: 8, range: .full), width: 32, height: 1)
        func cb(_ blues: [Int: UInt16], at pixel: Int) -> UInt8 {
            Picture(width: 32, height: 1) { x, _ in (0, 0, blues[x] ?? 0) }.packed(packer)[
                2 * pixel]
        }
        // A blue of 4·v in one neighbor counts as v; 64 of 255 blue lifts Cb by 32.
        #expect(cb([5: 64], at: 4) == cb([4: 16, 3: 16, 5: 16], at: 4))
        #expect(cb([3: 64], at: 4) == cb([4: 32], at: 4))
        #expect(cb([15: 255, 17: 255], at: 16) == 128)
        #expect(cb([16: 64], at: 16) == 160)
    }
}
