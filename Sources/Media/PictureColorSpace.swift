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
    /// A video display of ITU-R BT.1886, Rec.709 primaries.
    case rec709
    /// A video display of ITU-R BT.1886, Rec.2020 primaries.
    case rec2020
    /// SMPTE ST 2084, Rec.2020 primaries: HDR10 and its kin.
    case rec2100PQ = "rec2100-pq"
    /// SMPTE ST 2084, P3 primaries with a D65 white.
    case p3PQ = "p3-pq"
    /// ITU-R BT.2100 HLG, Rec.2020 primaries, as a display of 1,000 nits shows it.
    case rec2100HLG = "rec2100-hlg"
    /// ACEScct, AP1.
    case acesCCT = "acescct"
    /// ARRI LogC3 at EI 800, ARRI Wide Gamut 3.
    case logC3 = "logc3"
    /// ARRI LogC4, ARRI Wide Gamut 4.
    case logC4 = "logc4"
    /// RED Log3G10, REDWideGamutRGB.
    case log3G10 = "log3g10"
    /// Sony S-Log3, S-Gamut3.
    case sLog3 = "slog3"
    /// Sony S-Log3, S-Gamut3.Cine.
    case sLog3Cine = "slog3-cine"
    /// Panasonic V-Log, V-Gamut.
    case vLog = "vlog"
    /// Canon Log 2, Cinema Gamut.
    case canonLog2 = "clog2"
    /// Canon Log 3, Cinema Gamut.
    case canonLog3 = "clog3"
    /// Blackmagic Film and Wide Gamut of Generation 5.
    case blackmagicFilm5 = "bmdfilm5"
    /// DaVinci Intermediate, DaVinci Wide Gamut.
    case daVinci = "davinci"

    /// Primaries and curve; nil when the format has to say.
    var encoding: PictureEncoding? {
        switch self {
        case .auto: nil
        case .sRGB: PictureEncoding(.rec709, .sRGB)
        case .displayP3: PictureEncoding(.p3D65, .sRGB)
        case .linearRec709: PictureEncoding(.rec709, .linear)
        case .linearP3: PictureEncoding(.p3D65, .linear)
        case .linearRec2020: PictureEncoding(.rec2020, .linear)
        case .acesCG: PictureEncoding(.acesCG, .linear)
        case .aces2065: PictureEncoding(.aces2065, .linear)
        case .rec709: PictureEncoding(.rec709, .display)
        case .rec2020: PictureEncoding(.rec2020, .display)
        case .rec2100PQ: PictureEncoding(.rec2020, .pq)
        case .p3PQ: PictureEncoding(.p3D65, .pq)
        case .rec2100HLG: PictureEncoding(.rec2020, .hlg)
        case .acesCCT: PictureEncoding(.acesCG, .log(.acesCCT))
        case .logC3: PictureEncoding(.arriWideGamut3, .log(.logC3))
        case .logC4: PictureEncoding(.arriWideGamut4, .log(.logC4))
        case .log3G10: PictureEncoding(.redWideGamut, .log(.log3G10))
        case .sLog3: PictureEncoding(.sGamut3, .log(.sLog3))
        case .sLog3Cine: PictureEncoding(.sGamut3Cine, .log(.sLog3))
        case .vLog: PictureEncoding(.vGamut, .log(.vLog))
        case .canonLog2: PictureEncoding(.cinemaGamut, .log(.canonLog2))
        case .canonLog3: PictureEncoding(.cinemaGamut, .log(.canonLog3))
        case .blackmagicFilm5: PictureEncoding(.blackmagicWideGamut5, .log(.blackmagicFilm5))
        case .daVinci: PictureEncoding(.daVinciWideGamut, .log(.daVinciIntermediate))
        }
    }
}

/// Primaries of cameras and grading systems, as their makers publish them; white is D65.
extension Primaries {
    private static func wide(
        _ red: (Double, Double), _ green: (Double, Double), _ blue: (Double, Double)
    ) -> Primaries {
        Primaries(
            red: Chromaticity(red.0, red.1), green: Chromaticity(green.0, green.1),
            blue: Chromaticity(blue.0, blue.1), white: d65)
    }

    static var arriWideGamut3: Primaries {
        wide((0.684, 0.313), (0.221, 0.848), (0.0861, -0.102))
    }
    static var arriWideGamut4: Primaries {
        wide((0.7347, 0.2653), (0.1424, 0.8576), (0.0991, -0.0308))
    }
    static var redWideGamut: Primaries {
        wide((0.780308, 0.304253), (0.121595, 1.493994), (0.095612, -0.084589))
    }
    static var sGamut3: Primaries { wide((0.73, 0.28), (0.14, 0.855), (0.1, -0.05)) }
    static var sGamut3Cine: Primaries { wide((0.766, 0.275), (0.225, 0.8), (0.089, -0.087)) }
    static var vGamut: Primaries { wide((0.73, 0.28), (0.165, 0.84), (0.1, -0.03)) }
    static var cinemaGamut: Primaries { wide((0.74, 0.27), (0.17, 1.14), (0.08, -0.1)) }
    static var blackmagicWideGamut5: Primaries {
        var wide = wide(
            (0.7177215, 0.3171181), (0.228041, 0.861569), (0.1005841, -0.0820452))
        wide.white = Chromaticity(0.312717, 0.3290312)
        return wide
    }
    static var daVinciWideGamut: Primaries {
        wide((0.8, 0.313), (0.1682, 0.9877), (0.079, -0.1155))
    }
}

/// Primaries and curve of stored numbers.
struct PictureEncoding: Equatable {
    var primaries: Primaries
    var curve: PictureCurve

    init(_ primaries: Primaries, _ curve: PictureCurve) {
        (self.primaries, self.curve) = (primaries, curve)
    }

    /// They are light.
    var isLinear: Bool { curve == .linear }

    /// A colour of a file as linear light, 0 … 1 of an integer format.
    func linear(_ r: Float, _ g: Float, _ b: Float) -> (Float, Float, Float) {
        shown(curve.light(r), curve.light(g), curve.light(b))
    }

    /// What a display makes of scene light: HLG's OOTF for a peak of 1,000 nits (ITU-R BT.2100,
    /// table 5), of which the channels' own curve is only a part; nothing of all others.
    func shown(_ r: Float, _ g: Float, _ b: Float) -> (Float, Float, Float) {
        guard curve == .hlg else { return (r, g, b) }
        let y = max(0, 0.2627 * r + 0.6780 * g + 0.0593 * b)
        let gain = 10 * powf(y, 0.2)
        return (r * gain, g * gain, b * gain)
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
