import Color
import Glibc

/// The gamut compression of ACES 1.3, in the wall's own RGB: colours the wall cannot make come to
/// its edge without a change of hue.
///
/// A channel's distance from the greatest channel stays below `threshold`, above it is bent so
/// that the channel's `limits` come to 1 (ACES Reference Gamut Compression, S-2020-001).
struct ScreenGamutCompression: Sendable, Equatable {
    /// Distances that come to the edge of the gamut, > 1, one a channel.
    var limits: ColorTriple
    /// Distance from which colours are bent.
    var threshold = 0.9
    /// How sharp the bend is.
    var power = 4.0

    /// The compression for content of some primaries, whose full channels are `columns` in the
    /// wall's RGB.
    init(primaries columns: ColorMatrix) {
        var limits = ColorTriple(repeating: 1.001)
        for i in 0..<3 {
            let p = ColorTriple(columns.row0[i], columns.row1[i], columns.row2[i])
            let top = p.max()
            guard top > 0 else { continue }
            limits = limits.replacing(with: (top - p) / top, where: (top - p) / top .> limits)
        }
        self.limits = limits
    }

    func applied(to c: ColorTriple) -> ColorTriple {
        let top = c.max()
        guard top > 0 else { return c }
        var out = c
        for i in 0..<3 {
            let distance = (top - c[i]) / top
            guard distance >= threshold else { continue }
            let base = pow((1 - threshold) / (limits[i] - threshold), -power) - 1
            let scale = (limits[i] - threshold) / pow(base, 1 / power)
            let x = (distance - threshold) / scale
            out[i] = top - (threshold + scale * x / pow(1 + pow(x, power), 1 / power)) * top
        }
        return out
    }
}
