import Glibc

/// Lift, gamma, gain and contrast of a scope, as they change its CDL: what they make together is
/// always exactly one CDL, so it can be exported as one.
///
/// Order: the CDL's slope and offset, contrast about the pivot, gain and lift, then the CDL's power
/// and gamma as one, then the CDL's saturation. With a neutral CDL and no contrast a colour x
/// becomes (x·(gain − lift) + lift)^(1/gamma).
public struct Wheels: BitwiseCopyable, Sendable, Equatable {
    /// What 0 becomes, before gamma; below `gain`.
    public var lift: ColorTriple
    /// Brightness of the middle; > 1 is brighter.
    public var gamma: ColorTriple
    /// What 1 becomes.
    public var gain: ColorTriple
    /// On codes a slope, on light a power: the same to the eye; 1 is neutral.
    public var contrast: Double
    /// Scene-linear light that contrast leaves as it is.
    public var pivot: Double

    /// Neutral where nothing is given.
    @inlinable
    public init(
        lift: ColorTriple = ColorTriple(0, 0, 0), gamma: ColorTriple = ColorTriple(1, 1, 1),
        gain: ColorTriple = ColorTriple(1, 1, 1), contrast: Double = 1, pivot: Double = 0.18
    ) {
        self.lift = lift
        self.gamma = gamma
        self.gain = gain
        self.contrast = contrast
        self.pivot = pivot
    }

    /// Changes nothing.
    /// - Frame path: yes
    @inlinable public var isNeutral: Bool {
        lift == ColorTriple(0, 0, 0) && gamma == ColorTriple(1, 1, 1)
            && gain == ColorTriple(1, 1, 1) && contrast == 1
    }

    /// A CDL and these wheels as one CDL.
    ///
    /// Contrast on codes is (x − pivot)·contrast + pivot; on light (x/pivot)^contrast·pivot, which
    /// is a slope of pivot^((1 − contrast)/contrast) under the power.
    /// - Frame path: yes
    public func correction(on cdl: CDL, inCodes: Bool) -> CDL {
        if isNeutral { return cdl }
        var out = cdl
        if inCodes {
            let center = ACEScct.code(light: pivot)
            out.slope = out.slope * contrast
            out.offset = (out.offset - center) * contrast + center
        } else if contrast != 1 {
            let scale = pow(pivot, (1 - contrast) / contrast)
            out.slope = out.slope * scale
            out.offset = out.offset * scale
            out.power = out.power * contrast
        }
        // A lift above the gain would turn the picture over: it becomes flat instead.
        var range = gain - lift
        for i in 0..<3 where range[i] < 0 { range[i] = 0 }
        out.slope = out.slope * range
        out.offset = out.offset * range + lift
        out.power = out.power / gamma
        return out
    }
}
