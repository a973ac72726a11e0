import Foundation

/// Photograph, truth and difference in one row: what a person looks at.
///
/// Both pictures are linear BT.709 light with 1.0 = scene-linear one; shown with a soft shoulder
/// and the sRGB curve. The difference is drawn eight times as strong round middle gray.
public struct ThreeUp: Sendable {
    /// Pixels across: three pictures and two gaps.
    public let width: Int
    /// Pixels down.
    public let height: Int
    /// R, G, B a pixel, 8 bit, rows top to bottom.
    public let pixels: [UInt8]

    private static let gap = 8

    init(width: Int, height: Int, photograph: [SIMD3<Double>], truth: [SIMD3<Double>]) {
        let total = 3 * width + 2 * ThreeUp.gap
        var pixels = [UInt8](repeating: 0, count: 3 * total * height)
        func put(_ x: Int, _ y: Int, _ value: SIMD3<Double>) {
            for channel in 0..<3 {
                let code = min(255, max(0, value[channel] * 255))
                pixels[3 * (y * total + x) + channel] = UInt8(code.rounded())
            }
        }
        for y in 0..<height {
            for x in 0..<width {
                let a = ThreeUp.shown(photograph[y * width + x])
                let b = ThreeUp.shown(truth[y * width + x])
                put(x, y, a)
                put(x + width + ThreeUp.gap, y, b)
                put(x + 2 * (width + ThreeUp.gap), y, (a - b) * 8 + 0.5)
            }
        }
        self.width = total
        self.height = height
        self.pixels = pixels
    }

    /// Display signal 0 … 1 of linear light.
    private static func shown(_ light: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(signal(light.x), signal(light.y), signal(light.z))
    }

    /// What a picture for people shows of linear light: a soft shoulder, then the sRGB curve.
    public static func signal(_ light: Double) -> Double {
        // Linear up to 0.6, then bent so that 1.0 is approached and never reached.
        let v = max(0, light)
        let bent = v < 0.6 ? v : 0.6 + 0.4 * (1 - exp(-(v - 0.6) / 0.4))
        return bent <= 0.0031308 ? 12.92 * bent : 1.055 * pow(bent, 1 / 2.4) - 0.055
    }
}
