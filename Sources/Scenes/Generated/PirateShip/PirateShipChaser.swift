import FrameModel
import Glibc

/// The other ship, 130 m off on the right: three masts under full sail, lit stern windows.
extension PirateShip {
    /// Its frame: forward, to its right and up, from its middle at the water.
    private static let middle = SIMD3<Float>(38, 122, sea)
    private static let heading = unit(SIMD3<Float>(-0.62, 0.50, 0))

    private static func place(_ ahead: Float, _ right: Float, _ up: Float) -> SIMD3<Float> {
        middle + heading * ahead + SIMD3(heading.y, -heading.x, 0) * right + SIMD3(0, 0, up)
    }

    mutating func chaser() {
        hull()
        for (at, tall) in [(11, 0.92), (-1, 1), (-12, 0.78)] as [(Float, Float)] {
            rig(at, tall)
        }
        plan.add("far bowsprit", spar) { shape in
            shape.tube(
                [(PirateShip.place(16, 0, 5.4), 0.35), (PirateShip.place(29, 0, 10.5), 0.15)],
                sides: 8)
        }
        plan.add("far jib", cloth) { shape in
            for (foot, peak) in [(19, 17), (25, 22)] as [(Float, Float)] {
                let tack = PirateShip.place(foot + 2, 0, 5.4 + (foot - 14) * 0.38)
                let clew = PirateShip.place(foot - 8, 1.2, 7.5)
                let head = PirateShip.place(12, 0, peak)
                shape.surface(across: 8, up: 10, uv: { SIMD2($0, 0.9 - 0.8 * $1) }) { s, t in
                    let low = clew + (tack - clew) * s
                    return low + (head - low) * (t * 0.98)
                }
            }
        }
    }

    /// Half of the hull's width and its height at a place along it.
    private static func lines(_ ahead: Float) -> (wide: Float, high: Float) {
        let t = ahead / 17
        let wide = 4.4 * (1 - powf(max(0, t), 2.4)).squareRoot() * (1 - 0.22 * max(0, -t))
        let aft = step(-5, -7, ahead) * 1.8 + step(-11, -12.5, ahead) * 1.5
        return (max(0.05, wide), 4.3 + 1.7 * t * t + aft + step(9, 10.5, ahead) * 1.2)
    }

    private mutating func hull() {
        for side in [-1, 1] as [Float] {
            plan.add("far hull", oak) { shape in
                shape.surface(across: 70, up: 12, uv: { SIMD2($1 * 5, $0 * 6) }) { s, t in
                    let ahead = mix(-17, 17, side > 0 ? s : 1 - s)
                    let (wide, high) = PirateShip.lines(ahead)
                    let flare = 0.80 + 0.25 * sinf(t * 2.4)
                    let rake = 2.4 * t * step(0.55, 1, ahead / 17)
                    return PirateShip.place(
                        ahead + rake, side * wide * flare, -0.6 + (high + 0.6) * t)
                }
                shape.tint { place, _ in
                    let up = place.z - PirateShip.sea
                    let band = step(2.5, 2.6, up) * step(3.75, 3.65, up)
                    return mix(light(0.55, 0.5, 0.5), light(2.6, 1.7, 0.7), band)
                }
            }
            plan.add("far rails", spar) { shape in
                for fall in [0.05, 1.0] as [Float] {
                    shape.tube(
                        (0...60).map { knot in
                            let ahead = -17 + 34 * Float(knot) / 60
                            let (wide, high) = PirateShip.lines(ahead)
                            let rake = 2.4 * step(0.55, 1, ahead / 17)
                            return (
                                PirateShip.place(ahead + rake, side * wide * 0.98, high - fall),
                                0.11
                            )
                        }, sides: 5)
                }
            }
            plan.add("far gun ports", hatch) { shape in
                for index in 0..<9 {
                    let ahead = -11 + 2.6 * Float(index)
                    let (wide, _) = PirateShip.lines(ahead)
                    shape.box(
                        PirateShip.place(ahead, side * wide * 1.02, 3.1), SIMD3(0.9, 0.5, 0.75),
                        turn: atan2f(PirateShip.heading.y, PirateShip.heading.x), cell: 2)
                }
            }
        }
        stern()
    }

    private mutating func stern() {
        let (wide, high) = PirateShip.lines(-17)
        plan.add("far stern", oak) { shape in
            shape.surface(across: 10, up: 10, uv: { SIMD2($0 * 3, $1 * 3) }) { s, t in
                PirateShip.place(
                    -17 - 0.7 * t, (s * 2 - 1) * wide * (0.80 + 0.25 * sinf(t * 2.4)),
                    -0.6 + (high + 0.6) * t)
            }
            shape.tint { _, _ in light(0.9, 0.7, 0.5) }
        }
        plan.add("far windows", pane) { shape in
            for row in 0..<2 {
                for column in 0..<4 {
                    let across = (Float(column) - 1.5) * 1.35 * (row == 0 ? 1 : 0.9)
                    let up = 4.3 + 2.2 * Float(row)
                    let left = PirateShip.place(-17.75, across - 0.42, up)
                    let right = PirateShip.place(-17.75, across + 0.42, up)
                    shape.patch(
                        left, right - left, SIMD3(0, 0, 1.3), cell: 3, uvMeters: 1)
                }
            }
        }
        plan.add("far lanterns", lamp) { shape in
            for across in [-2.4, 0, 2.4] as [Float] {
                shape.ball(PirateShip.place(-18.2, across, high + 1.1), radius: 0.34, sides: 10)
            }
        }
    }

    private mutating func rig(_ at: Float, _ tall: Float) {
        let foot: Float = 4.5
        plan.add("far mast", spar) { shape in
            shape.tube(
                [
                    (PirateShip.place(at, 0, foot), 0.38),
                    (PirateShip.place(at, 0, 17 * tall), 0.3),
                    (PirateShip.place(at, 0, 31 * tall), 0.1),
                ], sides: 8)
            for (up, half) in [(13.5, 8.2), (21.5, 6.4), (27.5, 4.6)] as [(Float, Float)] {
                shape.tube(
                    [
                        (PirateShip.place(at + 0.5, -half * tall, up * tall), 0.1),
                        (PirateShip.place(at + 0.5, 0, up * tall), 0.2),
                        (PirateShip.place(at + 0.5, half * tall, up * tall), 0.1),
                    ], sides: 6)
            }
        }
        plan.add("far sails", cloth) { shape in
            for (low, high, wide, narrow) in [
                (7.4, 13.4, 7.8, 7.6), (14.2, 21.3, 7.4, 5.9), (22, 27.3, 5.7, 4.2),
            ] as [(Float, Float, Float, Float)] {
                PirateShip.sail(
                    &shape,
                    head: (
                        PirateShip.place(at + 0.6, -narrow * tall, high * tall),
                        PirateShip.place(at + 0.6, narrow * tall, high * tall)
                    ),
                    foot: (
                        PirateShip.place(at + 0.9, -wide * tall, low * tall),
                        PirateShip.place(at + 0.9, wide * tall, low * tall)
                    ), belly: PirateShip.heading * (1.9 * tall), arch: 0.5, cells: 12)
            }
        }
        plan.add("far shrouds", tar) { shape in
            for side in [-1, 1] as [Float] {
                for index in 0..<5 {
                    let ahead = at - 1.6 + 0.7 * Float(index)
                    let (wide, high) = PirateShip.lines(ahead)
                    shape.tube(
                        [
                            (PirateShip.place(ahead, side * wide, high), 0.05),
                            (PirateShip.place(at, side * 0.3, 16 * tall), 0.05),
                        ], sides: 4)
                }
            }
        }
    }

    /// Small panes in a frame, uneven with the candles behind them.
    static func panes() -> Picture {
        let shades = Noise(seed: 95)
        return Pattern.paint(256) { u, v in
            let (x, y) = (u * 3, v * 4)
            let edge = min(
                min(x - Float(Int(x)), Float(Int(x) + 1) - x),
                min(y - Float(Int(y)), Float(Int(y) + 1) - y))
            let shade = 0.5 + 0.7 * shades.fractal(u * 4, v * 4, octaves: 4)
            return SIMD4(light(1, 1, 1) * (step(0.06, 0.12, edge) * shade), 1)
        }
    }
}
