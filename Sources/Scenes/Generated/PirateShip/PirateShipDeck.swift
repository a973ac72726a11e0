import FrameModel
import Glibc

/// The hull as one sees it from the deck.
extension PirateShip {
    static let gunPlaces: [Float] = [0.6, 5.4, 9.6]
    private static let rail: Float = 1.05
    private static let portHalf: Float = 0.45

    mutating func planking() {
        plan.add("deck", deck) { shape in
            func place(_ s: Float, _ t: Float) -> SIMD3<Float> {
                let y = mix(PirateShip.stern - 4, PirateShip.stem - 0.02, t)
                let x = (s * 2 - 1) * PirateShip.half(y)
                return SIMD3(x, y, PirateShip.floor(x, y))
            }
            shape.surface(
                across: 44, up: 150,
                uv: { s, t in
                    let point = place(s, t)
                    return SIMD2(point.x / 1.9, point.y / 5.2)
                }, place)
        }
    }

    /// A strip of the side between two heights, its front towards the deck.
    private static func strip(
        _ shape: inout SetShape, _ side: Float, _ from: Float, _ to: Float, _ low: Float,
        _ high: Float, out: Float = 0, widthTo: Float? = nil
    ) {
        let pieces = max(2, Int((to - from) * 150))
        shape.surface(
            across: pieces, up: 3,
            uv: { s, t in
                let w = side > 0 ? mix(to, from, s) : mix(from, to, s)
                return SIMD2((mix(low, high, t) + out * t) / 1.1, w * 9)
            }
        ) { s, t in
            let w = side > 0 ? mix(to, from, s) : mix(from, to, s)
            let reach = widthTo.map { mix(out, $0, t) } ?? out
            return PirateShip.edge(w, side, up: mix(low, high, t), out: reach)
        }
    }

    mutating func bulwarks() {
        for side in [-1, 1] as [Float] {
            plan.add("bulwark", red) { shape in
                var from: Float = 0
                for y in PirateShip.gunPlaces {
                    let (a, b) = (
                        PirateShip.along(y - PirateShip.portHalf),
                        PirateShip.along(y + PirateShip.portHalf)
                    )
                    PirateShip.strip(&shape, side, from, a, -0.02, PirateShip.rail)
                    PirateShip.strip(&shape, side, a, b, -0.02, 0.26)
                    PirateShip.strip(&shape, side, a, b, 0.88, PirateShip.rail)
                    from = b
                }
                PirateShip.strip(&shape, side, from, 1, -0.02, PirateShip.rail)
            }
            plan.add("rail and waterway", oak) { shape in
                let rail = PirateShip.rail
                PirateShip.strip(&shape, side, 0, 1, rail - 0.02, rail + 0.08, out: -0.1)
                PirateShip.strip(
                    &shape, side, 0, 1, rail + 0.08, rail + 0.085, out: -0.1, widthTo: 0.26)
                PirateShip.strip(
                    &shape, side, 0, 1, rail - 0.025, rail - 0.02, out: 0, widthTo: -0.1)
                PirateShip.strip(&shape, side, 0, 1, 0, 0.14, out: -0.22, widthTo: -0.16)
                PirateShip.strip(&shape, side, 0, 1, 0.14, 0.16, out: -0.16, widthTo: 0.02)
                PirateShip.ports(&shape, side)
                PirateShip.timbers(&shape, side)
            }
            plan.add("outside", night) { shape in
                PirateShip.strip(&shape, side, 0, 1, PirateShip.sea - 1.2, 0.2, out: 0.2)
                PirateShip.strip(&shape, side, 0, 1, 0.9, PirateShip.rail, out: 0.2)
            }
            pins(side, from: 11.2, to: 15.2)
            pins(side, from: -4.6, to: -0.8)
        }
    }

    /// Frames of the gun ports, through the thickness of the side.
    private static func ports(_ shape: inout SetShape, _ side: Float) {
        for y in PirateShip.gunPlaces {
            for end in [-PirateShip.portHalf, PirateShip.portHalf] {
                let edge = PirateShip.edge(PirateShip.along(y + end), side, up: 0.57)
                shape.box(
                    edge + SIMD3(side * 0.06, 0, 0), SIMD3(0.34, 0.1, 0.68), cell: 0.4,
                    uvMeters: 0.8)
            }
            for high in [0.24, 0.9] as [Float] {
                let edge = PirateShip.edge(PirateShip.along(y), side, up: high)
                shape.box(
                    edge + SIMD3(side * 0.06, 0, 0), SIMD3(0.34, PirateShip.portHalf * 2, 0.08),
                    cell: 0.4, uvMeters: 0.8)
            }
        }
    }

    /// Top timbers inside the bulwark.
    private static func timbers(_ shape: inout SetShape, _ side: Float) {
        var w: Float = 0.02
        while w < 0.97 {
            let here = PirateShip.edge(w, side, up: 0.52, out: -0.06)
            let ahead = PirateShip.edge(w + 0.01, side, up: 0.52, out: -0.06)
            let isFree = PirateShip.gunPlaces.allSatisfy { abs($0 - here.y) > 0.62 }
            if isFree {
                let turn = atan2f(ahead.y - here.y, ahead.x - here.x)
                shape.box(here, SIMD3(0.2, 0.16, 1.04), turn: turn, cell: 0.35, uvMeters: 0.7)
            }
            w += 0.034
        }
    }

    /// A pin rail: pins with coils of rope at them.
    private mutating func pins(_ side: Float, from: Float, to: Float) {
        let count = Int((to - from) / 0.42)
        plan.add("pin rail", oak) {
            PirateShip.strip(
                &$0, side, PirateShip.along(from - 0.3), PirateShip.along(to + 0.3), 0.78, 0.785,
                out: -0.32, widthTo: 0)
            PirateShip.strip(
                &$0, side, PirateShip.along(from - 0.3), PirateShip.along(to + 0.3), 0.71, 0.785,
                out: -0.32)
        }
        var (wood, coils) = (SetShape(material: spar), SetShape(material: hemp))
        for index in 0...count {
            let y = from + 0.42 * Float(index)
            let foot = PirateShip.edge(PirateShip.along(y), side, up: 0.6, out: -0.24)
            wood.tube(
                PirateShip.turned(
                    foot, [(0, 0.012), (0.19, 0.02), (0.2, 0.028), (0.3, 0.026), (0.34, 0.006)]),
                sides: 7)
            let hang = 0.2 + 0.05 * PirateShip.noise.value(y * 3, side)
            let middle = foot + SIMD3(-side * 0.05, 0, 0.14 - hang)
            for turn in 0..<3 {
                let off = Float(turn) - 1
                coils.tube(
                    PirateShip.ring(
                        middle + SIMD3(-side * 0.022 * off, 0.012 * off, 0),
                        SIMD3(0, 0.085 + 0.012 * off, 0), SIMD3(0, 0, hang), thick: 0.015,
                        knots: 14), sides: 5, uvMeters: 0.1)
            }
        }
        plan.add("belaying pins", wood)
        plan.add("coils", coils)
    }

    /// The break of the quarterdeck behind: a wall with lit windows and a door, and the wheel.
    mutating func quarterdeck() {
        let y = PirateShip.stern + 1.5
        plan.add("break", oak) { shape in
            shape.patch(
                SIMD3(4.2, y, -0.15), SIMD3(-8.4, 0, 0), SIMD3(0, 0, 2.5), cell: 0.4, uvMeters: 1.6)
            shape.box(SIMD3(0, y, 2.38), SIMD3(8.6, 0.4, 0.14), cell: 0.5)
            shape.box(SIMD3(0, y - 0.1, 3.3), SIMD3(8.6, 0.2, 0.1), cell: 0.5)
            for index in 0...28 {
                let x = -4.2 + 0.3 * Float(index)
                shape.tube(
                    PirateShip.turned(
                        SIMD3(x, y - 0.1, 2.45),
                        [(0, 0.05), (0.1, 0.03), (0.35, 0.06), (0.7, 0.025), (0.82, 0.05)]),
                    sides: 7)
            }
        }
        plan.add("door", red) {
            $0.box(SIMD3(0, y + 0.03, 0.98), SIMD3(1.0, 0.08, 1.96), cell: 0.4, uvMeters: 1)
        }
        plan.add("cabin windows", pane) { shape in
            for x in [-3, -1.8, 1.8, 3] as [Float] {
                shape.patch(
                    SIMD3(x + 0.35, y + 0.02, 0.8), SIMD3(-0.7, 0, 0), SIMD3(0, 0, 0.9), cell: 2,
                    uvMeters: 0.9)
            }
        }
        wheel(SIMD3(0, y + 1.6, 1.05))
    }

    private mutating func wheel(_ hub: SIMD3<Float>) {
        plan.add("wheel", spar) { shape in
            let (x, z) = (SIMD3<Float>(1, 0, 0), SIMD3<Float>(0, 0, 1))
            for radius in [0.44, 0.55] as [Float] {
                shape.tube(
                    PirateShip.ring(hub, x * radius, z * radius, thick: 0.045, knots: 32), sides: 7)
            }
            for spoke in 0..<10 {
                let a = Float(spoke) / 10 * 2 * .pi
                let way = x * cosf(a) + z * sinf(a)
                let knots: [(Float, Float)] = [
                    (0.08, 0.03), (0.3, 0.022), (0.5, 0.028), (0.6, 0.018), (0.7, 0.028),
                    (0.78, 0.02), (0.8, 0.004),
                ]
                shape.tube(knots.map { (hub + way * $0.0, $0.1) }, sides: 7)
            }
            for end in [0.22, 0.75] as [Float] {
                shape.box(hub + SIMD3(0, -end, -0.5), SIMD3(0.3, 0.14, 1.1), cell: 0.3)
            }
        }
        plan.add("hub", brass) {
            $0.tube(
                [
                    (hub + SIMD3(0, 0.07, 0), 0.004), (hub + SIMD3(0, 0.06, 0), 0.1),
                    (hub + SIMD3(0, -0.8, 0), 0.1),
                ], sides: 14)
        }
    }

    /// A hatch with coamings and a grating over the dark below, and the capstan ahead of it.
    mutating func hatchway() {
        let (middle, wide, long): (SIMD2<Float>, Float, Float) = (SIMD2(0, 7.3), 2.3, 2.1)
        let z = PirateShip.floor(0, middle.y)
        plan.add("below", hatch) {
            $0.patch(
                SIMD3(-wide / 2, middle.y - long / 2, z + 0.06), SIMD3(wide, 0, 0),
                SIMD3(0, long, 0), cell: 0.5, uvMeters: 1)
        }
        plan.add("coamings", oak) { shape in
            for side in [-1, 1] as [Float] {
                shape.box(
                    SIMD3(side * wide / 2, middle.y, z + 0.12), SIMD3(0.14, long + 0.14, 0.3),
                    cell: 0.2, uvMeters: 0.6)
                shape.box(
                    SIMD3(0, middle.y + side * long / 2, z + 0.12), SIMD3(wide, 0.14, 0.3),
                    cell: 0.2, uvMeters: 0.6)
            }
        }
        plan.add("grating", deck) { shape in
            for index in 1..<16 {
                let x = -wide / 2 + wide * Float(index) / 16
                shape.box(
                    SIMD3(x, middle.y, z + 0.22), SIMD3(0.055, long, 0.05), cell: 0.35, uvMeters: 2)
            }
            for index in 1..<15 {
                let y = middle.y - long / 2 + long * Float(index) / 15
                shape.box(
                    SIMD3(0, y, z + 0.225), SIMD3(wide, 0.055, 0.05), cell: 0.35, uvMeters: 2)
            }
        }
        capstan(SIMD3(0, 10.4, PirateShip.floor(0, 10.4)))
    }

    private mutating func capstan(_ foot: SIMD3<Float>) {
        plan.add("capstan", oak) { shape in
            shape.tube(
                PirateShip.turned(
                    foot,
                    [
                        (0, 0.55), (0.1, 0.55), (0.12, 0.34), (0.3, 0.3), (0.62, 0.27),
                        (0.66, 0.42), (0.92, 0.44), (0.98, 0.4), (1.0, 0.01),
                    ]), sides: 20)
            for rib in 0..<6 {
                let a = Float(rib) / 6 * 2 * .pi
                shape.box(
                    foot + SIMD3(cosf(a) * 0.33, sinf(a) * 0.33, 0.38), SIMD3(0.14, 0.08, 0.54),
                    turn: a, cell: 0.2)
            }
        }
        plan.add("bars", spar) { shape in
            for bar in 0..<4 {
                let a = Float(bar) / 4 * 2 * .pi + 0.5
                let out = SIMD3(cosf(a), sinf(a), 0)
                shape.tube(
                    [
                        (foot + out * 0.3 + SIMD3(0, 0, 0.8), 0.045),
                        (foot + out * 1.5 + SIMD3(0, 0, 0.8), 0.035),
                        (foot + out * 1.51 + SIMD3(0, 0, 0.8), 0.004),
                    ], sides: 8)
            }
        }
        plan.add("cable", hemp) { shape in
            for turn in 0..<3 {
                let z = foot.z + 0.2 + 0.085 * Float(turn)
                shape.tube(
                    PirateShip.ring(
                        SIMD3(foot.x, foot.y, z), SIMD3(0.36, 0, 0), SIMD3(0, 0.36, 0), thick: 0.042
                    ), sides: 7, uvMeters: 0.15)
            }
        }
    }
}
