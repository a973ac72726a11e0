import Color
import Glibc

/// What the numbers of a picture file mean.
public enum PictureColorSpace: String, CaseIterable, Sendable {
    /// As the format says or implies: EXR and HDR linear with the chromaticities in the file or
    /// Rec.709; PNG, JPEG and TIFF of integers sRGB.
    case auto
    /// IEC 61966-2-1 curve, Rec.709 primaries.
    case sRGB = "srgb"
    /// sRGB curve, P3 primaries with a D65 white: Apple's Display P3.
    case displayP3 = "display-p3"
    /// Linear, Rec.709 primaries.
    case linearRec709 = "linear-rec709"
    /// Linear, P3 primaries with a D65 white.
    case linearP3 = "linear-p3"
    /// Linear, Rec.2020 primaries.
    case linearRec2020 = "linear-rec2020"
    /// Linear, AP1: the working space.
    case acesCG = "acescg"
    /// Linear, AP0.
    case aces2065 = "aces2065-1"

    /// Primaries and curve; nil when the format has to say.
    var encoding: PictureEncoding? {
        switch self {
        case .auto: nil
        case .sRGB: PictureEncoding(primaries: .rec709, isLinear: false)
        case .displayP3: PictureEncoding(primaries: .p3D65, isLinear: false)
        case .linearRec709: PictureEncoding(primaries: .rec709, isLinear: true)
        case .linearP3: PictureEncoding(primaries: .p3D65, isLinear: true)
        case .linearRec2020: PictureEncoding(primaries: .rec2020, isLinear: true)
        case .acesCG: PictureEncoding(primaries: .acesCG, isLinear: true)
        case .aces2065: PictureEncoding(primaries: .aces2065, isLinear: true)
        }
    }
}

/// Primaries and curve of stored numbers.
struct PictureEncoding: Equatable {
    var primaries: Primaries
    /// Linear light, else the sRGB curve.
    var isLinear: Bool

    /// Numbers of a file as linear light, 0 … 1 of an integer format.
    func linear(_ value: Float) -> Float {
        isLinear ? value : PictureEncoding.sRGB(value)
    }

    /// IEC 61966-2-1, mirrored for negative numbers so that none is lost.
    static func sRGB(_ value: Float) -> Float {
        let v = abs(value)
        let linear = v <= 0.04045 ? v / 12.92 : powf((v + 0.055) / 1.055, 2.4)
        return value < 0 ? -linear : linear
    }
}

/// Linear RGB of some primaries → ACEScg, Bradford adapted; nine floats, row major.
struct WorkingMatrix {
    let m: InlineArray<9, Float>

    /// Nil when the primaries enclose no colours (collinear or without luminance).
    init?(from source: Primaries) {
        if source == .acesCG {
            m = [1, 0, 0, 0, 1, 0, 0, 0, 1]
            return
        }
        guard let xyzFromSource = Rows3.xyz(from: source),
            let ap1FromXYZ = Rows3.xyz(from: .acesCG)?.inverse,
            let adapted = Rows3.bradford(from: source.white, to: Primaries.acesCG.white)
        else { return nil }
        let all = ap1FromXYZ * adapted * xyzFromSource
        m = InlineArray { Float(all.m[$0]) }
        for i in 0..<9 where !m[i].isFinite { return nil }
    }
}

/// A 3×3 matrix in doubles, row major; only what primaries need.
private struct Rows3 {
    var m: [Double]

    static func * (a: Rows3, b: Rows3) -> Rows3 {
        let columns = (0..<3).map { a * SIMD3(b.m[$0], b.m[$0 + 3], b.m[$0 + 6]) }
        return Rows3(m: (0..<9).map { columns[$0 % 3][$0 / 3] })
    }

    static func * (a: Rows3, v: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(
            (SIMD3(a.m[0], a.m[1], a.m[2]) * v).sum(), (SIMD3(a.m[3], a.m[4], a.m[5]) * v).sum(),
            (SIMD3(a.m[6], a.m[7], a.m[8]) * v).sum())
    }

    /// The inverse by cofactors; nil when singular.
    var inverse: Rows3? {
        func cofactor(_ row: Int, _ column: Int) -> Double {
            let (r1, r2) = ((row + 1) % 3, (row + 2) % 3)
            let (c1, c2) = ((column + 1) % 3, (column + 2) % 3)
            return m[r1 * 3 + c1] * m[r2 * 3 + c2] - m[r1 * 3 + c2] * m[r2 * 3 + c1]
        }
        let determinant = (0..<3).reduce(0) { $0 + m[$1] * cofactor(0, $1) }
        guard determinant.isFinite, abs(determinant) > 1e-12 else { return nil }
        return Rows3(m: (0..<9).map { i -> Double in cofactor(i % 3, i / 3) / determinant })
    }

    /// XYZ of a chromaticity at Y = 1; nil without luminance.
    static func xyz(of c: Chromaticity) -> SIMD3<Double>? {
        guard c.x.isFinite, c.y.isFinite, abs(c.y) > 1e-6 else { return nil }
        return SIMD3(c.x / c.y, 1, (1 - c.x - c.y) / c.y)
    }

    /// Normalised primary matrix: columns are the primaries' XYZ scaled to add up to the white
    /// (SMPTE RP 177, 3.3).
    static func xyz(from p: Primaries) -> Rows3? {
        // Columns (x, y, z) instead of (x/y, 1, z/y): AP0's green blue have y of 0 and below.
        let columns = [p.red, p.green, p.blue].map { SIMD3($0.x, $0.y, 1 - $0.x - $0.y) }
        let raw = Rows3(m: (0..<9).map { columns[$0 % 3][$0 / 3] })
        guard let white = xyz(of: p.white), let inverse = raw.inverse else { return nil }
        let scale = inverse * white
        return Rows3(m: (0..<9).map { raw.m[$0] * scale[$0 % 3] })
    }

    /// Von Kries adaptation in Bradford's cone space.
    static func bradford(from source: Chromaticity, to target: Chromaticity) -> Rows3? {
        let cones = Rows3(m: [
            0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296,
        ])
        guard let from = xyz(of: source), let to = xyz(of: target), let back = cones.inverse
        else { return nil }
        let gain = (cones * to) / (cones * from)
        let diagonal = Rows3(m: [gain.x, 0, 0, 0, gain.y, 0, 0, 0, gain.z])
        return back * diagonal * cones
    }
}
