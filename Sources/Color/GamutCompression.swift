import Glibc

/// The compression of the ACES reference gamut compression (S-2020-001) in a wall's own RGB, with
/// the wall's own limits: distances from the greatest channel above 0.9 are brought in by power 4,
/// the limit to 1, so that colors the wall cannot make come to its edge without a change of hue.
public struct GamutCompression: BitwiseCopyable, Sendable, Equatable {
    /// Distance from the greatest channel from which colors are bent.
    public static let threshold = 0.9
    /// Distance of each channel that comes to the edge of the gamut, above 1.
    public let limits: ColorTriple
    /// s of each channel, as the formula has it.
    let scale: ColorTriple

    /// A compression of these limits, at least 1.001 each.
    public init(limits: ColorTriple) {
        let limits = limits.replacing(with: 1.001, where: limits .< 1.001)
        let t = GamutCompression.threshold
        var scale = ColorTriple()
        for i in 0..<3 {
            let ratio = (1 - t) / (limits[i] - t)
            scale[i] = (limits[i] - t) / pow(pow(ratio, -4) - 1, 0.25)
        }
        (self.limits, self.scale) = (limits, scale)
    }

    /// The compression that no primary of a space is cut by: `matrix` makes the wall's RGB of the
    /// space.
    /// - Parameter sums: nor any sum of two of them. (The primaries alone leave cyan outside.)
    public init(reaching matrix: ColorMatrix, sums: Bool) {
        var limits = ColorTriple(repeating: 1.001)
        for corner in sums ? [1, 2, 3, 4, 5, 6] : [1, 2, 4] {
            let color = ColorTriple(
                Double(corner & 1), Double(corner >> 1 & 1), Double(corner >> 2 & 1))
            let v = matrix * color
            let most = v.max()
            guard most > 0 else { continue }
            for i in 0..<3 { limits[i] = max(limits[i], (most - v[i]) / most) }
        }
        self.init(limits: limits)
    }

    /// A color with its channels brought in.
    public func applied(to color: ColorTriple) -> ColorTriple {
        let most = color.max()
        guard most > 0 else { return color }
        var out = color
        for i in 0..<3 {
            let d = (most - color[i]) / most
            guard d > GamutCompression.threshold else { continue }
            let x = (d - GamutCompression.threshold) / scale[i]
            let nearer = GamutCompression.threshold + scale[i] * x / pow(1 + x * x * x * x, 0.25)
            out[i] = most - nearer * most
        }
        return out
    }
}
