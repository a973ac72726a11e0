import FrameModel
import Glibc

/// What stands on the deck.
extension PirateShip {
    mutating func guns() {
        for side in [-1, 1] as [Float] {
            for y in PirateShip.gunPlaces { gun(y, side) }
        }
        for y in [3.3, 8.0] as [Float] {
            let edge = PirateShip.edge(PirateShip.along(y), 1, up: 0.02, out: -0.62)
            shot(edge)
            shot(SIMD3(-edge.x, edge.y, edge.z))
        }
    }

    /// A gun run out at its port, on a carriage with trucks.
    private mutating func gun(_ y: Float, _ side: Float) {
        let edge = PirateShip.edge(PirateShip.along(y), side, up: 0)
        let breech = SIMD3(edge.x - side * 1.75, y, edge.z + 0.62)
        let way = unit(SIMD3(side, 0, 0.02))
        plan.add("gun", iron) { shape in
            let profile: [(Float, Float)] = [
                (-0.22, 0.005), (-0.2, 0.055), (-0.14, 0.07), (-0.08, 0.04), (-0.04, 0.1),
                (0, 0.19), (0.05, 0.205), (0.08, 0.19), (0.5, 0.18), (0.52, 0.195), (0.57, 0.195),
                (0.59, 0.165), (1.05, 0.15), (1.07, 0.162), (1.11, 0.162), (1.13, 0.14),
                (1.85, 0.112), (1.9, 0.13), (2.0, 0.155), (2.06, 0.15), (2.08, 0.08), (2.02, 0.07),
                (1.8, 0.065),
            ]
            shape.tube(profile.map { (breech + way * $0.0, $0.1) }, sides: 20)
            shape.tube(
                [
                    (breech + way * 0.95 - SIMD3(0, 0.3, 0), 0.06),
                    (breech + way * 0.95 + SIMD3(0, 0.3, 0), 0.06),
                ], sides: 10)
        }
        plan.add("carriage", oak) { shape in
            for cheek in [-0.22, 0.22] as [Float] {
                for step in 0..<4 {
                    let x = side * (0.18 + 0.33 * Float(step))
                    let tall = 0.20 + 0.085 * Float(step)
                    shape.box(
                        breech + SIMD3(x, cheek, -0.42 + tall / 2), SIMD3(0.34, 0.1, tall),
                        cell: 0.3, uvMeters: 0.6)
                }
            }
            shape.box(
                breech + SIMD3(side * 0.65, 0, -0.36), SIMD3(1.3, 0.36, 0.08), cell: 0.3)
            shape.box(breech + SIMD3(side * 0.1, 0, -0.22), SIMD3(0.3, 0.2, 0.14), cell: 0.3)
        }
        plan.add("trucks", spar) { shape in
            for end in [0.2, 1.1] as [Float] {
                for cheek in [-0.3, 0.3] as [Float] {
                    let middle = breech + SIMD3(side * end, cheek, -0.47)
                    let out = SIMD3<Float>(0, cheek > 0 ? 0.05 : -0.05, 0)
                    shape.tube(
                        [
                            (middle - out, 0.004), (middle - out, 0.14), (middle + out, 0.14),
                            (middle + out, 0.045), (middle + out * 1.8, 0.04),
                            (middle + out * 1.9, 0.003),
                        ], sides: 16)
                }
            }
        }
        plan.add("breeching", hemp) { shape in
            for end in [-1, 1] as [Float] {
                let wall = SIMD3(edge.x - side * 0.04, y + end * 0.72, edge.z + 0.5)
                shape.tube(
                    PirateShip.rope(
                        breech + SIMD3(-side * 0.11, end * 0.03, 0), wall, sag: 0.3, thick: 0.028,
                        knots: 14),
                    sides: 6, uvMeters: 0.12)
                shape.tube(
                    PirateShip.rope(
                        breech + SIMD3(side * 0.2, end * 0.3, -0.25),
                        wall - SIMD3(0, end * 0.1, 0.12), sag: 0.04, thick: 0.014), sides: 5,
                    uvMeters: 0.08)
            }
        }
    }

    /// Shot in a rack along the side.
    private mutating func shot(_ foot: SIMD3<Float>) {
        plan.add("shot rack", oak) {
            $0.box(foot + SIMD3(0, 0, 0.04), SIMD3(0.36, 1.1, 0.1), cell: 0.3, uvMeters: 0.6)
        }
        plan.add("shot", iron) { shape in
            for row in 0..<2 {
                for index in 0..<(6 - row) {
                    for column in 0..<(2 - row) {
                        let x = (Float(column) - 0.5 * Float(1 - row)) * 0.16
                        let y = (Float(index) - 2.5 + 0.5 * Float(row)) * 0.165
                        shape.ball(
                            foot + SIMD3(x, y, 0.16 + 0.12 * Float(row)), radius: 0.078, sides: 14)
                    }
                }
            }
        }
    }

    mutating func cargo() {
        let standing: [(Float, Float, Float)] = [
            (2.35, 4.1, 1), (3.0, 4.5, 1.04), (2.75, 3.55, 0.85), (-2.9, 7.3, 0.95),
            (-2.3, 12.6, 1), (2.0, 15.2, 0.95), (2.5, 14.6, 1), (-3.1, -2.2, 1), (-2.6, -1.6, 0.9),
        ]
        for (x, y, size) in standing {
            barrel(SIMD3(x, y, PirateShip.floor(x, y)), SIMD3(0, 0, 1), size)
        }
        barrel(
            SIMD3(-2.75, 3.95, PirateShip.floor(2.7, 4) + 0.31), unit(SIMD3(0.55, 0.83, 0)), 0.95)
        plan.add("chests", oak) { shape in
            for (x, y, size, turn) in [
                (2.4, 7.0, 0.7, 0.25), (2.4, 7.0, 0.48, 0.7), (-2.2, 8.3, 0.6, -0.2),
                (1.7, 11.6, 0.65, 0.1),
            ] as [(Float, Float, Float, Float)] {
                let rise: Float = size == 0.48 ? 0.7 : 0
                shape.box(
                    SIMD3(x, y, PirateShip.floor(x, y) + rise + size / 2), SIMD3(size, size, size),
                    turn: turn, cell: 0.3, uvMeters: 0.9)
                for edge in [-1, 1] as [Float] {
                    shape.box(
                        SIMD3(x, y, PirateShip.floor(x, y) + rise + size / 2 + edge * size * 0.44),
                        SIMD3(size + 0.05, size + 0.05, 0.08), turn: turn, cell: 0.3, uvMeters: 0.4)
                }
            }
        }
        for place in [SIMD2<Float>(-1.55, 4.7), SIMD2(1.7, 8.9), SIMD2(-1.3, 11.9)] { coil(place) }
        plan.add("bell", brass) { shape in
            let crown = SIMD3<Float>(0, 12.42, 2.75)
            shape.tube(
                PirateShip.turned(
                    crown,
                    [
                        (0.02, 0.01), (0, 0.08), (-0.06, 0.11), (-0.2, 0.13), (-0.3, 0.18),
                        (-0.33, 0.22), (-0.34, 0.2), (-0.2, 0.1),
                    ]), sides: 20)
            shape.tube(
                [(crown + SIMD3(0, 0, 0.02), 0.03), (crown + SIMD3(0, 0.3, 0.12), 0.035)], sides: 8)
        }
    }

    private mutating func barrel(_ middle: SIMD3<Float>, _ axis: SIMD3<Float>, _ size: Float) {
        let knots = (0...10).map { Float($0) / 10 }
        func radius(_ t: Float) -> Float { size * (0.255 + 0.075 * sinf(t * .pi)) }
        let foot = axis.z > 0.5 ? middle : middle - axis * (0.46 * size)
        plan.add("barrel", oak) { shape in
            var spine = knots.map { (point: foot + axis * (0.92 * size * $0), radius: radius($0)) }
            spine.append((foot + axis * (0.92 * size), size * 0.225))
            spine.append((foot + axis * (0.885 * size), size * 0.22))
            spine.append((foot + axis * (0.885 * size), 0.004))
            spine.insert((foot + axis * 0.001, 0.004), at: 0)
            shape.tube(spine, sides: 22, uvMeters: 1.1)
        }
        plan.add("hoops", iron) { shape in
            for t in [0.03, 0.16, 0.34, 0.66, 0.84, 0.97] as [Float] {
                let (a, b) = (max(0, t - 0.025), min(1, t + 0.025))
                shape.tube(
                    [
                        (foot + axis * (0.92 * size * a), radius(a)),
                        (foot + axis * (0.92 * size * a), radius(a) + 0.007),
                        (foot + axis * (0.92 * size * b), radius(b) + 0.007),
                        (foot + axis * (0.92 * size * b), radius(b)),
                    ], sides: 22)
            }
        }
    }

    /// Rope coiled down flat.
    private mutating func coil(_ place: SIMD2<Float>) {
        let z = PirateShip.floor(place.x, place.y)
        plan.add("coil", hemp) { shape in
            for layer in 0..<3 {
                let from = layer * 3
                let spine: [(point: SIMD3<Float>, radius: Float)] = (0...84).map { knot in
                    let turns = Float(knot) / 20
                    let a = turns * 2 * .pi + Float(from)
                    let r = 0.20 + 0.058 * turns - 0.012 * Float(layer)
                    return (
                        SIMD3(
                            place.x + r * cosf(a), place.y + r * sinf(a),
                            z + 0.03 + 0.05 * Float(layer)), 0.029
                    )
                }
                shape.tube(spine, sides: 6, uvMeters: 0.12)
            }
        }
    }

    mutating func lanterns() {
        for side in [-1, 1] as [Float] {
            for y in [7.5, 17.5] as [Float] {
                let foot = PirateShip.edge(PirateShip.along(y), side, up: 1.13, out: 0.08)
                plan.add("lantern post", iron) {
                    $0.tube(
                        [(foot, 0.04), (foot + SIMD3(0, 0, 0.5), 0.025)], sides: 8)
                }
                lantern(foot + SIMD3(0, 0, 0.5), size: 1)
            }
            lantern(SIMD3(side * 2.3, PirateShip.stern + 1.9, 1.75), size: 1)
        }
        // One hangs at the mast.
        plan.add("lantern hook", iron) {
            $0.tube(
                PirateShip.rope(
                    SIMD3(0.3, 12.8, 2.95), SIMD3(0.85, 12.6, 2.8), sag: -0.1, thick: 0.018),
                sides: 6)
        }
        lantern(SIMD3(0.85, 12.6, 2.2), size: 1.05)
        lantern(SIMD3(-2.55, 6.15, PirateShip.floor(2.5, 6.15)), size: 0.95)
    }

    /// A ship's lantern of six panes, 0.55 m high.
    private mutating func lantern(_ foot: SIMD3<Float>, size: Float) {
        plan.add("lantern light", lamp) { shape in
            shape.tube(
                [(0.07, 0.085), (0.25, 0.12), (0.36, 0.115)].map { z, r in
                    (foot + SIMD3(0, 0, Float(z) * size), Float(r) * size)
                }, sides: 6)
        }
        plan.add("lantern frame", iron) { shape in
            shape.tube(
                PirateShip.turned(
                    foot,
                    [(0, 0.02), (0.005, 0.1), (0.06, 0.11), (0.075, 0.02)].map {
                        (z: $0.0 * size, radius: $0.1 * size)
                    }), sides: 12)
            shape.tube(
                PirateShip.turned(
                    foot,
                    [
                        (0.355, 0.02), (0.36, 0.155), (0.39, 0.15), (0.46, 0.06), (0.5, 0.05),
                        (0.52, 0.02), (0.55, 0.01),
                    ].map { (z: $0.0 * size, radius: $0.1 * size) }), sides: 12)
            for bar in 0..<6 {
                let a = Float(bar) / 6 * 2 * .pi
                let out = SIMD3(cosf(a), sinf(a), 0) * size
                shape.tube(
                    [
                        (foot + out * 0.092 + SIMD3(0, 0, 0.06 * size), 0.009),
                        (foot + out * 0.127 + SIMD3(0, 0, 0.25 * size), 0.009),
                        (foot + out * 0.122 + SIMD3(0, 0, 0.37 * size), 0.009),
                    ], sides: 4)
            }
        }
    }
}
