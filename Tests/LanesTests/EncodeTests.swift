import Glibc
import Lanes
import TestSupport
import Testing

struct EncodeTests {
    private static let dither = DitherTile()

    private static let curves: [cyc_curve] = [
        fittedCurve(scale: 1023, offset: 0, perceptualQuantizer),
        fittedCurve(scale: 3504, offset: 256, perceptualQuantizer),
        fittedCurve(scale: 255, offset: 0) { pow($0, 1 / 2.4) },
        fittedCurve(scale: 4095, offset: 0) { $0 },
    ]

    private func codes(
        _ set: InstructionSet, _ curve: cyc_curve, _ light: [Float], row: Int = 0,
        fetch: cyc_fetch = cyc_fetch()
    ) -> [UInt16] {
        var curve = curve
        var out = [UInt16](repeating: 0xABCD, count: light.count + 16)
        KernelTable.of(set).encode(
            &curve,
            cyc_dither(thresholds: EncodeTests.dither.thresholds, column: 0, row: Int32(row)),
            cyc_region(x: 0, y: 0, width: Int32(light.count), height: 1), light, 0, &out, 0,
            fetch)
        #expect(out[light.count...].allSatisfy { $0 == 0xABCD })
        return Array(out[..<light.count])
    }

    @Test(arguments: runnable, 0..<4)
    func `codes are what the reference says, at every tail`(set: InstructionSet, index: Int) {
        let curve = EncodeTests.curves[index]
        var random = SeededRandom(seed: 8)
        var differing = 0
        for width in 1...200 {
            let light = (0..<width).map { _ in exp2(random.float(-33...0.5)) }
            let out = codes(set, curve, light, row: width % 64)
            for x in 0..<width {
                let t = EncodeTests.dither.thresholds[(width % 64) * 80 + x % 64]
                let truth = Reference.code(curve, Double(light[x]), threshold: Double(t))
                #expect(abs(Int(out[x]) - truth) <= 1)
                if Int(out[x]) != truth { differing += 1 }
            }
        }
        // Floats tell a code from the next one 0.03 % of the time otherwise.
        #expect(differing < 20)
    }

    @Test(arguments: runnable)
    func `black stays black, full scale is the highest code, and no light is garbage`(
        set: InstructionSet
    ) {
        for curve in EncodeTests.curves {
            let (low, high) = (UInt16(curve.offset), UInt16(curve.offset + curve.scale))
            for row in 0..<64 {
                let black = codes(set, curve, [Float](repeating: 0, count: 64), row: row)
                #expect(black.allSatisfy { $0 == low })
                let white = codes(set, curve, [Float](repeating: 1, count: 64), row: row)
                #expect(white.allSatisfy { $0 == high })
            }
            // Each of them at every place of the widest step, and of what is left after it.
            for (light, code) in EncodeTests.oddLights(low, high) {
                for width in [1, 16, 17, 31, 32, 47, 63, 64] {
                    let out = codes(set, curve, [Float](repeating: light, count: width))
                    #expect(out.allSatisfy { $0 == code }, "\(light) in \(width)")
                }
            }
        }
    }

    /// Lights whose code no dither changes.
    private static func oddLights(_ low: UInt16, _ high: UInt16) -> [(Float, UInt16)] {
        [
            (.nan, low), (-.nan, low), (.signalingNaN, low), (-1, low), (-.infinity, low),
            (-.leastNonzeroMagnitude, low), (-.greatestFiniteMagnitude, low), (-0.0, low),
            (.leastNonzeroMagnitude, low), (.leastNormalMagnitude, low), (1, high),
            (Float(1).nextUp, high), (Float(2).nextDown, high), (2, high), (4, high),
            (.greatestFiniteMagnitude, high), (.infinity, high),
        ]
    }

    @Test(arguments: runnable)
    func `memory that is fetched may be anyone's, and changes no code`(set: InstructionSet) {
        let curve = EncodeTests.curves[0]
        let light = (0..<200).map { Float($0) / 200 }
        let alone = codes(set, curve, light)
        for address in [8, 1 << 20, 1 << 46] {
            let fetch = cyc_fetch(
                at: UnsafeRawPointer(bitPattern: address), row_octets: 7200, step_octets: 120)
            #expect(codes(set, curve, light, fetch: fetch) == alone)
        }
    }

    @Test(arguments: runnable, 0..<4)
    func `a pixel's code does not depend on the row it stands in`(
        set: InstructionSet, index: Int
    ) {
        let curve = EncodeTests.curves[index]
        var random = SeededRandom(seed: 10)
        let light = (0..<101).map { _ in exp2(random.float(-33...1.5)) }
        for row in 0..<64 {
            let all = codes(set, curve, light, row: row)
            for width in 1..<light.count {
                #expect(codes(set, curve, Array(light[..<width]), row: row) == Array(all[..<width]))
            }
        }
    }

    @Test(arguments: runnable)
    func `dither keeps the mean of an even light`(set: InstructionSet) {
        let curve = EncodeTests.curves[0]
        for light in [0.00001, 0.0013, 0.01, 0.31] as [Float] {
            var sum = 0.0
            for row in 0..<64 {
                let out = codes(set, curve, [Float](repeating: light, count: 64), row: row)
                sum += out.reduce(0) { $0 + Double($1) }
            }
            #expect(abs(sum / 4096 - Reference.level(curve, Double(light))) < 0.001)
        }
    }

    @Test(.enabled(if: runnable.count == 2, "this machine has no AVX-512"))
    func `both instruction sets give the same codes`() {
        var random = SeededRandom(seed: 9)
        let light = (0..<5000).map { _ in exp2(random.float(-33...0.5)) }
        for curve in EncodeTests.curves {
            let (three, four) = (codes(.v3, curve, light), codes(.v4, curve, light))
            #expect(three == four)
        }
    }

    @Test func `every threshold stands once in the dither tile, and neighbors differ`() {
        var seen = [Bool](repeating: false, count: 4096)
        var lowNeighbors = 0
        for y in 0..<64 {
            for x in 0..<64 {
                let t = EncodeTests.dither.thresholds[y * 80 + x]
                seen[Int(t * 4096)] = true
                // The darkest tenth must not touch: that is what blue noise is.
                let right = EncodeTests.dither.thresholds[y * 80 + (x + 1) % 64]
                if t < 0.1 && right < 0.1 { lowNeighbors += 1 }
            }
            for x in 0..<16 {
                let row = EncodeTests.dither.thresholds + y * 80
                #expect(row[64 + x] == row[x])
            }
        }
        #expect(seen.allSatisfy { $0 })
        #expect(lowNeighbors == 0)
    }
}
