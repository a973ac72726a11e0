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
        func clamp(_ v: ColorTriple) -> ColorTriple {
            ColorTriple(
                min(max(v.x, 0), 1), min(max(v.y, 0), 1), min(max(v.z, 0), 1))
        }
        var v = clamp(color * slope + offset)
        for i in 0..<3 { v[i] = pow(v[i], power[i]) }
        let y = (v * CDL.luma).sum()
        return clamp(y + saturation * (v - y))
    }
}
