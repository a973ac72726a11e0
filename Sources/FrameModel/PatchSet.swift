import Color

/// The colors a wall shows to be measured, each by its number, so that a picture of one tells
/// which it is: what draws them and what reads them go by this.
public enum PatchSet {
    /// 18 % gray: what a camera is exposed by.
    public static let gray = 0
    /// Nothing lit.
    public static let black = 1
    /// All channels at the wall's peak.
    public static let peak = 2
    /// All channels at the code of 10,000 nits: what lies above the stated peak.
    public static let beyond = 3
    /// First step of the ramp of red; those of green and blue follow.
    public static let ramps = 4
    /// Steps of a ramp, equal in PQ code up to the peak.
    public static let rampSteps = 16
    /// First of the colors kept for checking.
    public static let checks = ramps + 3 * rampSteps
    /// Colors kept for checking.
    public static let checkCount = 12
    /// From here on the color is the control tree's.
    public static let own = checks + checkCount
    /// The highest number: ten bits.
    public static let last = 1023

    /// Shares of the wall's peak in its own red, green and blue; nil where the color is the
    /// control tree's.
    ///
    /// - Parameters:
    ///   - step: which.
    ///   - peakNits: the wall's peak.
    /// - Frame path: yes
    public static func drive(_ step: Int, peakNits: Double) -> SIMD3<Double>? {
        switch step {
        case gray: return SIMD3(repeating: 0.18)
        case black: return .zero
        case peak: return SIMD3(repeating: 1)
        case beyond: return SIMD3(repeating: 10_000 / peakNits)
        case ramps..<checks:
            let (channel, place) = (step - ramps).quotientAndRemainder(dividingBy: rampSteps)
            let level = level(place, peakNits: peakNits)
            return SIMD3(
                channel == 0 ? level : 0, channel == 1 ? level : 0, channel == 2 ? level : 0)
        case checks..<own: return check(step - checks)
        default: return nil
        }
    }

    /// A step of a ramp, 0 the darkest, as a share of the peak.
    private static func level(_ place: Int, peakNits: Double) -> Double {
        guard place + 1 < rampSteps else { return 1 }
        let top = TransferFunction.pq.signal(light: peakNits / 10_000)
        let signal = top * Double(place + 1) / Double(rampSteps)
        return TransferFunction.pq.light(signal: signal) * 10_000 / peakNits
    }

    /// Six hues, two of three parts gray, at 35 % and at 8 % of the peak.
    private static func check(_ index: Int) -> SIMD3<Double> {
        let hue: SIMD3<Double> =
            switch index % 6 {
            case 0: SIMD3(1, 0, 0)
            case 1: SIMD3(1, 1, 0)
            case 2: SIMD3(0, 1, 0)
            case 3: SIMD3(0, 1, 1)
            case 4: SIMD3(0, 0, 1)
            default: SIMD3(1, 0, 1)
            }
        return (index < 6 ? 0.35 : 0.08) * (SIMD3(repeating: 0.4) + 0.6 * hue)
    }
}
