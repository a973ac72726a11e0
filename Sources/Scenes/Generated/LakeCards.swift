import Dispatch
import FrameModel
import Geometry
import Glibc

/// The lake's cards, each painted from its own seed; detail follows the dome's width.
struct LakeCards: Sendable {
    /// Meters from the floor down to the water.
    static let water: Float = -0.7

    /// Pixels a meter against those at a dome of 4096.
    let detail: Float

    init(width: Int) { detail = Float(width) / 4096 }

    /// Every card, painted side by side.
    func all() -> [Card] {
        let painters: [@Sendable (LakeCards) -> Card] = [
            { $0.farPines() }, { $0.pines(side: -1, seed: 301) }, { $0.pines(side: 1, seed: 302) },
            { $0.lantern() }, { $0.jetty() }, { $0.reeds(side: -1, seed: 501) },
            { $0.reeds(side: 1, seed: 502) },
        ]
        var cards = [Card?](repeating: nil, count: painters.count)
        cards.withUnsafeMutableBufferPointer { buffer in
            let slots = Slots(cards: buffer)
            DispatchQueue.concurrentPerform(iterations: painters.count) { i in
                slots.cards[i] = painters[i](self)
            }
        }
        return cards.compactMap { $0 }
    }

    /// One place per painter; it holds because each writes only its own and all outlive them.
    private struct Slots: @unchecked Sendable {
        let cards: UnsafeMutableBufferPointer<Card?>
    }

    private func card(
        _ name: String, _ brush: Brush, center: SIMD3<Double>, width: Float, height: Float,
        tilt: Double = 0
    ) -> Card {
        Card(
            name: name,
            sceneFromCard: Pose(pan: 0, tilt: tilt, roll: 0, translation: center),
            width: Double(width), height: Double(height), picture: brush.canvas.picture)
    }

    /// A wooded point of land on the left and a smaller one on the right, 18 m ahead.
    private func farPines() -> Card {
        let (width, height): (Float, Float) = (48, 20)
        var brush = Brush(width: width, height: height, pixelsPerMeter: 85 * detail)
        var numbers = NumberStream(seed: 77)
        let center = LakeCards.water
        var trees: [(x: Float, size: Float, haze: Float)] = []
        for _ in 0..<34 {
            let isLeft = numbers.next() < 0.68
            let x = isLeft ? -6.5 - 13 * numbers.next() : 11.5 + 8.5 * numbers.next()
            let edge = isLeft ? limited((-5.5 - x) / 6) : limited((x - 10.5) / 7)
            trees.append((x, mix(1.8, 7.6, edge) * numbers.next(0.55...1), numbers.next()))
        }
        trees.sort { $0.haze > $1.haze }
        let waterline: Float = 0
        bank(&brush, from: -23.5, to: -5.2, top: 0.75, base: waterline, seed: 9, fade: 3.5)
        bank(&brush, from: 10.6, to: 23.5, top: 0.6, base: waterline, seed: 10, fade: 4)
        for tree in trees {
            let pine = Pine(
                height: tree.size, spread: tree.size * numbers.next(0.18...0.25),
                rim: light(0.52, 0.21, 0.062) * (tree.x < 0 ? 1 : 0.8),
                air: light(0.030, 0.021, 0.026) * tree.haze, needles: 16)
            pine.paint(&brush, foot: SIMD2(tree.x, waterline + 0.25), numbers: &numbers)
        }
        meadow(&brush, numbers: &numbers, from: -21, to: -5.6, rise: 0.55, fade: 3.5)
        meadow(&brush, numbers: &numbers, from: 21, to: 10.9, rise: 0.45, fade: 4)
        brush.mirror(below: waterline, seed: 31)
        return card(
            "pines at 18 m", brush, center: SIMD3(0, 18, Double(center)), width: width,
            height: height)
    }

    /// Tall pines at the edge of the picture, 8 m ahead.
    private func pines(side: Float, seed: UInt64) -> Card {
        let (width, height): (Float, Float) = (11, 17)
        var brush = Brush(width: width, height: height, pixelsPerMeter: 150 * detail)
        var numbers = NumberStream(seed: seed)
        let waterline: Float = 0
        if side < 0 {
            bank(&brush, from: -5.3, to: 2.2, top: 0.62, base: waterline, seed: seed, fade: 2.6)
        } else {
            bank(&brush, from: -1.9, to: 5.3, top: 0.55, base: waterline, seed: seed, fade: 2.2)
        }
        let places: [(x: Float, size: Float)] =
            side < 0
            ? [(-2.9, 7.9), (1.0, 2.3), (-1.15, 6.6), (0.35, 4.1)]
            : [(2.9, 7.4), (0.2, 1.9), (1.7, 5.4), (-0.6, 1.3)]
        for place in places {
            let pine = Pine(
                height: place.size, spread: place.size * numbers.next(0.19...0.23),
                rim: light(0.60, 0.23, 0.060), air: light(0.006, 0.006, 0.010), needles: 30)
            pine.paint(&brush, foot: SIMD2(place.x, waterline + 0.35), numbers: &numbers)
        }
        grass(&brush, numbers: &numbers, side: side, waterline: waterline)
        brush.mirror(below: waterline, seed: seed + 7)
        return card(
            side < 0 ? "pines left at 8 m" : "pines right at 8 m", brush,
            center: SIMD3(Double(side) * 6.4, 8, Double(LakeCards.water)), width: width,
            height: height)
    }

    private func grass(
        _ brush: inout Brush, numbers: inout NumberStream, side: Float, waterline: Float
    ) {
        for _ in 0..<900 {
            let x = side * (3.5 - 5.2 * powf(numbers.next(), 1.3))
            let root = SIMD2(
                x, waterline + numbers.next(-0.02...0.5) * limited(side * x * 0.4 + 0.7))
            let lean = numbers.next(-0.14...0.16)
            let tip = root + SIMD2(lean, numbers.next(0.12...0.42))
            let warm = numbers.next()
            brush.stroke(
                root, tip, width: (0.014, 0.004),
                color: (light(0.010, 0.013, 0.008), light(0.32, 0.15, 0.045) * (0.15 + warm * warm))
            )
        }
    }

    /// Short grass over the far banks, thinning out to their points.
    private func meadow(
        _ brush: inout Brush, numbers: inout NumberStream, from: Float, to: Float, rise: Float,
        fade: Float
    ) {
        for _ in 0..<2600 {
            let x = mix(from, to, numbers.next())
            let high = rise * limited(abs(to - x) / fade)
            let root = SIMD2(x, numbers.next(-0.02...1) * high)
            let tip = root + SIMD2(numbers.next(-0.12...0.14), numbers.next(0.10...0.34))
            let warm = numbers.next()
            brush.stroke(
                root, tip, width: (0.022, 0.006),
                color: (
                    light(0.012, 0.013, 0.009), light(0.20, 0.088, 0.030) * (0.12 + warm * warm)
                ))
        }
    }

    /// Dark ground with a broken edge, falling off to the water at one or both ends.
    private func bank(
        _ brush: inout Brush, from: Float, to: Float, top: Float, base: Float, seed: UInt64,
        fade: Float
    ) {
        let noise = Noise(seed: seed &+ 900)
        let step = 1 / brush.scale
        var x = from
        while x < to {
            let left = limited((x - from) / fade)
            let right = limited((to - x) / fade)
            let rise = top * left * right
            let edge = base + rise * (0.45 + 0.8 * noise.fractal(x * 1.4, 3, octaves: 6)) + 0.03
            let shade = 0.6 + 0.8 * noise.value(x * 5, 8)
            brush.stroke(
                SIMD2(x, base - 0.02), SIMD2(x, edge), width: (step * 2.2, step * 2.2),
                color: (light(0.012, 0.011, 0.010), light(0.030, 0.028, 0.018) * shade))
            x += step
        }
    }
}
