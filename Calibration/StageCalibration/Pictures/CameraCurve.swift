import Glibc
import Media

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

    /// Every curve's word, for help and complaints.
    public static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }

    /// Light of a code value, as the maker publishes it.
    public func light(code y: Double) -> Double {
        switch self {
        case .linear: y
        case .sRGB: y <= 0.04045 ? y / 12.92 : pow((y + 0.055) / 1.055, 2.4)
        case .rec709: y < 0.081 ? y / 4.5 : pow((y + 0.099) / 1.099, 1 / 0.45)
        case .acesCCT: CameraLog.acesCCT.light(y)
        case .logC3: CameraLog.logC3.light(y)
        case .logC4: CameraLog.logC4.light(y)
        case .log3G10: CameraLog.log3G10.light(y)
        case .sLog3: CameraLog.sLog3.light(y)
        case .vLog: CameraLog.vLog.light(y)
        case .cLog2: CameraLog.canonLog2.light(y)
        case .cLog3: CameraLog.canonLog3.light(y)
        case .filmGeneration5: CameraLog.blackmagicFilm5.light(y)
        case .daVinciIntermediate: CameraLog.daVinciIntermediate.light(y)
        }
    }
}
