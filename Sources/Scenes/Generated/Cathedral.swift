import FrameModel
import Glibc

/// The nave of a cathedral: piers and pointed arches, a ribbed vault, windows of coloured glass the
/// sun stands behind, candles.
///
/// Bays are 5 m; the nave is 10 m wide, 20 m high and ends 45 m ahead under a rose window.
struct Cathedral {
    private static let bays = 11
    private static let bay: Float = 5
    private static let start: Float = -10
    private static let half: Float = 5
    private static let spring: Float = 8.5
    private static let vault: Float = 14.5
    private static var end: Float { start + Float(bays) * bay }

    private var plan = SetPlan()
    private let stone: Int
    private let floor: Int
    private let wood: Int
    private let carpet: Int
    private let sunny: Int
    private let shady: Int
    private let rose: Int
    private let wax: Int
    private let flame: Int
    private let gold: Int
    private let shaft: Int

    init() {
        let pale = light(0.56, 0.50, 0.41)
        stone = plan.material(
            "stone",
            Pattern.courses(
                pale, mortar: light(0.30, 0.27, 0.23), across: 3, down: 6, seed: 3, vary: 0.16))
        floor = plan.material(
            "floor",
            Pattern.tiles(light(0.42, 0.38, 0.32), light(0.13, 0.11, 0.10), count: 4, seed: 5))
        wood = plan.material(
            "wood",
            Pattern.planks(light(0.05, 0.026, 0.014), light(0.16, 0.085, 0.045), count: 5, seed: 8))
        carpet = plan.material(
            "carpet",
            Pattern.mottled(
                light(0.19, 0.012, 0.012), light(0.34, 0.03, 0.025), scale: SIMD2(40, 40), seed: 2))
        let bright = Pattern.lancet(seed: 21, warm: 0.45)
        let cool = Pattern.lancet(seed: 22, warm: 0.05)
        sunny = plan.material(
            "window in the sun", bright.shape, emission: light(12, 10.4, 8.4), glow: bright.light,
            alpha: .mask(cutoff: 0.5), wrap: .clamp)
        shady = plan.material(
            "window in the shade", cool.shape, emission: light(3.6, 4, 4.8), glow: cool.light,
            alpha: .mask(cutoff: 0.5), wrap: .clamp)
        let round = Pattern.rose()
        rose = plan.material(
            "rose", round.shape, emission: light(10, 9.2, 9.2), glow: round.light,
            alpha: .mask(cutoff: 0.5), wrap: .clamp)
        wax = plan.material(
            "wax", base: SIMD4(light(0.7, 0.6, 0.42), 1), emission: light(0.5, 0.3, 0.1))
        flame = plan.material(
            "flame", base: SIMD4(0, 0, 0, 1), emission: light(38, 19, 6))
        gold = plan.material("gold", base: SIMD4(light(0.75, 0.50, 0.16), 1))
        shaft = plan.material(
            "shaft", Pattern.shaft(), base: SIMD4(light(1.5, 1.15, 0.72), 0.16), alpha: .blend,
            wrap: .clamp)
    }

    static func mesh(rays: Int) -> Mesh {
        var set = Cathedral()
        set.build()
        let dark = SetSun(
            direction: SIMD3(0, 0, 1), light: .zero, softness: 0,
            sky: { _ in light(0.02, 0.02, 0.025) })
        return set.plan.mesh("cathedral", dark, rays: rays)
    }

    private mutating func build() {
        ground()
        for index in 0...Cathedral.bays { piers(Cathedral.start + Float(index) * Cathedral.bay) }
        for index in 0..<Cathedral.bays {
            let y = Cathedral.start + Float(index) * Cathedral.bay
            walls(y, index)
            vaulting(y, index)
        }
        ends()
        pews()
        for y in [4, 9, 14, 19, 24, 29] as [Float] { candles(y) }
        for y in [10, 20, 30] as [Float] { chandelier(y) }
    }

    private mutating func ground() {
        let (from, to) = (Cathedral.start - 2, Cathedral.end + 3)
        plan.add("floor", floor) {
            $0.patch(
                SIMD3(-10, from, 0), SIMD3(20, 0, 0), SIMD3(0, to - from, 0), cell: 0.45,
                uvMeters: 2.4)
        }
        plan.add("carpet", carpet) {
            $0.patch(
                SIMD3(-0.9, from, 0.012), SIMD3(1.8, 0, 0), SIMD3(0, to - from, 0), cell: 0.45,
                uvMeters: 1.2)
        }
        plan.add("steps", stone) { shape in
            for step in 0..<4 {
                let high = 0.16 * Float(step + 1)
                shape.box(
                    SIMD3(0, 41 + 0.45 * Float(step) + 2.5, high / 2), SIMD3(9.4, 5, high),
                    cell: 0.6, uvMeters: 2)
            }
        }
    }

    /// A pier on either side: a core with eight shafts, base and capital.
    private mutating func piers(_ y: Float) {
        for side in [-1, 1] as [Float] {
            let foot = SIMD3(side * Cathedral.half, y, 0)
            plan.add("pier", stone) { shape in
                shape.tube(
                    Cathedral.pillar(foot, radius: 0.46, to: Cathedral.spring), sides: 14,
                    uvMeters: 2)
                for index in 0..<8 {
                    let angle = Float(index) * .pi / 4
                    let out = SIMD3(cosf(angle), sinf(angle), 0) * 0.52
                    // The shaft that faces the nave goes up to the vault.
                    let faces = out.x * side < -0.4
                    shape.tube(
                        Cathedral.pillar(
                            foot + out, radius: index % 2 == 0 ? 0.15 : 0.10,
                            to: faces ? Cathedral.vault : Cathedral.spring), sides: 8, uvMeters: 2)
                }
                shape.box(foot + SIMD3(0, 0, 0.2), SIMD3(1.7, 1.7, 0.4), cell: 0.5, uvMeters: 2)
                shape.box(
                    foot + SIMD3(0, 0, Cathedral.spring), SIMD3(1.6, 1.6, 0.35), cell: 0.5,
                    uvMeters: 2)
            }
        }
    }

    private static func pillar(
        _ foot: SIMD3<Float>, radius: Float, to high: Float
    ) -> [(point: SIMD3<Float>, radius: Float)] {
        let steps = Int(high / 0.7)
        return (0...steps).map { step in
            let z = Float(step) / Float(steps) * high
            let swell: Float = z < 0.8 ? 1.4 : z > high - 0.5 ? 1.35 : 1
            return (foot + SIMD3(0, 0, z), radius * swell)
        }
    }

    /// Height of a pointed arch at −1 … 1 of its half width, for a rise of 1.
    private static func pointed(_ t: Float) -> Float {
        let x = min(1, abs(t))
        // Arcs of radius 1.5 half widths about points beyond the middle.
        return (1.5 * 1.5 - (x + 0.5) * (x + 0.5)).squareRoot() / (1.5 * 1.5 - 0.25).squareRoot()
    }

    /// Both walls of a bay: arch, wall over it, window above, aisle with its own window.
    private mutating func walls(_ y: Float, _ index: Int) {
        let (bay, half) = (Cathedral.bay, Cathedral.half)
        let middle = y + bay / 2
        for side in [-1, 1] as [Float] {
            let x = side * half
            plan.add("arcade", stone) { shape in
                shape.surface(
                    across: 20, up: 14,
                    uv: { SIMD2($0 * 2.5, -$1 * 3) }
                ) { s, t in
                    let opening = Cathedral.spring + 3.2 * Cathedral.pointed((s * 2 - 1) * 1.18)
                    return SIMD3(x, y + s * bay, mix(opening, 19.6, t))
                }
                // The thickness of the arch.
                shape.surface(across: 20, up: 2, uv: { SIMD2($0 * 3, $1 * 0.5) }) { s, t in
                    let opening = Cathedral.spring + 3.2 * Cathedral.pointed((s * 2 - 1) * 1.18)
                    return SIMD3(x + side * 0.7 * t, y + s * bay, opening)
                }
                shape.tube(
                    (0...16).map { knot in
                        let s = Float(knot) / 16
                        return (
                            SIMD3(
                                x - side * 0.06, y + s * bay,
                                Cathedral.spring + 3.2 * Cathedral.pointed((s * 2 - 1) * 1.18)),
                            0.13
                        )
                    }, sides: 7, uvMeters: 1)
                shape.box(
                    SIMD3(x - side * 0.08, middle, 12.6), SIMD3(0.3, bay, 0.22), cell: 0.6,
                    uvMeters: 2)
                // The aisle's wall and ceiling.
                shape.patch(
                    SIMD3(side * 10, side > 0 ? y + bay : y, 0), SIMD3(0, side > 0 ? -bay : bay, 0),
                    SIMD3(0, 0, 9.5), cell: 0.7, uvMeters: 3)
                shape.surface(across: 6, up: 8, uv: { SIMD2($0 * 2, $1 * 2) }) { s, t in
                    let across = mix(half, 10, t)
                    let round = sinf(t * .pi)
                    return SIMD3(side * across, y + s * bay, 9.2 + 1.3 * round)
                }
            }
            window(
                side > 0 ? sunny : shady, SIMD3(side * (half - 0.05), middle, 13.1), wide: 2.3,
                tall: 4.9, side)
            window(
                side > 0 ? sunny : shady, SIMD3(side * 9.95, middle, 2.4), wide: 2.2, tall: 6,
                side)
            if side > 0, index % 2 == 1 { beam(middle) }
        }
    }

    private mutating func window(
        _ material: Int, _ foot: SIMD3<Float>, wide: Float, tall: Float, _ side: Float
    ) {
        plan.add("window", material) { shape in
            let right = SIMD3<Float>(0, side > 0 ? -wide : wide, 0)
            shape.patch(
                foot - right / 2 + SIMD3(-side * 0.04, 0, 0), right, SIMD3(0, 0, tall), cell: 10,
                uvMeters: 1)
        }
        fitLast(wide, tall)
    }

    /// The last patch shows its picture once.
    private mutating func fitLast(_ wide: Float, _ tall: Float) {
        plan.fitLast(SIMD2(1 / wide, 1 / tall))
    }

    /// A shaft of sun from a window high up on the right.
    private mutating func beam(_ y: Float) {
        plan.add("shaft", shaft) { shape in
            for offset in [-0.5, 0, 0.5] as [Float] {
                let top = SIMD3(Cathedral.half - 0.2, y - 1.1 + offset, 17.4)
                let way = SIMD3<Float>(-9.5, -1.5, -15.5)
                shape.surface(
                    across: 1, up: 1, uv: { SIMD2($0, $1) }
                ) { s, t in top + SIMD3(0, 2.2 * s, 0) + way * t }
            }
        }
    }

    /// Groins between four piers, with ribs.
    private mutating func vaulting(_ y: Float, _ index: Int) {
        let (bay, half, high) = (Cathedral.bay, Cathedral.half, Cathedral.vault)
        func height(_ s: Float, _ t: Float) -> Float {
            let across = Cathedral.pointed(s * 2 - 1)
            let along = Cathedral.pointed(t * 2 - 1)
            return high + 5.2 * max(across, along)
        }
        plan.add("vault", stone) { shape in
            shape.surface(across: 24, up: 12, uv: { SIMD2($0 * 5, $1 * 2.5) }) { s, t in
                SIMD3((s * 2 - 1) * half, y + t * bay, height(s, t))
            }
            shape.turnOver()
            for turn in 0..<3 {
                shape.tube(
                    (0...22).map { knot in
                        let s = Float(knot) / 22
                        let t = turn == 0 ? s : turn == 1 ? 1 - s : 0
                        let z =
                            turn == 2
                            ? high + 5.2 * Cathedral.pointed(s * 2 - 1) - 0.05 : height(s, t) - 0.05
                        return (SIMD3((s * 2 - 1) * half, y + t * bay, z), turn == 2 ? 0.2 : 0.13)
                    }, sides: 7, uvMeters: 1)
            }
            shape.ball(SIMD3(0, y + bay / 2, height(0.5, 0.5) - 0.1), radius: 0.32, sides: 10)
        }
    }

    private mutating func ends() {
        let end = Cathedral.end
        plan.add("end", stone) { shape in
            shape.patch(
                SIMD3(-10, end, 0), SIMD3(20, 0, 0), SIMD3(0, 0, 21), cell: 0.7, uvMeters: 3)
            shape.patch(
                SIMD3(10, Cathedral.start, 0), SIMD3(-20, 0, 0), SIMD3(0, 0, 21), cell: 1.2,
                uvMeters: 3)
            shape.tube(
                (0...40).map { knot in
                    let a = Float(knot) / 40 * 2 * .pi
                    return (SIMD3(3.75 * cosf(a), end - 0.1, 13.4 + 3.75 * sinf(a)), 0.22)
                }, sides: 8, uvMeters: 1)
        }
        plan.add("rose", rose) {
            $0.patch(
                SIMD3(-3.7, end - 0.06, 9.7), SIMD3(7.4, 0, 0), SIMD3(0, 0, 7.4), cell: 10,
                uvMeters: 1)
        }
        fitLast(7.4, 7.4)
        for x in [-3, 0, 3] as [Float] {
            plan.add("window", x == 0 ? sunny : shady) {
                $0.patch(
                    SIMD3(x - 0.9, end - 0.06, 2.6), SIMD3(1.8, 0, 0), SIMD3(0, 0, 5.6), cell: 10,
                    uvMeters: 1)
            }
            fitLast(1.8, 5.6)
        }
        plan.add("altar", gold) { shape in
            shape.box(SIMD3(0, end - 3, 1.2), SIMD3(3, 0.9, 1.1), cell: 0.3)
            shape.box(SIMD3(0, end - 1.2, 3.4), SIMD3(0.16, 0.16, 2.6), cell: 0.4)
            shape.box(SIMD3(0, end - 1.2, 4), SIMD3(1.3, 0.16, 0.16), cell: 0.4)
        }
    }

    private mutating func pews() {
        for row in 0..<20 {
            let y = 5.5 + Float(row) * 1.5
            for side in [-1, 1] as [Float] {
                plan.add("pew", wood) { shape in
                    let x = side * 2.7
                    shape.box(SIMD3(x, y, 0.44), SIMD3(2.9, 0.42, 0.06), cell: 0.5, uvMeters: 0.8)
                    shape.box(
                        SIMD3(x, y + 0.24, 0.62), SIMD3(2.9, 0.05, 0.75), cell: 0.5, uvMeters: 0.8)
                    for end in [-1.45, 1.45] as [Float] {
                        shape.box(
                            SIMD3(x + end, y + 0.05, 0.52), SIMD3(0.07, 0.6, 1.04), cell: 0.4,
                            uvMeters: 0.8)
                    }
                }
            }
        }
    }

    /// A stand of candles beside the aisle, left and right.
    private mutating func candles(_ y: Float) {
        for side in [-1, 1] as [Float] {
            let foot = SIMD3(side * 1.15, y - 0.4, 0)
            plan.add("stand", gold) { shape in
                shape.tube(
                    [
                        (foot, 0.16), (foot + SIMD3(0, 0, 0.06), 0.15),
                        (foot + SIMD3(0, 0, 0.08), 0.03), (foot + SIMD3(0, 0, 0.7), 0.04),
                        (foot + SIMD3(0, 0, 1.25), 0.025), (foot + SIMD3(0, 0, 1.28), 0.1),
                    ], sides: 12)
            }
            plan.add("wax", wax) {
                $0.tube(
                    [
                        (foot + SIMD3(0, 0, 1.28), 0.045), (foot + SIMD3(0, 0, 1.62), 0.04),
                        (foot + SIMD3(0, 0, 1.621), 0.002),
                    ], sides: 10)
            }
            plan.add("flame", flame) { Cathedral.flame(&$0, foot + SIMD3(0, 0, 1.64)) }
        }
    }

    private static func flame(_ shape: inout SetShape, _ foot: SIMD3<Float>) {
        shape.tube(
            [0, 0.3, 0.6, 1].map { t in
                (
                    foot + SIMD3(0, 0, 0.11 * t),
                    0.004 + 0.026 * sinf(.pi * powf(t, 0.6)) * (1 - t * 0.6)
                )
            }, sides: 8)
    }

    private mutating func chandelier(_ y: Float) {
        let middle = SIMD3<Float>(0, y, 6.6)
        plan.add("chandelier", gold) { shape in
            shape.tube(
                (0...32).map { knot in
                    let a = Float(knot) / 32 * 2 * .pi
                    return (middle + SIMD3(cosf(a), sinf(a), 0) * 1.3, 0.05)
                }, sides: 6)
            shape.tube(
                [(middle + SIMD3(0, 0, 1.6), 0.02), (middle + SIMD3(0, 0, 13), 0.02)], sides: 5)
            for arm in 0..<4 {
                let a = Float(arm) * .pi / 2
                shape.tube(
                    [
                        (middle + SIMD3(cosf(a), sinf(a), 0) * 1.3, 0.018),
                        (middle + SIMD3(0, 0, 1.6), 0.018),
                    ], sides: 4)
            }
        }
        for index in 0..<12 {
            let a = Float(index) / 12 * 2 * .pi
            let foot = middle + SIMD3(cosf(a), sinf(a), 0) * 1.3
            plan.add("wax", wax) {
                $0.tube([(foot, 0.035), (foot + SIMD3(0, 0, 0.26), 0.03)], sides: 8)
            }
            plan.add("flame", flame) { Cathedral.flame(&$0, foot + SIMD3(0, 0, 0.27)) }
        }
    }
}
