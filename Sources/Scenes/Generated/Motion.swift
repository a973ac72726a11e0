import FrameModel
import Geometry
import Glibc

/// What moves in the generated sets: small cards before their meshes.
enum SetMotion {
    /// Dust in the light of the windows, two layers that drift past each other.
    static func dust() -> [Card] {
        (0..<2).map { layer in
            let far = Float(layer)
            var card = specks(
                "dust \(layer + 1)", meters: SIMD2(9, 6), pixels: SIMD2(1152, 768), count: 260,
                radius: 0.006...0.016, light: light(6, 4.6, 3.0), seed: 301 + UInt64(layer))
            card.sceneFromCard.translation = Vector3(0, Double(7 + 5 * far), 3)
            card.motion.drift = Vector3(layer == 0 ? 0.5 : -0.4, 0, 0.35)
            (card.motion.period, card.motion.phase) = (layer == 0 ? 19 : 23, Double(far) * 0.4)
            return card
        }
    }

    /// Steam that hangs about the engine.
    static func steam() -> [Card] {
        let places: [(x: Double, y: Double, z: Double, size: Double)] = [
            (-3.2, 21, 3.2, 5), (-1.6, 24, 4.6, 7), (-4.4, 27, 5.4, 8),
        ]
        return places.enumerated().map { index, place in
            var card = Card(
                name: "steam \(index + 1)",
                sceneFromCard: Pose(
                    pan: 0, tilt: 0, roll: 0,
                    translation: Vector3(place.x, place.y, place.z)),
                width: place.size, height: place.size * 0.7, picture: cloud(seed: 320 + index))
            card.motion.drift = Vector3(0.9, 0, 0.6)
            card.motion.sway = Vector3(0, 0, 6)
            (card.motion.period, card.motion.phase) = (11 + 3 * Double(index), 0.3 * Double(index))
            return card
        }
    }

    /// Snow that falls for ever: cards as high as what is seen of them, one above the other; the
    /// lowest comes again at the top, where nobody sees it.
    static func snow() -> [Card] {
        let height = 14.0
        return [(7.0, 0.9), (12.0, 0.75)].enumerated().flatMap { layer, fall in
            (0..<3).map { part in
                var card = specks(
                    "snow \(layer + 1).\(part + 1)", meters: SIMD2(26, Float(height)),
                    pixels: SIMD2(832, 448), count: 420, radius: 0.014...0.03,
                    light: light(2.2, 2.3, 2.6), seed: 340 + UInt64(layer), isOpaque: true)
                card.sceneFromCard.translation = Vector3(
                    0, fall.0, height * Double(part - 1) + 2)
                card.motion.scroll = Vector3(0, 0, -fall.1)
                card.motion.scrollRepeat = 3 * height
                return card
            }
        }
    }

    /// Seeds of dandelions in the sun, and two clouds of midges.
    static func seeds() -> [Card] {
        let places: [(x: Double, y: Double, z: Double)] = [(-2, 5, 1.6), (2.5, 8, 2.4), (0, 12, 3)]
        return places.enumerated().map { index, place in
            var card = specks(
                "seeds \(index + 1)", meters: SIMD2(7, 3.5), pixels: SIMD2(896, 448),
                count: 90, radius: 0.008...0.02, light: light(9, 8, 5.5),
                seed: 360 + UInt64(index))
            card.sceneFromCard.translation = Vector3(place.x, place.y, place.z)
            card.motion.drift = Vector3(1.4, 0.3, 0.45)
            (card.motion.period, card.motion.phase) = (14 + 5 * Double(index), 0.37 * Double(index))
            return card
        }
    }

    /// Gulls that circle the ship.
    static func gulls() -> [Card] {
        let places: [(x: Double, y: Double, z: Double, span: Double)] = [
            (-6, 26, 9, 1.3), (7, 34, 13, 1.5), (1, 48, 16, 1.5), (-14, 60, 12, 1.4),
        ]
        return places.enumerated().map { index, place in
            var card = Card(
                name: "gull \(index + 1)",
                sceneFromCard: Pose(
                    pan: 0, tilt: 0, roll: 0,
                    translation: Vector3(place.x, place.y, place.z)),
                width: place.span, height: place.span / 2, picture: gull())
            card.motion.drift = Vector3(6 + 2 * Double(index), 2, 0.8)
            card.motion.sway = Vector3(12, 0, 18)
            (card.motion.period, card.motion.phase) = (9 + 2 * Double(index), 0.23 * Double(index))
            return card
        }
    }

    // MARK: - Pictures

    /// Soft round specks, strewn.
    /// - Parameter isOpaque: they hide what is behind them, else they only shine.
    private static func specks(
        _ name: String, meters: SIMD2<Float>, pixels: SIMD2<Int>, count: Int,
        radius: ClosedRange<Float>, light: Light, seed: UInt64, isOpaque: Bool = false
    ) -> Card {
        var canvas = Canvas(width: pixels.x, height: pixels.y)
        var numbers = NumberStream(seed: seed)
        let scale = Float(pixels.x) / meters.x
        for _ in 0..<count {
            let (x, y) = (Float(pixels.x) * numbers.next(), Float(pixels.y) * numbers.next())
            let reach = max(1.2, numbers.next(radius) * scale)
            let bright = numbers.next(0.25...1)
            for row in max(0, Int(y - reach))...min(pixels.y - 1, Int(y + reach)) {
                for column in max(0, Int(x - reach))...min(pixels.x - 1, Int(x + reach)) {
                    let d = SIMD2(Float(column) + 0.5 - x, Float(row) + 0.5 - y) / reach
                    let share = bright * limited(1 - (d * d).sum())
                    let shine = SIMD4(light * share, isOpaque ? share * 0.9 : 0)
                    canvas[column, row] = canvas[column, row] * (1 - shine.w) + shine
                }
            }
        }
        return Card(
            name: name, sceneFromCard: Pose.identity, width: Double(meters.x),
            height: Double(meters.y), picture: canvas.picture)
    }

    /// A puff of steam, lit from behind by the evening.
    private static func cloud(seed: Int) -> Picture {
        let (width, height) = (384, 256)
        var canvas = Canvas(width: width, height: height)
        let noise = Noise(seed: UInt64(seed))
        for row in 0..<height {
            for column in 0..<width {
                let (u, v) = (Float(column) / Float(width), Float(row) / Float(height))
                let d = SIMD2((u - 0.5) * 2, (v - 0.5) * 2)
                let round = limited(1 - (d * d).sum())
                let billow = noise.fractal(u * 5, v * 3.4, octaves: 5)
                let alpha = 0.55 * step(0.35, 0.85, billow + round * 0.45 - 0.1) * round
                canvas[column, row] = SIMD4(light(0.95, 0.72, 0.58) * alpha, alpha)
            }
        }
        return canvas.picture
    }

    /// A gull gliding, wings bent upwards, dark against the sky.
    private static func gull() -> Picture {
        let (width, height) = (192, 96)
        var canvas = Canvas(width: width, height: height)
        for row in 0..<height {
            for column in 0..<width {
                let u = (Float(column) + 0.5) / Float(width) * 2 - 1
                let v = (Float(row) + 0.5) / Float(height)
                let wing = 0.62 - 0.34 * sinf(abs(u) * 2.4) + 0.16 * u * u
                let thick = 0.075 * (1 - u * u) + (abs(u) < 0.12 ? 0.07 * (1 - abs(u) / 0.12) : 0)
                let alpha = limited((thick - abs(v - wing)) * Float(height) * 0.5 + 0.5)
                canvas[column, row] = SIMD4(light(0.16, 0.15, 0.16) * alpha, alpha)
            }
        }
        return canvas.picture
    }
}
