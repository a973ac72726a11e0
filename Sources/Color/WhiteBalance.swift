/// The white an operator asks the wall for: what neutral content looks like on it.
///
/// As a *color temperature*, the default: 3200 K makes the wall look like tungsten (warm), 9000 K
/// like shade (cold). Neutral content then has the chromaticity of the locus at that temperature,
/// seen on a wall whose white is D65, and keeps its luminance. As a *white balance*
/// (`isCameraBalance`) it is the inverse, as on a camera: 3200 K takes tungsten's warmth away, so
/// the wall gets colder. Neutral at 6500 K and tint 0 is exactly the identity.
public struct WhiteBalance: BitwiseCopyable, Sendable, Equatable {
    /// Correlated color temperature of the wall's white, kelvin, 1667 … 25000.
    public var temperature: Double
    /// −1 green … +1 magenta, ∓`duvPerTint` off the locus.
    public var tint: Double
    /// The temperature is that of a light to be made neutral, as on a camera.
    public var isCameraBalance: Bool

    /// Duv of a whole unit of tint: −1 is +0.02 (green, above the locus), +1 is −0.02 (magenta).
    ///
    /// 0.02 is about four times the distance of daylight from the Planckian locus, and within the
    /// ±0.05 in which a correlated temperature means anything (CIE 15).
    public static let duvPerTint = 0.02
    /// The temperature that changes nothing, kelvin.
    public static let neutralTemperature = 6500.0

    /// A white of a temperature in kelvin and a tint.
    @inlinable
    public init(temperature: Double = 6500, tint: Double = 0, isCameraBalance: Bool = false) {
        self.temperature = temperature
        self.tint = tint
        self.isCameraBalance = isCameraBalance
    }

    /// Changes nothing.
    /// - Frame path: yes
    @inlinable public var isNeutral: Bool { temperature == 6500 && tint == 0 }

    /// Chromaticity of this white: the locus at the temperature, moved along its normal by the
    /// tint.
    /// - Frame path: yes
    public var chromaticity: Chromaticity {
        Chromaticity.locus(temperature: temperature, duv: -WhiteBalance.duvPerTint * tint)
    }
}

extension Chromaticity {
    /// CIE daylight, 4000 … 25000 K (CIE 15, 3.1).
    /// - Frame path: yes
    public static func daylight(temperature t: Double) -> Chromaticity {
        let u = 1000 / t
        let x =
            t <= 7000
            ? ((-4.6070 * u + 2.9678) * u + 0.09911) * u + 0.244063
            : ((-2.0064 * u + 1.9018) * u + 0.24748) * u + 0.237040
        return Chromaticity(x, (-3 * x + 2.870) * x - 0.275)
    }

    /// The Planckian locus, 1667 … 25000 K, within 3.7e-4 in uv of the integral.
    ///
    /// After Kang and others, 2002.
    /// - Frame path: yes
    public static func planckian(temperature t: Double) -> Chromaticity {
        let u = 1000 / t
        let x =
            t <= 4000
            ? ((-0.2661239 * u - 0.2343589) * u + 0.8776956) * u + 0.179910
            : ((-3.0258469 * u + 2.1070379) * u + 0.2226347) * u + 0.240390
        let y: Double
        if t <= 2222 {
            y = ((-1.1063814 * x - 1.34811020) * x + 2.18555832) * x - 0.20219683
        } else if t <= 4000 {
            y = ((-0.9549476 * x - 1.37418593) * x + 2.09137015) * x - 0.16748867
        } else {
            y = ((3.0817580 * x - 5.87338670) * x + 3.75112997) * x - 0.37001483
        }
        return Chromaticity(x, y)
    }

    /// The locus the white balance walks: daylight from 5000 K up, the Planckian locus up to
    /// 4000 K, smoothly from one to the other between; lamps are Planckian, days are not.
    /// - Frame path: yes
    static func locus(temperature t: Double) -> Chromaticity {
        if t >= 5000 { return daylight(temperature: t) }
        if t <= 4000 { return planckian(temperature: t) }
        let s = (t - 4000) / 1000
        let weight = s * s * (3 - 2 * s)
        let (p, d) = (planckian(temperature: t), daylight(temperature: t))
        return Chromaticity(p.x + (d.x - p.x) * weight, p.y + (d.y - p.y) * weight)
    }

    /// A point beside the locus, `duv` off it along its normal in CIE 1960 uv, + above (green).
    /// - Frame path: yes
    static func locus(temperature t: Double, duv: Double) -> Chromaticity {
        let center = locus(temperature: t)
        if duv == 0 { return center }
        let p0 = center.uv
        let p1 = locus(temperature: t + 1).uv
        let (du, dv) = (p0.x - p1.x, p0.y - p1.y)
        let length = (du * du + dv * dv).squareRoot()
        return Chromaticity(
            uv: SIMD2(p0.x - duv * dv / length, p0.y + duv * du / length))
    }

    /// CIE 1960 uv.
    /// - Frame path: yes
    public var uv: SIMD2<Double> {
        let d = -2 * x + 12 * y + 3
        return SIMD2(4 * x / d, 6 * y / d)
    }

    /// A chromaticity of CIE 1960 uv.
    /// - Frame path: yes
    public init(uv: SIMD2<Double>) {
        let d = 2 * uv.x - 8 * uv.y + 4
        self.init(3 * uv.x / d, 2 * uv.y / d)
    }
}
