import Lanes

/// Seeded value noise: the same numbers on every machine, for pictures only.
///
/// Where the processor can, eight places or eight octaves are taken at a time (`noise8.h`), with
/// the same bits.
package struct Noise: Sendable {
    private let seed: UInt32
    private let isWide: Bool

    /// - Parameter isWide: eight at a time; only where the machine has x86-64-v3.
    package init(seed: UInt64, isWide: Bool = InstructionSet.best != nil) {
        self.seed = UInt32(truncatingIfNeeded: seed ^ seed >> 32) &* 0x9E37_79B9 | 1
        self.isWide = isWide
    }

    /// A number 0 … 1 for a lattice point.
    @inline(__always)
    func lattice(_ x: Int32, _ y: Int32, _ z: Int32 = 0) -> Float {
        var h = seed ^ UInt32(bitPattern: x) &* 0x85EB_CA6B
        h = (h ^ UInt32(bitPattern: y) &* 0xC2B2_AE35) &* 0x27D4_EB2F
        h = (h ^ UInt32(bitPattern: z) &* 0x1656_67B1 ^ h >> 15) &* 0x2C1B_3C6D
        h = (h ^ h >> 12) &* 0x297A_2D39
        return Float((h ^ h >> 15) >> 8) * (1 / 16_777_216)
    }

    /// Smooth noise 0 … 1 with features of size one.
    @inline(__always)
    package func value(_ x: Float, _ y: Float) -> Float {
        let (ix, iy) = (Noise.floor(x), Noise.floor(y))
        let (u, v) = (Noise.eased(x - Float(ix)), Noise.eased(y - Float(iy)))
        let a = lattice(ix, iy)
        let b = lattice(ix &+ 1, iy)
        let c = lattice(ix, iy &+ 1)
        let d = lattice(ix &+ 1, iy &+ 1)
        return a + (b - a) * u + (c - a + (a - b - c + d) * u) * v
    }

    /// Smooth noise at eight places.
    package func values(_ x: SIMD8<Float>, _ y: SIMD8<Float>) -> SIMD8<Float> {
        guard isWide else { return Noise.eachLane { value(x[$0], y[$0]) } }
        return Noise.eight(x, y) { cyc_noise_values(seed, $0, $1, $2) }
    }

    /// `fractal` at eight places.
    package func fractal(_ x: SIMD8<Float>, _ y: SIMD8<Float>, octaves: Int) -> SIMD8<Float> {
        guard isWide else { return Noise.eachLane { fractal(x[$0], y[$0], octaves: octaves) } }
        return Noise.eight(x, y) { cyc_noise_fractals(seed, $0, $1, Int32(octaves), $2) }
    }

    /// `ridged` at eight places.
    package func ridged(_ x: SIMD8<Float>, _ y: SIMD8<Float>, octaves: Int) -> SIMD8<Float> {
        guard isWide else { return Noise.eachLane { ridged(x[$0], y[$0], octaves: octaves) } }
        return Noise.eight(x, y) { cyc_noise_ridges(seed, $0, $1, Int32(octaves), $2) }
    }

    private static func eachLane(_ value: (Int) -> Float) -> SIMD8<Float> {
        var out = SIMD8<Float>()
        for lane in 0..<8 { out[lane] = value(lane) }
        return out
    }

    /// Places and values as C takes them: it holds because a `SIMD8<Float>` is eight floats in a
    /// row.
    @inline(__always)
    private static func eight(
        _ x: SIMD8<Float>, _ y: SIMD8<Float>,
        _ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
    ) -> SIMD8<Float> {
        var out = SIMD8<Float>()
        withUnsafePointer(to: x) { x in
            withUnsafePointer(to: y) { y in
                withUnsafeMutablePointer(to: &out) { out in
                    body(
                        UnsafeRawPointer(x).assumingMemoryBound(to: Float.self),
                        UnsafeRawPointer(y).assumingMemoryBound(to: Float.self),
                        UnsafeMutableRawPointer(out).assumingMemoryBound(to: Float.self))
                }
            }
        }
        return out
    }

    /// Sum of octaves, 0 … 1, each twice as fine and half as strong, turned against the lattice.
    @inline(__always)
    package func fractal(_ x: Float, _ y: Float, octaves: Int) -> Float {
        isWide
            ? cyc_noise_fractal(seed, x, y, Int32(octaves))
            : fractalByOctave(x, y, octaves: octaves)
    }

    private func fractalByOctave(_ x: Float, _ y: Float, octaves: Int) -> Float {
        var (x, y) = (x, y)
        var sum: Float = 0
        var weight: Float = 0.5
        var total: Float = 0
        for _ in 0..<octaves {
            sum += value(x, y) * weight
            total += weight
            weight *= 0.5
            (x, y) = (1.6 * x - 1.2 * y + 17.3, 1.2 * x + 1.6 * y - 9.1)
        }
        return sum / total
    }

    /// Fractal noise with sharp crests, 0 … 1: what mountains are made of.
    package func ridged(_ x: Float, _ y: Float, octaves: Int) -> Float {
        var (x, y) = (x, y)
        var sum: Float = 0
        var weight: Float = 0.5
        var total: Float = 0
        var carry: Float = 1
        for _ in 0..<octaves {
            let crest = 1 - abs(2 * value(x, y) - 1)
            let sharp = crest * crest
            sum += sharp * weight * carry
            total += weight
            // Valleys stay smooth, crests get detail.
            carry = min(1, sharp * 1.6 + 0.15)
            weight *= 0.5
            (x, y) = (1.6 * x - 1.2 * y + 31.7, 1.2 * x + 1.6 * y + 11.9)
        }
        return sum / total
    }

    /// The integer at or below, without the library call that `rounded(.down)` is on the baseline.
    @inline(__always)
    static func floor(_ x: Float) -> Int32 {
        let i = Int32(x)
        return Float(i) > x ? i &- 1 : i
    }

    @inline(__always)
    private static func eased(_ t: Float) -> Float { t * t * t * (t * (t * 6 - 15) + 10) }
}

/// A seeded stream of numbers (SplitMix64).
struct NumberStream {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// 0 … 1.
    mutating func next() -> Float {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return Float((z ^ z >> 31) >> 40) * (1 / 16_777_216)
    }

    /// A number of a range.
    mutating func next(_ range: ClosedRange<Float>) -> Float {
        range.lowerBound + (range.upperBound - range.lowerBound) * next()
    }
}
