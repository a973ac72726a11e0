import Color
import Foundation

/// A 3×3 matrix by rows.
struct Rows: Sendable {
    var a: SIMD3<Double>
    var b: SIMD3<Double>
    var c: SIMD3<Double>

    init(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) {
        self.a = a
        self.b = b
        self.c = c
    }

    func applied(to v: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(inner(a, v), inner(b, v), inner(c, v))
    }

    /// This one after the other.
    func after(_ first: Rows) -> Rows {
        func row(_ r: SIMD3<Double>) -> SIMD3<Double> {
            first.a * r.x + first.b * r.y + first.c * r.z
        }
        return Rows(row(a), row(b), row(c))
    }

    /// By cofactors.
    var inverted: Rows {
        let p = SIMD3(b.y * c.z - b.z * c.y, a.z * c.y - a.y * c.z, a.y * b.z - a.z * b.y)
        let q = SIMD3(b.z * c.x - b.x * c.z, a.x * c.z - a.z * c.x, a.z * b.x - a.x * b.z)
        let r = SIMD3(b.x * c.y - b.y * c.x, a.y * c.x - a.x * c.y, a.x * b.y - a.y * b.x)
        let d = a.x * p.x + a.y * q.x + a.z * r.x
        return Rows(p / d, q / d, r / d)
    }
}

/// Light as CIE XYZ and what differences in it look like.
enum Colorimetry {
    /// XYZ with Y = 1 of a chromaticity.
    static func xyz(_ c: Chromaticity) -> SIMD3<Double> {
        SIMD3(c.x / c.y, 1, (1 - c.x - c.y) / c.y)
    }

    /// RGB → XYZ of an RGB space; equal parts of one give its white with Y = 1 (SMPTE RP 177).
    static func xyzFromRGB(_ p: Primaries) -> Rows {
        let (r, g, b) = (xyz(p.red), xyz(p.green), xyz(p.blue))
        let primaries = Rows(
            SIMD3(r.x, g.x, b.x), SIMD3(r.y, g.y, b.y), SIMD3(r.z, g.z, b.z))
        let parts = primaries.inverted.applied(to: xyz(p.white))
        return Rows(primaries.a * parts, primaries.b * parts, primaries.c * parts)
    }

    /// Bradford: XYZ under one white → XYZ under another.
    static func adapting(_ from: Chromaticity, to white: Chromaticity) -> Rows {
        let cones = Rows(
            SIMD3(0.8951, 0.2664, -0.1614), SIMD3(-0.7502, 1.7135, 0.0367),
            SIMD3(0.0389, -0.0685, 1.0296))
        let gain = cones.applied(to: xyz(white)) / cones.applied(to: xyz(from))
        let scaled = Rows(cones.a * gain.x, cones.b * gain.y, cones.c * gain.z)
        return cones.inverted.after(scaled)
    }

    /// RGB of one space → RGB of another, whites adapted.
    static func converting(_ from: Primaries, to target: Primaries) -> Rows {
        xyzFromRGB(target).inverted
            .after(adapting(from.white, to: target.white)).after(xyzFromRGB(from))
    }

    /// The working space, written out again so that a slip elsewhere cannot hide: ACEScg (AP1).
    static let working = Primaries(
        red: Chromaticity(0.713, 0.293), green: Chromaticity(0.165, 0.830),
        blue: Chromaticity(0.128, 0.044), white: Chromaticity(0.32168, 0.33767))
    /// ITU-R BT.709.
    static let video = Primaries(
        red: Chromaticity(0.64, 0.33), green: Chromaticity(0.30, 0.60),
        blue: Chromaticity(0.15, 0.06), white: Chromaticity(0.3127, 0.3290))
    /// P3 with a D65 white.
    static let cinema = Primaries(
        red: Chromaticity(0.680, 0.320), green: Chromaticity(0.265, 0.690),
        blue: Chromaticity(0.150, 0.060), white: Chromaticity(0.3127, 0.3290))
    /// ITU-R BT.2020.
    static let wide = Primaries(
        red: Chromaticity(0.708, 0.292), green: Chromaticity(0.170, 0.797),
        blue: Chromaticity(0.131, 0.046), white: Chromaticity(0.3127, 0.3290))

    private static let wideFromXYZ = xyzFromRGB(wide).inverted

    /// PQ signal 0 … 1 of a light in nits (SMPTE ST 2084 §5.3).
    static func perceptual(nits: Double) -> Double {
        let y = pow(max(0, nits) / 10000, 2610.0 / 16384)
        return pow(
            (3424.0 / 4096 + 2413.0 / 128 * y) / (1 + 2392.0 / 128 * y), 2523.0 / 32)
    }

    /// I, T, P of a light in XYZ nits (ITU-R BT.2124: ICtCp with Ct halved).
    static func itp(_ xyz: SIMD3<Double>) -> SIMD3<Double> {
        let rgb = wideFromXYZ.applied(to: xyz)
        let l = perceptual(nits: inner(SIMD3(1688, 2146, 262), rgb) / 4096)
        let m = perceptual(nits: inner(SIMD3(683, 2951, 462), rgb) / 4096)
        let s = perceptual(nits: inner(SIMD3(99, 309, 3688), rgb) / 4096)
        return SIMD3(
            0.5 * l + 0.5 * m, (6610 * l - 13613 * m + 7003 * s) / 8192,
            (17933 * l - 17390 * m - 543 * s) / 4096)
    }

    /// ΔE_ITP of two lights in XYZ nits (ITU-R BT.2124 §4); 1 is just visible.
    static func difference(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
        720 * norm(itp(a) - itp(b))
    }
}
