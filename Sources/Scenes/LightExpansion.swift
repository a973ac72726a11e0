import FrameModel
import Glibc

/// How a picture made for a display becomes light of a scene: what is bright is raised, the rest
/// stays.
///
/// With y the largest of a pixel's three numbers (1 = the display's white) and k the knee, the
/// pixel is multiplied by E(y) / y, where E(y) = y + (2^stops − 1) · ((y − k) / (1 − k))² above k
/// and y below: hues stay, the slope has no step, white becomes 2^stops. Where stops is 0 nothing
/// changes.
enum LightExpansion {
    /// Linear light from which on a picture is raised: sRGB code value 188, above lit skin.
    static let knee: Float = 0.5
    /// Stops white may be raised by: 64 times a display's white of 100 nits.
    static let stops = 0.0...6.0

    /// The light of a pixel whose largest number is y.
    static func raised(_ y: Float, peak: Float) -> Float {
        guard y > knee else { return y }
        let t = (min(y, 1) - knee) / (1 - knee)
        return y + (peak - 1) * t * t
    }
}

extension Picture {
    /// Raises what is bright by `LightExpansion`; opacity stays.
    mutating func expand(stops: Double) {
        pixels.withUnsafeMutableBufferPointer { $0.expand(stops: stops) }
    }
}

extension UnsafeMutableBufferPointer where Element == Float {
    /// Raises what is bright of R, G, B, A premultiplied by `LightExpansion`; opacity stays.
    func expand(stops: Double) {
        guard stops > 0 else { return }
        let peak = Float(exp2(stops))
        for i in stride(from: 0, to: count, by: 4) {
            let alpha = self[i + 3]
            guard alpha > 0 else { continue }
            let top = Swift.max(self[i], self[i + 1], self[i + 2]) / alpha
            guard top > LightExpansion.knee else { continue }
            let gain = LightExpansion.raised(top, peak: peak) / top
            for c in 0..<3 { self[i + c] = Swift.min(65504, self[i + c] * gain) }
        }
    }
}
