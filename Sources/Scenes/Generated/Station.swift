import FrameModel
import Glibc

/// A railway station: an island platform under a roof of iron and glass, a train with lit windows
/// on the right, a steam engine coming in on the left, lamps and a clock.
///
/// The platform is 9 m wide, its edge stands 1.1 m over the tracks; the hall is 32 m wide, 17 m
/// high, and open to the evening 66 m ahead.
struct Station {
    private static let from: Float = -18
    private static let to: Float = 66

    private var plan = SetPlan()
    private let paving, ballast, brick, iron, roof, green, lit, roofing, black, steel, lamp, head,
        wood, dial, cream: Int

    init() {
        paving = plan.material(
            "paving",
            Pattern.tiles(light(0.25, 0.235, 0.21), light(0.21, 0.20, 0.185), count: 5, seed: 31))
        ballast = plan.material(
            "ballast",
            Pattern.mottled(
                light(0.03, 0.027, 0.024), light(0.14, 0.12, 0.10), scale: SIMD2(60, 60), seed: 32))
        brick = plan.material(
            "brick",
            Pattern.courses(
                light(0.34, 0.12, 0.075), mortar: light(0.22, 0.19, 0.16), across: 8, down: 24,
                seed: 33, vary: 0.3))
        iron = plan.material("iron", base: SIMD4(light(0.05, 0.085, 0.08), 1))
        roof = plan.material(
            "glass roof", Station.panes(black: true), emission: light(1.5, 1.55, 1.75),
            glow: Station.panes(black: false))
        green = plan.material("green", base: SIMD4(light(0.02, 0.07, 0.035), 1))
        lit = plan.material(
            "carriage", Station.carriage(glow: false), emission: light(13, 8.6, 4.4),
            glow: Station.carriage(glow: true))
        roofing = plan.material("roofing", base: SIMD4(light(0.09, 0.09, 0.09), 1))
        black = plan.material("black", base: SIMD4(light(0.022, 0.022, 0.024), 1))
        steel = plan.material("steel", base: SIMD4(light(0.42, 0.40, 0.38), 1))
        lamp = plan.material("lamp", base: SIMD4(0, 0, 0, 1), emission: light(24, 17, 9.5))
        head = plan.material("headlamp", base: SIMD4(0, 0, 0, 1), emission: light(160, 135, 95))
        wood = plan.material(
            "wood",
            Pattern.planks(light(0.10, 0.05, 0.025), light(0.26, 0.14, 0.07), count: 6, seed: 34))
        dial = plan.material(
            "dial", Station.clock(shape: true), emission: light(2.6, 2.4, 2.0),
            glow: Station.clock(shape: false),
            alpha: .mask(cutoff: 0.5), wrap: .clamp)
        cream = plan.material("cream", base: SIMD4(light(0.6, 0.53, 0.38), 1))
    }

    static let sky = SetSky(
        zenith: light(0.10, 0.18, 0.42), middle: light(0.40, 0.42, 0.62),
        horizon: light(1.0, 0.52, 0.26), ground: light(0.06, 0.05, 0.05),
        sun: unit(SIMD3(0.10, 1, 0.13)), disc: light(300, 190, 90), glow: light(2.0, 1.15, 0.5),
        lit: light(2.3, 1.2, 0.7), shaded: light(0.30, 0.27, 0.36), cover: 0.45, seed: 51)

    static func mesh(rays: Int) -> Mesh {
        var set = Station()
        set.ground()
        set.hall()
        set.train()
        set.engine()
        set.things()
        return set.plan.mesh(
            "station", sky.sunlight(light(5.5, 3.2, 1.6), softness: 0.01), rays: rays)
    }

    private mutating func ground() {
        let (from, long) = (Station.from, Station.to - Station.from + 30)
        plan.add("platform", paving) { shape in
            for x in [-4.5, -16, 10] as [Float] {
                shape.patch(
                    SIMD3(x, from, 0), SIMD3(x == -4.5 ? 9 : 6, 0, 0), SIMD3(0, long, 0), cell: 0.6,
                    uvMeters: 3)
            }
        }
        plan.add("edge", cream) { shape in
            for x in [-4.5, 4.1] as [Float] {
                shape.patch(
                    SIMD3(x, from, 0.006), SIMD3(0.4, 0, 0), SIMD3(0, long, 0), cell: 0.8,
                    uvMeters: 2)
            }
        }
        plan.add("wall under the edge", brick) { shape in
            shape.patch(
                SIMD3(4.5, from, -1.1), SIMD3(0, long, 0), SIMD3(0, 0, 1.1), cell: 0.9, uvMeters: 2)
            shape.patch(
                SIMD3(-4.5, from + long, -1.1), SIMD3(0, -long, 0), SIMD3(0, 0, 1.1), cell: 0.9,
                uvMeters: 2)
            shape.patch(
                SIMD3(-10, from, -1.1), SIMD3(0, long, 0), SIMD3(0, 0, 1.1), cell: 0.9, uvMeters: 2)
            shape.patch(
                SIMD3(10, from + long, -1.1), SIMD3(0, -long, 0), SIMD3(0, 0, 1.1), cell: 0.9,
                uvMeters: 2)
        }
        for side in [-1, 1] as [Float] {
            plan.add("ballast", ballast) {
                $0.patch(
                    SIMD3(side > 0 ? 4.5 : -10, from, -1.1), SIMD3(5.5, 0, 0),
                    SIMD3(0, long + 40, 0),
                    cell: 0.8, uvMeters: 2.5)
            }
            plan.add("sleepers", wood) { shape in
                for index in 0..<90 {
                    shape.box(
                        SIMD3(side * 7.2, from + Float(index) * 1.1, -1.06), SIMD3(2.6, 0.26, 0.16),
                        cell: 1.4)
                }
            }
            plan.add("rails", steel) { shape in
                for x in [-0.72, 0.72] as [Float] {
                    shape.box(
                        SIMD3(side * 7.2 + x, from + long / 2, -0.9), SIMD3(0.08, long + 40, 0.16),
                        cell: 2)
                }
            }
        }
    }

    /// A point of the roof at an angle from its crown, −1 … 1.
    private static func arch(_ s: Float, _ y: Float) -> SIMD3<Float> {
        let a = s * 1.25
        return SIMD3(
            16 * sinf(a) / sinf(1.25), y, 6.5 + 10.5 * (cosf(a) - cosf(1.25)) / (1 - cosf(1.25)))
    }

    private mutating func hall() {
        let (from, to) = (Station.from, Station.to)
        plan.add("glass", roof) {
            $0.surface(across: 24, up: 42, uv: { SIMD2($0 * 10, $1 * 28) }) { s, t in
                Station.arch(s * 2 - 1, mix(from, to, t)) + SIMD3(0, 0, 0.25)
            }
            $0.turnOver()
        }
        for index in 0...14 {
            let y = from + Float(index) * 6
            plan.add("truss", iron) { shape in
                let outer = (0...24).map { Station.arch(Float($0) / 12 - 1, y) }
                let inner = outer.map { SIMD3($0.x * 0.93, y, $0.z - 1.1) }
                shape.tube(outer.map { ($0, 0.12) }, sides: 6)
                shape.tube(inner.map { ($0, 0.09) }, sides: 6)
                for knot in 0..<24 {
                    shape.tube([(outer[knot], 0.045), (inner[knot + 1], 0.045)], sides: 4)
                    shape.tube([(inner[knot], 0.045), (outer[knot], 0.045)], sides: 4)
                }
                for x in [-14.9, 14.9] as [Float] {
                    shape.tube([(SIMD3(x, y, 0), 0.24), (SIMD3(x, y, 6), 0.18)], sides: 10)
                }
            }
        }
        plan.add("purlins", iron) { shape in
            for knot in 1..<12 {
                let s = Float(knot) / 6 - 1
                let point = Station.arch(s, 0)
                shape.box(
                    SIMD3(point.x, (from + to) / 2, point.z), SIMD3(0.12, to - from, 0.2), cell: 4)
            }
        }
        plan.add("walls", brick) { shape in
            shape.patch(
                SIMD3(16, to, 0), SIMD3(0, from - to, 0), SIMD3(0, 0, 7.4), cell: 1, uvMeters: 2.4)
            shape.patch(
                SIMD3(-16, from, 0), SIMD3(0, to - from, 0), SIMD3(0, 0, 7.4), cell: 1,
                uvMeters: 2.4)
            shape.patch(
                SIMD3(16, from, -1.1), SIMD3(-32, 0, 0), SIMD3(0, 0, 19), cell: 1.5, uvMeters: 2.4)
        }
    }

    private mutating func train() {
        for car in 0..<3 {
            let y = 6 + Float(car) * 20.6
            plan.add("carriage \(car + 1)", lit) { shape in
                for x in [5.75, 8.65] as [Float] {
                    let isNear = x < 7
                    shape.patch(
                        SIMD3(x, isNear ? y + 19.6 : y, -0.1),
                        SIMD3(0, isNear ? -19.6 : 19.6, 0), SIMD3(0, 0, 2.75), cell: 1,
                        uvMeters: 2.8)
                }
            }
            plan.add("ends", green) { shape in
                shape.patch(
                    SIMD3(5.75, y, -0.1), SIMD3(2.9, 0, 0), SIMD3(0, 0, 2.9), cell: 0.7, uvMeters: 1
                )
                shape.patch(
                    SIMD3(8.65, y + 19.6, -0.1), SIMD3(-2.9, 0, 0), SIMD3(0, 0, 2.9), cell: 0.7,
                    uvMeters: 1)
                shape.box(SIMD3(7.2, y + 9.8, -0.3), SIMD3(2.7, 19.4, 0.4), cell: 2)
            }
            plan.add("roofs", roofing) {
                $0.surface(across: 8, up: 14, uv: { SIMD2($0, $1) }) { s, t in
                    let x = (s - 0.5) * 3.05
                    return SIMD3(7.2 + x, y - 0.05 + 19.7 * t, 2.62 + 0.55 * (1 - x * x / 2.4))
                }
            }
            plan.add("wheels", black) { shape in
                for z in [2, 4.4, 15.2, 17.6] as [Float] {
                    for x in [6.4, 7.9] as [Float] {
                        shape.tube(
                            [
                                (SIMD3(x, y + z, -0.5), 0.02), (SIMD3(x, y + z, -0.5), 0.46),
                                (SIMD3(x + 0.12, y + z, -0.5), 0.46),
                            ], sides: 16)
                    }
                }
            }
        }
    }

    /// A steam engine, its front 14 m ahead.
    private mutating func engine() {
        let (x, y): (Float, Float) = (-7.2, 14)
        plan.add("boiler", black) { shape in
            let spine: [(Float, Float)] = [
                (0, 0.02), (0, 0.78), (0.15, 0.92), (2.2, 0.92), (2.25, 0.88), (6.2, 0.95),
                (6.4, 1.1),
            ]
            shape.tube(spine.map { (SIMD3(x, y + $0.0, 1.45), $0.1) }, sides: 28)
            shape.tube(
                [
                    (SIMD3(x, y + 1.1, 2.2), 0.26), (SIMD3(x, y + 1.1, 2.85), 0.22),
                    (SIMD3(x, y + 1.1, 3.2), 0.34),
                ],
                sides: 16)
            shape.tube(
                [
                    (SIMD3(x, y + 3.4, 2.2), 0.4), (SIMD3(x, y + 3.4, 2.6), 0.36),
                    (SIMD3(x, y + 3.4, 2.8), 0.05),
                ],
                sides: 16)
            shape.box(SIMD3(x, y + 4.2, 0.25), SIMD3(2.5, 9, 0.16), cell: 0.8)
            shape.box(SIMD3(x, y + 7.8, 1.7), SIMD3(2.6, 2.6, 2.6), cell: 0.6)
            shape.box(SIMD3(x, y + 7.8, 3.05), SIMD3(2.9, 3.2, 0.1), cell: 0.6)
            shape.box(SIMD3(x, y + 13, 1.1), SIMD3(2.6, 6, 2.2), cell: 0.8)
            for wheel in 0..<3 {
                for side in [-0.8, 0.8] as [Float] {
                    let middle = SIMD3(x + side, y + 2.6 + Float(wheel) * 1.9, -0.02)
                    shape.tube(
                        (0...24).map { knot in
                            let a = Float(knot) / 24 * 2 * .pi
                            return (middle + SIMD3(0, cosf(a), sinf(a)) * 0.78, 0.07)
                        }, sides: 6)
                    for spoke in 0..<8 {
                        let a = Float(spoke) / 8 * 2 * .pi
                        shape.tube(
                            [(middle, 0.035), (middle + SIMD3(0, cosf(a), sinf(a)) * 0.76, 0.03)],
                            sides: 4)
                    }
                }
            }
        }
        plan.add("buffers", steel) { shape in
            for side in [-0.9, 0.9] as [Float] {
                shape.tube(
                    [
                        (SIMD3(x + side, y - 0.1, 0.15), 0.1),
                        (SIMD3(x + side, y - 0.55, 0.15), 0.09),
                        (SIMD3(x + side, y - 0.56, 0.15), 0.24),
                        (SIMD3(x + side, y - 0.6, 0.15), 0.02),
                    ], sides: 14)
            }
            for ring in [0.16, 2.2, 4.2] as [Float] {
                shape.tube(
                    (0...24).map { knot in
                        let a = Float(knot) / 24 * 2 * .pi
                        return (SIMD3(x + 0.94 * cosf(a), y + ring, 1.45 + 0.94 * sinf(a)), 0.03)
                    }, sides: 5)
            }
        }
        plan.add("beam", brick) {
            $0.box(SIMD3(x, y - 0.1, 0.15), SIMD3(2.6, 0.14, 0.5), cell: 0.5)
        }
        plan.add("headlamp", head) { $0.ball(SIMD3(x, y - 0.12, 2.55), radius: 0.17) }
        plan.add("lamps", lamp) { shape in
            for side in [-0.85, 0.85] as [Float] {
                shape.ball(SIMD3(x + side, y - 0.2, 0.58), radius: 0.11)
            }
        }
    }

    private mutating func things() {
        for index in 0..<9 {
            let y = 9 + Float(index) * 7
            plan.add("post", iron) { shape in
                shape.tube(
                    [
                        (SIMD3(0, y, 0), 0.2), (SIMD3(0, y, 0.5), 0.16), (SIMD3(0, y, 0.55), 0.09),
                        (SIMD3(0, y, 3.6), 0.06), (SIMD3(0, y, 3.7), 0.1), (SIMD3(0, y, 4.1), 0.03),
                    ], sides: 12)
                for side in [-1, 1] as [Float] {
                    shape.tube(
                        (0...10).map { knot in
                            let a = Float(knot) / 10 * .pi
                            return (
                                SIMD3(side * (0.45 - 0.45 * cosf(a)), y, 3.55 + 0.35 * sinf(a)),
                                0.03
                            )
                        }, sides: 6)
                }
            }
            plan.add("globes", lamp) { shape in
                for side in [-0.9, 0.9] as [Float] {
                    shape.ball(SIMD3(side, y, 3.36), radius: 0.19)
                }
            }
            guard index % 2 == 0 else { continue }
            plan.add("bench", wood) { shape in
                for slat in 0..<4 {
                    shape.box(
                        SIMD3(-2.2 + 0.13 * Float(slat), y - 3, 0.46), SIMD3(0.1, 1.8, 0.04))
                    shape.box(
                        SIMD3(-2.32, y - 3, 0.6 + 0.12 * Float(slat)), SIMD3(0.03, 1.8, 0.09))
                }
            }
            plan.add("legs", iron) { shape in
                for end in [-0.7, 0.7] as [Float] {
                    shape.box(SIMD3(-2.05, y - 3 + end, 0.22), SIMD3(0.5, 0.06, 0.44))
                    shape.box(SIMD3(-2.34, y - 3 + end, 0.55), SIMD3(0.05, 0.06, 1.1))
                }
            }
            plan.add("trunks", wood) { shape in
                shape.box(SIMD3(2.4, y - 3.4, 0.3), SIMD3(0.9, 0.55, 0.6), turn: 0.3)
                shape.box(SIMD3(2.45, y - 3.4, 0.78), SIMD3(0.7, 0.45, 0.36), turn: 0.1)
                shape.box(SIMD3(1.5, y - 2.9, 0.22), SIMD3(0.5, 0.8, 0.44), turn: -0.4)
            }
        }
        plan.add("clock", dial) {
            $0.patch(
                SIMD3(1.05, 12.9, 4.1), SIMD3(1.5, 0, 0), SIMD3(0, 0, 1.5), cell: 4, uvMeters: 1.5)
        }
        plan.fitLast(SIMD2(1, 1))
        plan.add("clock's case", iron) { shape in
            shape.tube(
                (0...32).map { knot in
                    let a = Float(knot) / 32 * 2 * .pi
                    return (SIMD3(1.8 + 0.77 * cosf(a), 12.95, 4.85 + 0.77 * sinf(a)), 0.09)
                }, sides: 8)
            shape.tube([(SIMD3(1.8, 12.98, 5.6), 0.04), (SIMD3(1.8, 12.98, 15.6), 0.04)], sides: 6)
            shape.tube(
                [(SIMD3(1.8, 13.0, 4.85), 0.01), (SIMD3(1.8, 12.99, 4.85), 0.77)], sides: 24)
        }
    }

    /// Panes of the roof; black ones carry the frames' own colour only.
    private static func panes(black: Bool) -> Picture {
        let (noise, shades) = (Noise(seed: 36), Noise(seed: 37))
        return Pattern.paint(512) { u, v in
            let (x, y) = (u * 4, v * 4)
            let (column, row) = (Int(x), Int(y))
            let edge = min(
                min(x - Float(column), Float(column + 1) - x),
                min(y - Float(row), Float(row + 1) - y))
            let open = step(0.03, 0.06, edge)
            if black { return SIMD4(light(0.05, 0.05, 0.05), 1) }
            let dirt =
                0.55 + 0.6
                * Pattern.seamless(
                    noise, u * 6, v * 6, size: SIMD2(6, 6), octaves: 5)
            let shade = 0.7 + 0.45 * shades.lattice(Int32(column), Int32(row))
            return SIMD4(light(1, 1, 1) * (open * dirt * shade), 1)
        }
    }

    /// 2.8 m of a carriage's side: panels, a cream band, two windows with people behind.
    private static func carriage(glow: Bool) -> Picture {
        let noise = Noise(seed: 38)
        return Pattern.paint(512) { u, v in
            let x = u * 2 - Float(Int(u * 2))
            let window = min(min(x - 0.16, 0.84 - x), min(v - 0.20, 0.52 - v))
            let inside = limited(window * 120)
            if glow {
                let head = 0.55 + 0.6 * noise.fractal(u * 7, v * 5, octaves: 4)
                let people = step(0.33, 0.52, v) * step(0.42, 0.6, noise.value(u * 9, 4))
                return SIMD4(light(1, 0.9, 0.7) * (inside * head * (1 - 0.75 * people)), 1)
            }
            let frame = limited((window + 0.03) * 120) - inside
            let seam = step(0.004, 0.01, min(abs(x - 0.02), abs(v - 0.6)))
            var color = v < 0.6 && v > 0.08 ? light(0.52, 0.44, 0.28) : light(0.03, 0.09, 0.05)
            color = mix(color, light(0.35, 0.22, 0.06), limited(frame))
            return SIMD4(mix(color * (0.4 + 0.6 * seam), light(0.01, 0.01, 0.01), inside), 1)
        }
    }

    private static func clock(shape: Bool) -> Picture {
        Pattern.paint(512) { u, v in
            let (x, y) = (u * 2 - 1, 1 - v * 2)
            let r = (x * x + y * y).squareRoot()
            if shape { return SIMD4(0.01, 0.01, 0.01, 1) * limited((0.99 - r) * 60 + 0.5) }
            let hour = (atan2f(x, y) / (2 * .pi) + 1) * 12
            let near = abs(hour - hour.rounded())
            let mark = step(0.02, 0.03, 0.05 - near * r + (r > 0.78 && r < 0.92 ? 0 : -1))
            func hand(_ turn: Float, _ long: Float, _ wide: Float) -> Float {
                let (along, across) = (
                    x * sinf(turn) + y * cosf(turn), x * cosf(turn) - y * sinf(turn)
                )
                return limited((wide - abs(across)) * 120) * limited((long - along) * 60)
                    * limited((along + 0.12) * 60)
            }
            let dark = max(mark, max(hand(0.9, 0.5, 0.045), hand(4.4, 0.78, 0.03)))
            let face = light(1, 0.96, 0.86) * limited((0.99 - r) * 60)
            return SIMD4(mix(face, light(0.01, 0.01, 0.01), dark), 1)
        }
    }
}
