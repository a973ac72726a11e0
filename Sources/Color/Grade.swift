/// What an operator does to one scope of the picture, in this order: exposure and white balance,
/// a CDL with its wheels, a look table.
public struct Grade: BitwiseCopyable, Sendable, Equatable {
    /// Stops; +1 doubles the light.
    public var exposure: Double
    /// The white the wall is asked for.
    public var whiteBalance: WhiteBalance
    /// The CDL before the wheels.
    public var cdl: CDL
    /// Lift, gamma, gain and contrast.
    public var wheels = Wheels()
    /// CDL and wheels work on ACEScct codes instead of scene-linear light.
    public var isInCodes = false
    /// The CDL clamps as v1.2 says; a neutral one does nothing either way.
    public var isClamped = false
    /// CDL and wheels are undone instead of done.
    public var isInverted = false
    /// The look table, on ACEScct codes.
    public var look = LookReference.none
    /// How much of it there is, 0 … 1.
    public var lookStrength = 1.0

    /// A grade; neutral where nothing is given.
    public init(
        exposure: Double = 0, whiteBalance: WhiteBalance = WhiteBalance(), cdl: CDL = CDL()
    ) {
        self.exposure = exposure
        self.whiteBalance = whiteBalance
        self.cdl = cdl
    }

    /// Changes nothing.
    /// - Frame path: yes
    public var isNeutral: Bool {
        exposure == 0 && whiteBalance.isNeutral && activeCorrection.isNeutral && !hasLook
    }

    /// The CDL and the wheels as one CDL.
    /// - Frame path: yes
    public var correction: CDL { wheels.correction(on: cdl, inCodes: isInCodes) }

    /// The same where it does something: neutral where it is to be undone and has no way back.
    /// - Frame path: yes
    public var activeCorrection: CDL {
        let correction = correction
        return isInverted && !correction.isInvertible ? CDL() : correction
    }

    /// The look does something.
    /// - Frame path: yes
    public var hasLook: Bool { look.isThere && lookStrength > 0 }
}

/// The scopes a picture goes through, first to last: everything, then the wall, then the inner
/// frustum of a camera (or the outer frustum).
public typealias GradeStack = InlineArray<3, Grade>
