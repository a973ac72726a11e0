import FrameModel
import Glibc

/// The sea round the ship: a disc whose picture holds waves, what they mirror, and the sun on them
/// as the eye on deck sees it.
extension PirateShip {
    /// Angles below the horizon the disc goes from and to.
    private static let horizon: Float = 0.0008
    private static let nadir: Float = 0.80
    /// The picture's edge rows are repeated over this part: nothing of the other edge gets in.
    private static let margin: Float = 0.03

    mutating func ocean() {
        plan.add("sea", water) { shape in
            func depth(_ t: Float) -> Float {
                PirateShip.horizon + (PirateShip.nadir - PirateShip.horizon) * t * t
            }
            let high = PirateShip.eye.z - PirateShip.sea
            shape.surface(
                across: 160, up: 80,
                uv: { s, t in
                    let margin = PirateShip.margin
                    return SIMD2(s, margin + (1 - 2 * margin) * depth(t) / PirateShip.nadir)
                }
            ) { s, t in
                let (a, r) = ((s * 2 - 1) * .pi, high / tanf(depth(t)))
                return SIMD3(r * sinf(a), r * cosf(a), PirateShip.sea)
            }
            shape.turnOver()
        }
    }

    static func seaPicture(width: Int) -> Picture {
        let (across, down) = (max(512, width), max(128, width / 4))
        var canvas = Canvas(width: across, height: down)
        canvas.paintRows(0..<down) { y, row in
            let v = ((Float(y) + 0.5) / Float(down) - margin) / (1 - 2 * margin)
            let depth = max(horizon, min(1, v) * nadir)
            for x in 0..<across {
                let a = ((Float(x) + 0.5) / Float(across) * 2 - 1) * .pi
                row[x] = SIMD4(water(a, depth, pixel: nadir / Float(down)), 1)
            }
        }
        return canvas.picture
    }

    /// Wave lengths in meters, their steepness, and how far crests are drawn out across the wind.
    private static let waves: [(long: Float, steep: Float, drawn: Float)] = [
        (34, 0.14, 2.6), (13, 0.17, 2.2), (5.5, 0.17, 1.9), (2.3, 0.16, 1.5), (0.9, 0.14, 1.2),
    ]

    /// Height of the water, waves finer than a pixel left out.
    private static func swell(_ x: Float, _ y: Float, finest: Float) -> Float {
        var sum: Float = 0
        for (index, wave) in waves.enumerated() {
            let keep = limited(wave.long / finest - 0.6)
            guard keep > 0 else { break }
            // Each set of waves runs a little off the wind.
            let turn = 0.5 + 0.35 * (index % 2 == 0 ? 1 : -1) + 0.1 * Float(index)
            let (c, s) = (cosf(turn), sinf(turn))
            let (along, beside) = (x * c + y * s, (y * c - x * s) / wave.drawn)
            let place = Float(index) * 37 + 200
            let n = noise.fractal(along / wave.long + place, beside / wave.long + place, octaves: 2)
            // Sharper at crests than in troughs.
            let crest = 1 - abs(2 * n - 1)
            sum += keep * wave.long * wave.steep * (0.6 * crest * crest + 0.4 * n)
        }
        return sum
    }

    /// Light of the water in a direction.
    private static func water(_ a: Float, _ depth: Float, pixel: Float) -> Light {
        let high = eye.z - sea
        let far = high / tanf(depth)
        let (x, y) = (far * sinf(a), far * cosf(a))
        let finest = max(far * 0.0016, min(far * far / high, 3000) * pixel * 0.5)
        let e = max(0.05, finest * 0.3)
        let here = swell(x, y, finest: finest)
        let normal = unit(
            SIMD3(
                (here - swell(x + e, y, finest: finest)) / e,
                (here - swell(x, y + e, finest: finest)) / e, 1))
        let view = unit(SIMD3(x, y, -high))
        var mirrored = view - normal * (2 * dot(view, normal))
        mirrored.z = max(mirrored.z, 0.015)
        mirrored = unit(mirrored)
        // Waves turn their fronts to the eye: far water never mirrors as a flat one would.
        let cosine = max(0.10, -dot(view, normal))
        let mirror = 0.02 + 0.98 * powf(1 - cosine, 5)
        let lost = limited(finest / 12)
        let angle = acosf(max(-1, min(1, dot(mirrored, sky.sun))))
        let wide = mix(0.05, 0.16, lost)
        let glint = light(30, 16, 7) * mix(1, 0.35, lost) * expf(-(angle / wide) * (angle / wide))
        let deep = light(0.005, 0.022, 0.028)
        let lit = light(0.02, 0.075, 0.07) * step(1.6, 4.2, here) * (1 - lost)
        var color = mix(deep + lit, sky.clear(mirrored) * 0.85, mirror) + glint * mirror
        color += light(0.42, 0.38, 0.40) * foam(x, y, here, finest)
        let haze = sky.clear(unit(SIMD3(x, y, 0.01)))
        return mix(color, haze, 0.75 * step(900, 6000, far))
    }

    /// White on crests.
    private static func foam(_ x: Float, _ y: Float, _ here: Float, _ finest: Float) -> Float {
        let breaks = step(0.60, 0.70, noise.fractal(x / 21 + 50, y / 13 + 90, octaves: 3))
        let lace = step(0.45, 0.62, noise.fractal(x / 1.1 + 7, y / 1.1, octaves: 4))
        return breaks * step(3.3, 4.6, here) * mix(lace, 0.4, limited(finest / 2)) * 0.8
    }

    /// A rocky island with a lighthouse, 900 m off on the left.
    mutating func island() {
        let middle = SIMD2<Float>(-395, 830)
        func place(_ s: Float, _ t: Float) -> SIMD3<Float> {
            let (x, y) = ((s * 2 - 1) * 330, (t * 2 - 1) * 170)
            let away = (x * x / 108_900 + y * y / 28_900).squareRoot()
            let shore = limited(1.02 - away + 0.3 * (PirateShip.noise.value(x / 70, y / 70) - 0.5))
            let ridge = PirateShip.noise.ridged(x / 190 + 21, y / 190 + 40, octaves: 7)
            let crown = expf(-((x - 70) * (x - 70) + y * y) / 14_000)
            let high = powf(shore, 0.8) * (28 + 85 * ridge * (0.35 + crown) + 55 * crown)
            return SIMD3(
                middle.x + x, middle.y + y, PirateShip.sea - 4 + high * step(0, 0.12, shore))
        }
        plan.add("island", rock) { shape in
            shape.surface(
                across: 150, up: 60, uv: { SIMD2($0 * 14, $1 * 7) }, place)
            shape.tint { place, normal in
                let n = PirateShip.noise.fractal(place.x / 22, place.y / 22, octaves: 5)
                let green = step(0.62, 0.85, normal.z + (n - 0.5) * 0.5)
                let bare = mix(light(0.15, 0.115, 0.095), light(0.03, 0.045, 0.022), green)
                return mix(bare, light(0.62, 0.40, 0.36), 0.38)
            }
        }
        lighthouse(place(0.80, 0.4))
    }

    private mutating func lighthouse(_ foot: SIMD3<Float>) {
        plan.add("lighthouse", rock) { shape in
            shape.tube(
                PirateShip.turned(
                    foot, [(-10, 4), (14, 2.6), (14.2, 3.4), (15, 3.4), (15.1, 1.2)]), sides: 12)
            shape.tube(
                PirateShip.turned(foot, [(17.8, 1.7), (18.2, 2), (20, 0.1)]), sides: 10)
            shape.tint { _, _ in light(0.5, 0.36, 0.31) }
        }
        plan.add("its light", lamp) { $0.ball(foot + SIMD3(0, 0, 16.6), radius: 1.3, sides: 10) }
    }
}
