import Glibc

/// An ASC CDL: slope, offset, power per channel, then saturation about BT.709 luma.
public struct CDL: BitwiseCopyable, Sendable, Equatable {
    /// Slope per channel, ≥ 0.
    public var slope: ColorTriple
    /// Offset per channel, in the unit of the picture.
    public var offset: ColorTriple
    /// Power per channel, > 0.
    public var power: ColorTriple
    /// Saturation, ≥ 0; 1 is neutral.
    public var saturation: Double

    /// A CDL; neutral where nothing is given.
    @inlinable
    public init(
        slope: ColorTriple = ColorTriple(1, 1, 1), offset: ColorTriple = ColorTriple(0, 0, 0),
        power: ColorTriple = ColorTriple(1, 1, 1), saturation: Double = 1
    ) {
        self.slope = slope
        self.offset = offset
        self.power = power
        self.saturation = saturation
    }

    /// Changes nothing.
    /// - Frame path: yes
    @inlinable public var isNeutral: Bool {
        slope == ColorTriple(1, 1, 1) && offset == ColorTriple(0, 0, 0)
            && power == ColorTriple(1, 1, 1) && saturation == 1
    }

    /// Luma weights of the saturation, BT.709's whatever the space (ASC CDL v1.2).
    public static let luma = ColorTriple(0.2126, 0.7152, 0.0722)

    /// No-clamp style, for scene-linear light: nothing is clipped, and the power is left out below
    /// zero, so that values over 1 survive.
    public func applied(to color: ColorTriple) -> ColorTriple {
        var v = color * slope + offset
        for i in 0..<3 where power[i] != 1 && v[i] > 0 { v[i] = pow(v[i], power[i]) }
        let y = (v * CDL.luma).sum()
        return y + saturation * (v - y)
    }

    /// ASC CDL v1.2: clamped to 0 … 1 before the power and at the end; for display-referred and
    /// log pictures.
    public func appliedClamped(to color: ColorTriple) -> ColorTriple {
        var v = CDL.clamp(color * slope + offset)
        for i in 0..<3 { v[i] = pow(v[i], power[i]) }
        let y = (v * CDL.luma).sum()
        return CDL.clamp(y + saturation * (v - y))
    }

    /// The way back: saturation, power, offset, slope, each undone; clamped to 0 … 1 at the start,
    /// before the power is undone and at the end (v1.2), or nowhere.
    public func inverted(_ color: ColorTriple, isClamped: Bool) -> ColorTriple {
        let c = isClamped ? CDL.clamp(color) : color
        let y = (c * CDL.luma).sum()
        var v = y + (c - y) / saturation
        if isClamped { v = CDL.clamp(v) }
        for i in 0..<3 where power[i] != 1 && v[i] > 0 { v[i] = pow(v[i], 1 / power[i]) }
        v = (v - offset) / slope
        return isClamped ? CDL.clamp(v) : v
    }

    /// The numbers of the way back: what each step is undone with; the steps go the other way.
    /// - Frame path: yes
    var numbersBack: CDL {
        CDL(
            slope: 1 / slope, offset: -offset / slope, power: 1 / power,
            saturation: 1 / saturation)
    }

    /// Without a clamp it is a matrix: its slope, then its saturation's.
    /// - Frame path: yes
    var isLinear: Bool {
        offset == ColorTriple(0, 0, 0) && power == ColorTriple(1, 1, 1)
    }

    /// Its saturation alone.
    /// - Frame path: yes
    var saturationMatrix: ColorMatrix {
        let grey = (1 - saturation) * CDL.luma
        return ColorMatrix(
            rows: grey + ColorTriple(saturation, 0, 0), grey + ColorTriple(0, saturation, 0),
            grey + ColorTriple(0, 0, saturation))
    }

    /// There is a way back: no slope and no saturation of 0.
    public var isInvertible: Bool {
        slope.x > 0 && slope.y > 0 && slope.z > 0 && saturation > 0
    }

    /// Each channel within 0 … 1.
    static func clamp(_ v: ColorTriple) -> ColorTriple {
        ColorTriple(min(max(v.x, 0), 1), min(max(v.y, 0), 1), min(max(v.z, 0), 1))
    }
}
