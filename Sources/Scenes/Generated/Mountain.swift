import FrameModel
import Glibc

/// A snowy mountain on a clear winter morning: rock and snow in the low sun, firs, a log cabin with
/// lit windows at 14 m.
///
/// The floor's middle is flat within 4 m; the summit is 1.1 km ahead and 480 m high.
struct Mountain {
    private static let crags = Noise(seed: 61)
    private static let drifts = Noise(seed: 62)
    private var plan = SetPlan()
    private let snow, crag, needle, bark, log, roof, pane, lamp: Int

    static let sky = SetSky(
        zenith: light(0.06, 0.17, 0.52), middle: light(0.22, 0.42, 0.85),
        horizon: light(0.95, 0.90, 0.86), ground: light(0.5, 0.52, 0.58),
        sun: unit(SIMD3(0.62, 0.62, 0.36)), disc: light(520, 450, 350), glow: light(3, 2.5, 1.9),
        lit: light(1.7, 1.55, 1.4), shaded: light(0.45, 0.50, 0.62), cover: 0.28, seed: 63)

    init() {
        snow = plan.material(
            "snow",
            Pattern.mottled(
                light(0.88, 0.89, 0.92), light(1.06, 1.06, 1.06), scale: SIMD2(30, 30), seed: 64))
        crag = plan.material(
            "crag",
            Pattern.mottled(
                light(0.55, 0.56, 0.60), light(1.2, 1.2, 1.2), scale: SIMD2(18, 18), seed: 67,
                octaves: 8))
        needle = plan.material(
            "needles",
            Pattern.mottled(
                light(0.5, 0.55, 0.5), light(1.4, 1.4, 1.3), scale: SIMD2(24, 24), seed: 65))
        bark = plan.material("bark", ClearingTextures.bark())
        log = plan.material(
            "logs",
            Pattern.planks(light(0.07, 0.038, 0.02), light(0.26, 0.15, 0.08), count: 4, seed: 66))
        roof = plan.material("roof", base: SIMD4(light(0.86, 0.88, 0.93), 1))
        pane = plan.material("window", base: SIMD4(0, 0, 0, 1), emission: light(15, 8.5, 3.4))
        lamp = plan.material("lamp", base: SIMD4(0, 0, 0, 1), emission: light(26, 15, 6))
    }

    static func mesh(rays: Int) -> Mesh {
        var set = Mountain()
        set.land()
        set.firs()
        set.cabin()
        return set.plan.mesh(
            "mountain", sky.sunlight(light(3.0, 2.6, 2.1), softness: 0.008), rays: rays)
    }

    /// Height of the ground, meters.
    private static func height(_ place: SIMD2<Float>) -> Float {
        let far = (place * place).sum().squareRoot()
        let ahead = place - SIMD2(40, 1100)
        let away = (ahead * ahead).sum().squareRoot()
        let cone = powf(limited(1 - away / 900), 1.5)
        let ridge = crags.ridged(place.x / 620 + 3, place.y / 620 + 8, octaves: 9)
        let fine = crags.ridged(place.x / 110, place.y / 110, octaves: 6)
        let ring = step(350, 1500, far)
        let roll = drifts.fractal(place.x / 24, place.y / 24, octaves: 5) - 0.5
        return cone * (210 + 260 * ridge) + ring * (330 * ridge - 40) + (cone + ring) * 32 * fine
            + step(3, 14, far) * roll * 3.4 - step(20, 160, far) * 7
    }

    private mutating func land() {
        plan.add("snow", snow) { shape in
            shape.land(from: 0.4, to: 84, rings: 84, sectors: 200, uvMeters: 3, Mountain.height)
            shape.tint(Mountain.cover)
        }
        plan.add("rock", crag) { shape in
            shape.land(from: 80, to: 2600, rings: 160, sectors: 400, uvMeters: 120, Mountain.height)
            shape.tint(Mountain.cover)
        }
    }

    /// Snow where it lies, rock where it is too steep, paler with distance.
    private static func cover(_ place: SIMD3<Float>, _ normal: SIMD3<Float>) -> Light {
        let far = (place.x * place.x + place.y * place.y).squareRoot()
        let n = crags.fractal(place.x / 30, place.y / 30 + place.z / 20, octaves: 5)
        let bare = 1 - step(0.60, 0.76, normal.z + (n - 0.5) * 0.36)
        let strata = 0.7 + 0.5 * crags.value(place.z / 9, place.x / 160)
        let stone = light(0.15, 0.135, 0.125) * strata
        let white = light(0.86, 0.88, 0.92)
        let ground = mix(white, stone, bare * step(60, 200, far))
        return mix(ground, light(0.66, 0.74, 0.9), 0.5 * step(300, 3600, far))
    }

    private mutating func firs() {
        var numbers = NumberStream(seed: 68)
        for index in 0..<130 {
            let t = Float(index) / 130
            let radius = 12 + 150 * t * t + numbers.next(-1...1)
            let angle = Float(index) * 2.399963
            let place = SIMD2(radius * sinf(angle), radius * cosf(angle))
            // The view to the summit and the cabin stay open.
            if abs(place.x) < 3.5 + 0.06 * place.y, place.y > 0 { continue }
            if abs(place.x + 6) < 5.5, abs(place.y - 15) < 6 { continue }
            fir(SIMD3(place, Mountain.height(place) - 0.2), numbers.next(5...11.5), index, &numbers)
        }
    }

    /// A fir of skirts of boughs, heavy with snow.
    private mutating func fir(
        _ foot: SIMD3<Float>, _ tall: Float, _ index: Int, _ numbers: inout NumberStream
    ) {
        let far = (foot.x * foot.x + foot.y * foot.y).squareRoot()
        let (skirts, sides) = far < 34 ? (17, 36) : (9, 14)
        let seed = numbers.next() * 100
        plan.add("fir \(index + 1)", needle) { shape in
            for skirt in 0..<skirts {
                let t = Float(skirt) / Float(skirts)
                let base = foot + SIMD3(0, 0, tall * (0.10 + 0.86 * t))
                let wide = tall * 0.22 * powf(1 - t, 0.85) + 0.08
                let deep = tall * 1.9 / Float(skirts)
                shape.surface(across: sides, up: 3, uv: { SIMD2($0 * 5, $1 * 1.5) }) { s, v in
                    let a = s * 2 * .pi
                    // Every other vertex is the tip of a bough, each of its own length.
                    let tip = Int((s * Float(sides)).rounded()) % 2 == 0
                    let own = Mountain.drifts.value(a * 3 + seed, Float(skirt) * 7)
                    let ragged = (tip ? 1.1 : 0.66) * (0.75 + 0.5 * own)
                    let r = wide * (1 - v) * (v < 0.4 ? ragged : 1)
                    let sag = -(tip ? 0.55 : 0.1) * deep * (1 - v) * (1 - v)
                    return base + SIMD3(cosf(a) * r, sinf(a) * r, deep * v * 0.8 + sag)
                }
            }
            shape.tint { place, normal in
                let n = Mountain.drifts.fractal(
                    place.x * 3 + seed, place.y * 3 + place.z * 2, octaves: 3)
                let cover = step(0.30, 0.60, normal.z + (n - 0.5) * 1.3)
                return mix(light(0.022, 0.042, 0.024), light(0.82, 0.85, 0.9), cover)
            }
        }
        plan.add("trunk \(index + 1)", bark) {
            $0.tube(
                [(foot, tall * 0.03), (foot + SIMD3(0, 0, tall * 0.5), tall * 0.018)], sides: 8)
        }
    }

    private mutating func cabin() {
        let (x, y): (Float, Float) = (-5.6, 15)
        let z = Mountain.height(SIMD2(x, y)) - 0.15
        plan.add("logs", log) { shape in
            for row in 0..<9 {
                let high = z + 0.16 + 0.29 * Float(row)
                for side in [-2.1, 2.1] as [Float] {
                    shape.tube(
                        (0...8).map { (SIMD3(x - 3.1 + 0.775 * Float($0), y + side, high), 0.16) },
                        sides: 9)
                    shape.tube(
                        (0...6).map {
                            (SIMD3(x + side * 1.33, y - 2.5 + 0.83 * Float($0), high), 0.16)
                        },
                        sides: 9)
                }
            }
            for side in [-2.75, 2.75] as [Float] {
                shape.surface(across: 8, up: 6, uv: { SIMD2($0 * 2, $1) }) { s, t in
                    let wide = (s * 2 - 1) * 2.1 * (1 - t)
                    return SIMD3(x + side, y + wide, z + 2.7 + 1.75 * t)
                }
            }
            shape.box(SIMD3(x + 1.3, y - 2.2, z + 1.1), SIMD3(0.95, 0.12, 2), cell: 0.5)
        }
        plan.add("roof", roof) { shape in
            for side in [-1, 1] as [Float] {
                shape.surface(across: 16, up: 8, uv: { SIMD2($0, $1) }) { s, t in
                    let bulge = 0.20 * sinf(t * .pi) + 0.06 * sinf(s * 23)
                    return SIMD3(
                        x + (s - 0.5) * 7 * side, y + side * 2.8 * (1 - t),
                        z + 2.35 + 2.2 * t + bulge
                    )
                }
            }
            shape.turnOver()
            shape.box(SIMD3(x, y - 2.78, z + 2.36), SIMD3(7, 0.14, 0.26), cell: 0.7)
        }
        plan.add("chimney", log) {
            $0.box(SIMD3(x - 1.6, y + 0.6, z + 4.6), SIMD3(0.7, 0.7, 1.8), cell: 0.5)
        }
        plan.add("panes", pane) { shape in
            for column in 0..<2 {
                for row in 0..<2 {
                    shape.patch(
                        SIMD3(
                            x - 1.7 + 0.5 * Float(column), y - 2.32, z + 1.0 + 0.5 * Float(row)),
                        SIMD3(0.44, 0, 0), SIMD3(0, 0, 0.44), cell: 1, uvMeters: 1)
                }
            }
        }
        plan.add("lantern", lamp) { $0.ball(SIMD3(x + 2.1, y - 2.5, z + 1.95), radius: 0.11) }
    }
}
