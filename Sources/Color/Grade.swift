/// What an operator does to one scope of the picture: exposure and white balance, then a CDL.
public struct Grade: BitwiseCopyable, Sendable, Equatable {
    /// Stops; +1 doubles the light.
    public var exposure: Double
    /// The white the wall is asked for.
    public var whiteBalance: WhiteBalance
    /// The CDL, no-clamp style, in scene-linear ACEScg.
    public var cdl: CDL

    /// A grade; neutral where nothing is given.
    @inlinable
    public init(
        exposure: Double = 0, whiteBalance: WhiteBalance = WhiteBalance(), cdl: CDL = CDL()
    ) {
        self.exposure = exposure
        self.whiteBalance = whiteBalance
        self.cdl = cdl
    }

    /// Changes nothing.
    /// - Frame path: yes
    @inlinable public var isNeutral: Bool {
        exposure == 0 && whiteBalance.isNeutral && cdl.isNeutral
    }
}

/// The scopes a picture goes through, first to last: everything, then the wall, then the inner
/// frustum of a camera (or the outer frustum).
public typealias GradeStack = InlineArray<3, Grade>
