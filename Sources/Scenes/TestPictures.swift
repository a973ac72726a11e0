public import FrameModel
import Geometry
import Glibc

/// Scenes whose every value is known from a formula: for tests, the twin and benchmarks.
public enum TestScenes {
    /// A dome whose color is its direction.
    ///
    /// (1 + d) / 2 per component, d the unit vector (right, forward, up) in scene space: reading a
    /// pixel gives the way back to its ray.
    public static func directionDome(width: Int = 1024) -> Scene {
        dome("direction dome", width: width) { d in
            SIMD4(Float(0.5 + 0.5 * d.x), Float(0.5 + 0.5 * d.y), Float(0.5 + 0.5 * d.z), 1)
        }
    }

    /// The same light from everywhere; 0.18 is middle gray.
    public static func uniform(_ gray: Float = 0.18) -> Scene {
        dome("uniform", width: 16) { _ in SIMD4(gray, gray, gray, 1) }
    }

    /// Fields of equal angle, alternating between two grays.
    /// - Parameters:
    ///   - width: pixels round the horizon.
    ///   - fields: fields round the horizon, even; half as many from zenith to nadir.
    public static func checker(
        width: Int = 2048, fields: Int = 72, dark: Float = 0.02, light: Float = 0.8
    ) -> Scene {
        var canvas = Canvas(width: width, height: width / 2)
        canvas.paintRows(0..<width / 2) { y, row in
            for x in 0..<width {
                let isLight = (x * fields / width + y * fields / width) % 2 == 0
                let gray = isLight ? light : dark
                row[x] = SIMD4(gray, gray, gray, 1)
            }
        }
        return Scene(name: "checker", dome: Dome(picture: canvas.picture))
    }

    /// A gray that rises with elevation, from `dark` at the nadir to `light` at the zenith, in
    /// equal steps of its logarithm: for banding and for steps of code values.
    public static func gradient(
        width: Int = 1024, dark: Float = 0.0005, light: Float = 50
    ) -> Scene {
        dome("gradient", width: width) { d in
            let t = Float(asin(max(-1, min(1, d.z))) / Double.pi + 0.5)
            let gray = dark * powf(light / dark, t)
            return SIMD4(gray, gray, gray, 1)
        }
    }

    /// Detail of every size down to the pixel, saturated patches and lights up to 30.
    ///
    /// What is hard to sample and to compress. The same seed gives the same picture.
    public static func detailed(seed: UInt64 = 1, width: Int = 2048) -> Scene {
        let noise = Noise(seed: seed)
        let tint = Noise(seed: seed &+ 77)
        var canvas = Canvas(width: width, height: width / 2)
        canvas.paintRows(0..<width / 2) { y, row in
            for x in 0..<width {
                let (u, v) = (Float(x) * 1024 / Float(width), Float(y) * 1024 / Float(width))
                let n = noise.fractal(u / 64, v / 64, octaves: 7)
                let base = 0.6 * n * n + 0.02
                let hue = tint.value(u / 23, v / 23) * 3
                var rgb = SIMD3<Float>(repeating: base)
                rgb[min(2, Int(hue))] *= 1.8
                // About one pixel in two thousand is a light.
                let spark = noise.lattice(Int32(x), Int32(y), 9)
                if spark > 0.9995 { rgb += SIMD3(repeating: (spark - 0.9995) * 60000) }
                row[x] = SIMD4(rgb, 1)
            }
        }
        return Scene(name: "detailed", dome: Dome(picture: canvas.picture))
    }

    /// Checkered cards with a soft round hole, one at each distance ahead, beside each other, over
    /// a direction dome: for parallax.
    ///
    /// The nth card is 1.6 m wide at 2 m, stands upright facing the stage, its centre at eye
    /// height and (n − (count − 1) / 2) · 24° to the right.
    public static func cards(atMeters distances: [Double], pixels: Int = 256) -> Scene {
        var cards: [Card] = []
        for (index, distance) in distances.prefix(SceneLimits.cards).enumerated() {
            let angle = (Double(index) - Double(distances.count - 1) / 2) * 24 * .pi / 180
            let size = 0.8 * distance
            cards.append(
                Card(
                    name: "card at \(distance) m",
                    sceneFromCard: Pose(
                        pan: -angle, tilt: 0, roll: 0,
                        translation: Vector3(
                            distance * sin(angle), distance * cos(angle), 1.6)),
                    width: size, height: size,
                    picture: holedChecker(pixels: pixels, shade: Float(index + 1) / 8)))
        }
        return Scene(name: "cards", dome: directionDome().dome, cards: cards)
    }

    /// Eight by eight fields; opaque but for a hole of half the width with a soft edge.
    private static func holedChecker(pixels: Int, shade: Float) -> Picture {
        var canvas = Canvas(width: pixels, height: pixels)
        canvas.paintRows(0..<pixels) { y, row in
            for x in 0..<pixels {
                let isLight = (x * 8 / pixels + y * 8 / pixels) % 2 == 0
                let dx = (Float(x) + 0.5) / Float(pixels) - 0.5
                let dy = (Float(y) + 0.5) / Float(pixels) - 0.5
                let r = (dx * dx + dy * dy).squareRoot()
                let alpha = max(0, min(1, (r - 0.22) / 0.06))
                let gray: Float = isLight ? 0.6 : 0.05
                row[x] = SIMD4(gray + shade * 0.2, gray, gray * (1 - shade * 0.5), 1) * alpha
            }
        }
        return canvas.picture
    }

    /// A dome at infinity painted by direction (right, forward, up), sampled at texel centers.
    private static func dome(
        _ name: String, width: Int, _ color: @Sendable (Vector3) -> SIMD4<Float>
    ) -> Scene {
        var canvas = Canvas(width: width, height: width / 2)
        canvas.paintRows(0..<width / 2) { y, row in
            let elevation = Double.pi * (0.5 - (Double(y) + 0.5) / Double(width / 2))
            for x in 0..<width {
                let azimuth = 2 * Double.pi * ((Double(x) + 0.5) / Double(width) - 0.5)
                row[x] = color(
                    Vector3(
                        cos(elevation) * sin(azimuth), cos(elevation) * cos(azimuth),
                        sin(elevation)))
            }
        }
        return Scene(name: name, dome: Dome(picture: canvas.picture))
    }
}
