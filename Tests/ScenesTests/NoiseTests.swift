import Lanes
import Scenes
import TestSupport
import Testing

/// Eight at a time is only faster: a picture has the same bytes on a machine that cannot.
@Suite("Noise", .enabled(if: InstructionSet.best != nil))
struct NoiseTests {
    private let seeds: [UInt64] = [5, 41, 1207, 88, 640, .max]

    /// Places near and far, on and beside lattice lines.
    private let places: [(x: SIMD8<Float>, y: SIMD8<Float>)] = (0..<200).map { index in
        var random = SeededRandom(seed: UInt64(index) + 1)
        let far: Float = [1, 40, 3000, 60000][index % 4]
        var (x, y) = (SIMD8<Float>(), SIMD8<Float>())
        for lane in 0..<8 {
            x[lane] = Float.random(in: -far...far, using: &random)
            y[lane] = Float.random(in: -far...far, using: &random)
        }
        // A lattice point, and a place just below a line.
        x[0] = x[0].rounded()
        y[0] = y[0].rounded()
        x[1] = x[1].rounded().nextDown
        return (x, y)
    }

    private func same(_ a: SIMD8<Float>, _ b: (Int) -> Float) -> Bool {
        (0..<8).allSatisfy { a[$0].bitPattern == b($0).bitPattern }
    }

    @Test func `eight places at once have the bits each has alone`() {
        for seed in seeds {
            let (wide, plain) = (Noise(seed: seed), Noise(seed: seed, isWide: false))
            for (x, y) in places {
                #expect(same(wide.values(x, y)) { plain.value(x[$0], y[$0]) })
                for octaves in [1, 2, 3, 6, 9, 11] {
                    #expect(
                        same(wide.fractal(x, y, octaves: octaves)) {
                            plain.fractal(x[$0], y[$0], octaves: octaves)
                        }, "fractal, seed \(seed), \(octaves) octaves at \(x), \(y)")
                    #expect(
                        same(wide.ridged(x, y, octaves: octaves)) {
                            plain.ridged(x[$0], y[$0], octaves: octaves)
                        }, "ridged, seed \(seed), \(octaves) octaves at \(x), \(y)")
                }
            }
        }
    }

    @Test func `eight octaves at once have the bits of one after the other`() {
        for seed in seeds {
            let (wide, plain) = (Noise(seed: seed), Noise(seed: seed, isWide: false))
            for (x, y) in places {
                for octaves in 1...11 {
                    let (a, b) = (
                        wide.fractal(x[2], y[2], octaves: octaves),
                        plain.fractal(x[2], y[2], octaves: octaves)
                    )
                    #expect(a.bitPattern == b.bitPattern, "seed \(seed), \(octaves) octaves")
                }
            }
        }
    }
}
