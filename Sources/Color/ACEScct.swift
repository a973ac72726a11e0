import Glibc

/// ACEScct: the logarithmic code grades and look tables work in, and back (Academy S-2016-001).
///
/// 0.18 is 0.4136; 0 is 0.0729; 1.0 is 222.9.
public enum ACEScct {
    /// Light at and below which the code is linear.
    static let linearBreak = 0.0078125
    /// The code there.
    static let codeBreak = 0.155251141552511
    /// Slope of the linear part.
    static let slope = 10.5402377416545
    /// Code of no light.
    static let black = 0.0729055341958355
    /// The largest light a code decodes to: the largest half float.
    static let brightest = 65504.0

    /// The code of scene-linear light; below the break linear, so that negative light has one.
    public static func code(light: Double) -> Double {
        light <= linearBreak ? slope * light + black : (log2(light) + 9.72) / 17.52
    }

    /// The light of a code.
    public static func light(code: Double) -> Double {
        code <= codeBreak ? (code - black) / slope : min(exp2(code * 17.52 - 9.72), brightest)
    }

    /// The codes of three channels.
    public static func codes(light: ColorTriple) -> ColorTriple {
        ColorTriple(code(light: light.x), code(light: light.y), code(light: light.z))
    }

    /// The light of three codes.
    public static func lights(code: ColorTriple) -> ColorTriple {
        ColorTriple(Self.light(code: code.x), Self.light(code: code.y), Self.light(code: code.z))
    }
}
