public import Color

/// What OpenVPCal makes of a wall's samples.
public struct OpenVPCalResult: Sendable, Equatable {
    /// Plate balance in the camera's space.
    public var plateBalance: ColorMatrix
    /// Balance that makes grey neutral, in the target's space.
    public var cameraBalance: ColorMatrix
    /// Plate → target.
    public var targetFromPlate: ColorMatrix
    /// Target → screen.
    public var screenFromTarget: ColorMatrix
    /// Measured to wanted light, pairs, red, green, blue; empty without curve correction.
    public var curves: [[SIMD2<Double>]]
    /// The screen as measured.
    public var screen: Primaries
    /// The screen once corrected, as computed.
    public var corrected: Primaries
    /// Gamut compression limits.
    public var distances: ColorTriple
    /// ΔE_ITP / 3 of white, red, green, blue.
    public var whiteAndPrimaryErrors: [Double]
    /// ΔE_ITP / 3 of each grey.
    public var rampErrors: [Double]
    /// ΔE_ITP / 3 of the chart.
    public var chartErrors: [Double]
    /// Measured over asked, each grey and channel.
    public var linearity: [ColorTriple]
    /// White at the clip over white at peak.
    public var maxWhiteRatio: Double
    /// What the plate reads of 18 % grey.
    public var greyReading: Double
    /// `maxWhiteRatio` by luminance, as OpenVPCal's first release told it.
    public var maxWhiteLuminanceRatio: Double
    /// `greyReading` by luminance, as OpenVPCal's first release told it.
    public var greyLuminance: Double
    /// Nits of the brightest grey, once balanced.
    public var measuredPeakNits: Double
    /// Its chromaticity.
    public var measuredPeak: Chromaticity
    var curvesFirst: Bool

    /// Content (target space, 1 = 100 nits) → what to show so that the camera sees it.
    public func corrected(_ content: ColorTriple) -> ColorTriple {
        if curvesFirst { return bent(screenFromTarget * (cameraBalance * content)) }
        return screenFromTarget * bent(cameraBalance * content)
    }

    private func bent(_ color: ColorTriple) -> ColorTriple {
        guard curves.count == 3, !curves[0].isEmpty else { return color }
        return ColorTriple(
            interpolated(curves[0], color.x), interpolated(curves[1], color.y),
            interpolated(curves[2], color.z))
    }
}

/// Straight lines through pairs of (x, y), held at both ends.
func interpolated(_ pairs: [SIMD2<Double>], _ x: Double) -> Double {
    guard let first = pairs.first, let last = pairs.last else { return x }
    if x <= first.x { return first.y }
    if x >= last.x { return last.y }
    let i = max(1, pairs.partitioningIndex { $0.x > x })
    let (a, b) = (pairs[i - 1], pairs[i])
    return a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x)
}
