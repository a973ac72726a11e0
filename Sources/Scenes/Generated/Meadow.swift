import FrameModel
import Glibc

/// A meadow in early summer: grass and flowers from 1.5 m off, a fence, an oak at 13 m, hills under
/// tall clouds.
struct Meadow {
    private static let hills = Noise(seed: 71)
    private static let patches = Noise(seed: 72)
    private var plan = SetPlan()
    private let soil, blades, bloom, leaf, bark, wood: Int

    static let sky = SetSky(
        zenith: light(0.10, 0.25, 0.66), middle: light(0.30, 0.52, 0.98),
        horizon: light(1.05, 1.02, 0.95), ground: light(0.16, 0.2, 0.08),
        sun: unit(SIMD3(-0.72, 0.45, 0.62)), disc: light(600, 540, 430), glow: light(2.4, 2.1, 1.6),
        lit: light(1.45, 1.4, 1.32), shaded: light(0.50, 0.56, 0.68), cover: 0.52, seed: 73)

    init() {
        soil = plan.material(
            "meadow",
            Pattern.mottled(
                light(0.55, 0.6, 0.5), light(1.45, 1.4, 1.3), scale: SIMD2(26, 26), seed: 74))
        blades = plan.material(
            "grass", ClearingTextures.grass(), alpha: .mask(cutoff: 0.45), wrap: .clamp)
        bloom = plan.material(
            "flowers", Meadow.flowers(), alpha: .mask(cutoff: 0.45), wrap: .clamp)
        leaf = plan.material(
            "leaves", ClearingTextures.leaf(), alpha: .mask(cutoff: 0.5), wrap: .clamp)
        bark = plan.material("bark", ClearingTextures.bark())
        wood = plan.material(
            "fence",
            Pattern.planks(light(0.16, 0.14, 0.12), light(0.42, 0.38, 0.33), count: 3, seed: 75))
    }

    static func mesh(rays: Int) -> Mesh {
        var set = Meadow()
        set.land()
        set.growth()
        set.oak(SIMD2(5.2, 13))
        set.oak(SIMD2(-38, 70))
        set.oak(SIMD2(30, 110))
        set.oak(SIMD2(-14, 150))
        set.fence()
        return set.plan.mesh(
            "meadow", sky.sunlight(light(4.4, 4.0, 3.3), softness: 0.01), rays: rays)
    }

    private static func height(_ place: SIMD2<Float>) -> Float {
        let far = (place * place).sum().squareRoot()
        let roll = hills.fractal(place.x / 60 + 9, place.y / 60 + 4, octaves: 4) - 0.45
        let wide = hills.fractal(place.x / 420 + 2, place.y / 420, octaves: 5) - 0.4
        return step(3, 40, far) * roll * 9 + step(80, 700, far) * wide * 150
    }

    private static func ground(_ place: SIMD2<Float>) -> SIMD3<Float> {
        SIMD3(place, height(place))
    }

    /// Greens and golds of the meadow in patches.
    private static func green(_ place: SIMD3<Float>) -> Light {
        let n = patches.fractal(place.x / 14, place.y / 14, octaves: 5)
        let field = patches.value(place.x / 90 + 40, place.y / 90)
        let near = mix(light(0.075, 0.13, 0.022), light(0.24, 0.25, 0.06), step(0.3, 0.7, n))
        return mix(near, light(0.36, 0.30, 0.10), step(0.62, 0.72, field) * 0.7)
    }

    private mutating func land() {
        plan.add("land", soil) { shape in
            shape.land(from: 0.3, to: 3000, rings: 170, sectors: 320, uvMeters: 2, Meadow.height)
            shape.tint { place, _ in
                let far = (place.x * place.x + place.y * place.y).squareRoot()
                let woods = step(
                    0.52, 0.58, Meadow.patches.fractal(place.x / 160, place.y / 160, octaves: 6))
                let color = mix(
                    Meadow.green(place), light(0.025, 0.05, 0.018), woods * step(120, 260, far))
                return mix(color, light(0.42, 0.52, 0.66), 0.8 * step(100, 2400, far))
            }
        }
    }

    private mutating func growth() {
        var numbers = NumberStream(seed: 76)
        for sector in 0..<16 {
            var (grass, flowers) = (SetShape(material: blades), SetShape(material: bloom))
            for _ in 0..<900 {
                let radius = 1.5 + 34 * powf(numbers.next(), 1.9)
                let angle = (Float(sector) + numbers.next()) / 16 * 2 * .pi
                let foot = Meadow.ground(SIMD2(radius * sinf(angle), radius * cosf(angle)))
                let tall = numbers.next(0.22...0.55) * (1 + radius * 0.008)
                // Lit as the ground is: blades stand every way.
                grass.sheet(
                    foot - SIMD3(0, 0, 0.03), wide: tall * 1.5, tall: tall,
                    turn: numbers.next(0...3.14), normal: unit(SIMD3(0, -0.25, 1)))
                if numbers.next() < 0.30,
                    Meadow.patches.fractal(foot.x / 5, foot.y / 5 + 30, octaves: 3) > 0.45
                {
                    flowers.sheet(
                        foot, wide: tall * 1.1, tall: tall * 1.25, turn: numbers.next(0...3.14),
                        normal: unit(SIMD3(0, -0.25, 1)))
                }
            }
            grass.tint { place, _ in
                let tone = Meadow.green(place) * 6
                return mix(light(1, 1, 1), tone, 0.65)
            }
            plan.add("grass \(sector + 1)", grass)
            plan.add("flowers \(sector + 1)", flowers)
        }
    }

    private mutating func oak(_ place: SIMD2<Float>) {
        var numbers = NumberStream(seed: UInt64(abs(place.x * 100)) &+ 5)
        let foot = Meadow.ground(place) - SIMD3(0, 0, 0.2)
        let far = (place * place).sum().squareRoot()
        let (limbs, twigs, size) = far < 40 ? (17, 300, Float(0.36)) : (12, 90, Float(0.8))
        var (trunk, leaves) = (SetShape(material: bark), SetShape(material: leaf))
        let spine: [(point: SIMD3<Float>, radius: Float)] = (0...8).map { knot in
            let t = Float(knot) / 8
            return (
                foot + SIMD3(0.3 * sinf(t * 3), 0.2 * sinf(t * 2), 5.2 * t),
                0.55 * (1 - 0.6 * t) + (knot == 0 ? 0.3 : 0)
            )
        }
        trunk.tube(spine, sides: 14)
        for limb in 0..<limbs {
            let t = 0.40 + 0.6 * Float(limb) / Float(limbs)
            let knot = spine[Int(t * 8)]
            let angle = Float(limb) * 2.4
            let long = numbers.next(2.6...4.4) * (1.25 - 0.5 * t)
            let out = SIMD3(cosf(angle), sinf(angle), 0.25 + 0.9 * t) * long
            let path: [(point: SIMD3<Float>, radius: Float)] = (0...6).map { step in
                let s = Float(step) / 6
                let bend = SIMD3(sinf(s * 5 + angle), cosf(s * 4 + angle), 0) * 0.25 * s
                return (knot.point + out * s + bend, knot.radius * 0.5 * (1 - s * 0.85))
            }
            trunk.tube(path, sides: 7)
            for _ in 0..<twigs {
                let s = numbers.next(0.35...1.05)
                let ball = unit(
                    SIMD3(numbers.next(-1...1), numbers.next(-1...1), numbers.next(-0.7...1)))
                let middle = knot.point + out * s + ball * (1.15 * powf(numbers.next(), 0.4))
                // Leaves are lit as the crown's surface is.
                let normal = unit(middle - (foot + SIMD3(0, 0, 6.4)) + ball * 1.5)
                leaves.sheet(
                    middle - SIMD3(0, 0, size / 2), wide: size, tall: size,
                    turn: numbers.next(0...3.14), normal: normal)
            }
        }
        let haze = step(20, 260, far) * 0.5
        leaves.tint { place, _ in
            let n = Meadow.patches.fractal(place.x, place.y + place.z, octaves: 3)
            return mix(light(1, 1, 1) * (0.8 + 0.6 * n), light(2.2, 2.6, 3.0), haze)
        }
        plan.add("oak at \(Int(far)) m", trunk)
        plan.add("its leaves", leaves)
    }

    private mutating func fence() {
        plan.add("fence", wood) { shape in
            for post in 0..<26 {
                let x = Float(post) * 2.1 - 26
                let foot = Meadow.ground(SIMD2(x, 8.6 + 0.05 * x))
                let next = Meadow.ground(SIMD2(x + 2.1, 8.6 + 0.05 * (x + 2.1)))
                let lean: Float = post % 3 == 1 ? 0.05 : -0.02
                shape.tube(
                    [
                        (foot - SIMD3(0, 0, 0.1), 0.075), (foot + SIMD3(lean, 0, 0.6), 0.07),
                        (foot + SIMD3(lean, 0, 1.2), 0.065), (foot + SIMD3(lean, 0, 1.21), 0.005),
                    ], sides: 9)
                for high in [0.5, 0.95] as [Float] {
                    shape.tube(
                        (0...4).map { step in
                            let s = Float(step) / 4
                            return (
                                foot + (next - foot) * s
                                    + SIMD3(0, -0.05, high - 0.05 * sinf(s * .pi)), 0.04
                            )
                        }, sides: 7)
                }
            }
        }
    }

    /// Poppies, daisies and cornflowers on their stalks.
    private static func flowers() -> Picture {
        var numbers = NumberStream(seed: 77)
        let hues = [light(0.75, 0.035, 0.02), light(0.85, 0.85, 0.8), light(0.12, 0.16, 0.75)]
        let stalks = (0..<7).map { index in
            (
                x: 0.12 + 0.76 * (Float(index) + numbers.next()) / 7,
                top: numbers.next(0.55...0.92),
                hue: hues[index % 3], size: numbers.next(0.045...0.075)
            )
        }
        return Pattern.paint(256) { u, v in
            let up = 1 - v
            var out = SIMD4<Float>.zero
            for stalk in stalks {
                let bend = (stalk.x - 0.5) * 0.2 * (up - stalk.top)
                let (x, y) = (u - stalk.x - bend, up - stalk.top)
                if up < stalk.top {
                    let cover = limited((0.006 - abs(x)) * 250 + 0.5)
                    out = out * (1 - cover) + SIMD4(light(0.07, 0.13, 0.03), 1) * cover
                }
                let r = (x * x + y * y * 1.7).squareRoot()
                let petals = 1 - 0.22 * abs(sinf(atan2f(y, x) * 3))
                let cover = limited((stalk.size * petals - r) * 250 + 0.5)
                let heart = step(0.016, 0.022, r)
                let color = mix(light(0.5, 0.36, 0.05), stalk.hue * (0.7 + 5 * r), heart)
                out = out * (1 - cover) + SIMD4(color, 1) * cover
            }
            return out
        }
    }
}
