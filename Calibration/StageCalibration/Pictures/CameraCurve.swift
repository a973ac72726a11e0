import Glibc

/// What a camera's code values mean, 0 … 1, as light; 1 is a perfect white, 0.18 middle gray.
public enum CameraCurve: String, Sendable, Codable, CaseIterable {
    /// Numbers are light.
    case linear
    /// IEC 61966-2-1.
    case sRGB = "srgb"
    /// ITU-R BT.709, the inverse of its camera curve.
    case rec709
    /// Academy S-2016-001.
    case acesCCT = "acescct"
    /// ARRI LogC3, EI 800.
    case logC3 = "logc3"
    /// ARRI LogC4.
    case logC4 = "logc4"
    /// RED Log3G10, version 3.
    case log3G10 = "log3g10"
    /// Sony S-Log3.
    case sLog3 = "slog3"
    /// Panasonic V-Log.
    case vLog = "vlog"
    /// Canon Log 2, version 1.2.
    case cLog2 = "clog2"
    /// Canon Log 3, version 1.2.
    case cLog3 = "clog3"
    /// Blackmagic Film, generation 5.
    case filmGeneration5 = "bmdfilm5"
    /// DaVinci Intermediate.
    case daVinciIntermediate = "davinci"

    /// Light of a code value, as the maker publishes it.
    public func light(code y: Double) -> Double {
        switch self {
        case .linear: return y
        case .sRGB: return y <= 0.04045 ? y / 12.92 : pow((y + 0.055) / 1.055, 2.4)
        case .rec709: return y < 0.081 ? y / 4.5 : pow((y + 0.099) / 1.099, 1 / 0.45)
        case .acesCCT:
            return y <= 0.155251141552511
                ? (y - 0.0729055341958355) / 10.5402377416545 : exp2(y * 17.52 - 9.72)
        case .logC3:
            let (e, f) = (5.367655, 0.092809)
            return y > e * 0.010591 + f
                ? (pow(10, (y - 0.385537) / 0.247190) - 0.052272) / 5.555556 : (y - f) / e
        case .logC4: return Self.logC4(y)
        case .log3G10:
            return y < 0
                ? y / 15.1927 - 0.01 : (pow(10, y / 0.224282) - 1) / 155.975327 - 0.01
        case .sLog3:
            return y >= 171.2102946929 / 1023
                ? pow(10, (y * 1023 - 420) / 261.5) * 0.19 - 0.01
                : (y * 1023 - 95) * 0.01125 / (171.2102946929 - 95)
        case .vLog:
            return y < 0.181 ? (y - 0.125) / 5.6 : pow(10, (y - 0.598206) / 0.241514) - 0.00873
        case .cLog2:
            let (a, b, c) = (0.092864125, 0.24136077, 87.099375)
            return 0.9
                * (y < a ? -(pow(10, (a - y) / b) - 1) / c : (pow(10, (y - a) / b) - 1) / c)
        case .cLog3:
            let (b, c) = (0.36726845, 14.98325)
            if y < 0.097465473 { return -0.9 * (pow(10, (0.12783901 - y) / b) - 1) / c }
            if y <= 0.15277891 { return 0.9 * (y - 0.12512219) / 1.9754798 }
            return 0.9 * (pow(10, (y - 0.12240537) / b) - 1) / c
        case .filmGeneration5:
            let (d, e) = (8.283605932402494, 0.09246575342465753)
            return y < d * 0.005 + e
                ? (y - e) / d
                : exp((y - 0.5300133392291939) / 0.08692876065491224) - 0.005494072432257808
        case .daVinciIntermediate:
            return y <= 0.02740668 ? y / 10.44426855 : exp2(y / 0.07329248 - 7) - 0.0075
        }
    }

    /// ARRI, "LogC4 Logarithmic Color Space", 2022.
    private static func logC4(_ y: Double) -> Double {
        let a = (exp2(18.0) - 16) / 117.45
        let (b, c) = ((1023.0 - 95) / 1023, 95.0 / 1023)
        guard y < 0 else { return (exp2(14 * (y - c) / b + 6) - 64) / a }
        let s = 7 * log(2) * exp2(7 - 14 * c / b) / (a * b)
        return y * s + (exp2(14 * (-c / b) + 6) - 64) / a
    }
}
