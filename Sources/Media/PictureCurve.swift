import Color
import Glibc

/// How the numbers of a picture stand for light, each channel by itself; 1.0 of the light is a
/// display's white of 100 nits, or a camera's perfect white.
public enum PictureCurve: Equatable, Sendable {
    /// They are light.
    case linear
    /// IEC 61966-2-1.
    case sRGB
    /// A display of ITU-R BT.1886: the power 2.4.
    case display
    /// SMPTE ST 2084, 5.2: 1.0 of the light is 100 nits.
    case pq
    /// ITU-R BT.2100, the inverse OETF; the display's part is `PictureEncoding.shown`.
    case hlg
    /// A camera's.
    case log(CameraLog)

    /// The light of a number; mirrored for negative numbers where the curve ends at black.
    func light(_ value: Float) -> Float {
        switch self {
        case .linear: return value
        case .log(let log): return Float(log.light(Double(value)))
        case .sRGB:
            let v = abs(value)
            let linear = v <= 0.04045 ? v / 12.92 : powf((v + 0.055) / 1.055, 2.4)
            return value < 0 ? -linear : linear
        case .display, .pq, .hlg:
            let light = Float(positiveLight(Double(abs(value))))
            return value < 0 ? -light : light
        }
    }

    private func positiveLight(_ v: Double) -> Double {
        switch self {
        case .display: return pow(v, 2.4)
        case .pq:
            let root = pow(min(v, 1), 32.0 / 2523)
            let (c1, c2, c3) = (3424.0 / 4096, 2413.0 / 128, 2392.0 / 128)
            return 100 * pow(max(root - c1, 0) / (c2 - c3 * root), 16384.0 / 2610)
        case .hlg:
            let (a, b, c) = (0.17883277, 0.28466892, 0.55991073)
            return v <= 0.5 ? v * v / 3 : (exp((v - c) / a) + b) / 12
        case .linear, .sRGB, .log: return v
        }
    }
}

/// A camera's or grading system's logarithmic curve, as its maker publishes it: code value 0 … 1 to
/// scene light, 0.18 = middle grey.
public enum CameraLog: String, CaseIterable, Sendable {
    /// AMPAS S-2016-001.
    case acesCCT
    /// ARRI LogC3 at EI 800.
    case logC3
    /// ARRI LogC4.
    case logC4
    /// RED Log3G10.
    case log3G10
    /// Sony S-Log3.
    case sLog3
    /// Panasonic V-Log.
    case vLog
    /// Canon Log 2.
    case canonLog2
    /// Canon Log 3.
    case canonLog3
    /// Blackmagic Film Generation 5.
    case blackmagicFilm5
    /// DaVinci Intermediate.
    case daVinciIntermediate

    /// The light of a code value.
    public func light(_ v: Double) -> Double {
        switch self {
        case .acesCCT: return ACEScct.light(code: v)
        case .logC3:
            let (a, b, c, d, e, f) = (5.555556, 0.052272, 0.247190, 0.385537, 5.367655, 0.092809)
            return v > e * 0.010591 + f ? (pow(10, (v - d) / c) - b) / a : (v - f) / e
        case .logC4:
            let a = (exp2(18) - 16) / 117.45
            let (b, c) = ((1023.0 - 95) / 1023, 95.0 / 1023)
            let s = 7 * log(2) * exp2(7 - 14 * c / b) / (a * b)
            let t = (exp2(14 * -c / b + 6) - 64) / a
            return v < 0 ? v * s + t : (exp2(14 * (v - c) / b + 6) - 64) / a
        case .log3G10:
            return v < 0
                ? v / 15.1927 - 0.01 : (pow(10, v / 0.224282) - 1) / 155.975327 - 0.01
        case .sLog3:
            return v >= 171.2102946929 / 1023
                ? pow(10, (v * 1023 - 420) / 261.5) * 0.19 - 0.01
                : (v * 1023 - 95) * 0.01125 / (171.2102946929 - 95)
        case .vLog:
            return v < 0.181 ? (v - 0.125) / 5.6 : pow(10, (v - 0.598206) / 0.241514) - 0.00873
        case .canonLog2:
            return 0.9
                * (v < 0.092864125
                    ? -(pow(10, (0.092864125 - v) / 0.24136077) - 1) / 87.099375
                    : (pow(10, (v - 0.092864125) / 0.24136077) - 1) / 87.099375)
        case .canonLog3:
            if v < 0.097465473 {
                return -0.9 * (pow(10, (0.12783901 - v) / 0.36726845) - 1) / 14.98325
            }
            return 0.9
                * (v <= 0.15277891
                    ? (v - 0.12512219) / 1.9754798
                    : (pow(10, (v - 0.12240537) / 0.36726845) - 1) / 14.98325)
        case .blackmagicFilm5:
            let (a, b, c) = (0.08692876065491224, 0.005494072432257808, 0.5300133392291939)
            let (d, e) = (8.283605932402494, 0.09246575342465753)
            return v < d * 0.005 + e ? (v - e) / d : exp((v - c) / a) - b
        case .daVinciIntermediate:
            let (a, b, c, m) = (0.0075, 7.0, 0.07329248, 10.44426855)
            return v <= 0.02740668 ? v / m : exp2(v / c - b) - a
        }
    }
}
