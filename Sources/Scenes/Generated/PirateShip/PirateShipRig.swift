import FrameModel
import Glibc

/// Masts, sails and ropes.
extension PirateShip {
    private static let top: Float = 10.6

    /// A lower mast and topmast with yards, sails and shrouds.
    mutating func mast(_ y: Float) {
        let foot = SIMD3(0, y, PirateShip.floor(0, y))
        plan.add("mast at \(Int(y)) m", spar) { shape in
            shape.tube(
                (0...14).map { knot in
                    let t = Float(knot) / 14
                    return (foot + SIMD3(0, 0, 12.4 * t), 0.36 - 0.09 * t)
                }, sides: 22, uvMeters: 1.4)
            shape.tube(
                (0...8).map { knot in
                    let t = Float(knot) / 8
                    return (foot + SIMD3(0, 0.42, 10.2 + 12 * t), 0.2 - 0.1 * t)
                }, sides: 14, uvMeters: 1.2)
            PirateShip.yard(&shape, foot + SIMD3(0, 0.62, 8.7), half: 6.6, radius: 0.17)
            PirateShip.yard(&shape, foot + SIMD3(0, 0.78, 16.6), half: 4.9, radius: 0.13)
        }
        plan.add("top", oak) { shape in
            shape.tube(
                PirateShip.turned(
                    foot + SIMD3(0, 0.2, PirateShip.top),
                    [(-0.5, 0.4), (-0.02, 1.45), (0, 1.5), (0.08, 1.5), (0.09, 0.01)]), sides: 24)
            shape.tube(
                PirateShip.turned(foot, [(0, 0.62), (0.14, 0.6), (0.2, 0.44), (0.21, 0.3)]),
                sides: 24)
        }
        plan.add("bands", iron) { shape in
            for z in [1.5, 2.7, 3.9, 5.1, 6.3, 7.5] as [Float] {
                shape.tube(
                    PirateShip.turned(
                        foot + SIMD3(0, 0, z),
                        [
                            (0, 0.32), (0.005, 0.375 - z * 0.006), (0.1, 0.375 - z * 0.006),
                            (0.105, 0.3),
                        ]
                    ), sides: 22)
            }
        }
        sails(foot)
        for side in [-1, 1] as [Float] { shrouds(foot, side) }
        lines(foot)
    }

    private static func yard(
        _ shape: inout SetShape, _ middle: SIMD3<Float>, half: Float, radius: Float
    ) {
        shape.tube(
            (-8...8).map { knot in
                let t = Float(knot) / 8
                return (middle + SIMD3(t * half, 0, 0), radius * (1 - 0.5 * t * t))
            }, sides: 12, uvMeters: 0.8)
    }

    private mutating func sails(_ foot: SIMD3<Float>) {
        plan.add("course", cloth) {
            PirateShip.sail(
                &$0, head: (foot + SIMD3(-6.1, 0.68, 8.6), foot + SIMD3(6.1, 0.68, 8.6)),
                foot: (foot + SIMD3(-6.4, 1.3, 4.1), foot + SIMD3(6.4, 1.3, 4.1)),
                belly: SIMD3(0, 1.5, 0.1), arch: 0.95)
        }
        plan.add("topsail", cloth) {
            PirateShip.sail(
                &$0, head: (foot + SIMD3(-4.5, 0.85, 16.5), foot + SIMD3(4.5, 0.85, 16.5)),
                foot: (foot + SIMD3(-6, 1.0, 9.3), foot + SIMD3(6, 1.0, 9.3)),
                belly: SIMD3(0, 1.7, 0), arch: 0.8)
        }
        plan.add("robands", hemp) { shape in
            for index in 0..<30 {
                let x = -6 + 12 * Float(index) / 29
                let near = abs(x) / 6.6
                shape.tube(
                    PirateShip.ring(
                        foot + SIMD3(x, 0.62, 8.68), SIMD3(0, 0.19 - 0.07 * near * near, 0),
                        SIMD3(0, 0, 0.2 - 0.07 * near * near), thick: 0.014, knots: 10), sides: 4)
            }
        }
    }

    /// A square sail, its front towards the deck, filled by wind from astern.
    static func sail(
        _ shape: inout SetShape, head: (SIMD3<Float>, SIMD3<Float>),
        foot: (SIMD3<Float>, SIMD3<Float>), belly: SIMD3<Float>, arch: Float, cells: Int = 28
    ) {
        shape.surface(across: cells, up: cells * 2 / 3, uv: { SIMD2($0, 1 - $1) }) { s, t in
            let low = foot.0 + (foot.1 - foot.0) * s
            let high = head.0 + (head.1 - head.0) * s
            let round = sinf(s * .pi)
            let full = sinf((0.22 + 0.78 * t) * .pi)
            let fold = 0.05 * sinf(s * 34) * t * t * t
            return low + (high - low) * t + belly * (round * full)
                + SIMD3(0, fold, arch * round * (1 - t) * (1 - t))
        }
    }

    private mutating func shrouds(_ foot: SIMD3<Float>, _ side: Float) {
        let feet = (0..<6).map { index in
            PirateShip.edge(
                PirateShip.along(foot.y - 1.4 + 0.62 * Float(index)), side, up: 1.15, out: 0.14)
        }
        let heads = (0..<6).map { index in
            foot + SIMD3(side * 0.36, -0.2 + 0.1 * Float(index), PirateShip.top - 0.15)
        }
        plan.add("shrouds", tar) { shape in
            for (low, high) in zip(feet, heads) {
                shape.tube([(low + SIMD3(0, 0, 0.5), 0.026), (high, 0.022)], sides: 6)
                let way = unit(high - low)
                for end in [0.08, 0.5] as [Float] {
                    shape.ball(low + way * end, radius: 0.085, sides: 10)
                }
                for strand in [-0.04, 0, 0.04] as [Float] {
                    shape.tube(
                        [
                            (low + SIMD3(0, strand, 0) + way * 0.05, 0.012),
                            (low + SIMD3(0, strand, 0) + way * 0.5, 0.012),
                        ], sides: 4)
                }
            }
            for step in 0..<22 {
                let t = 0.09 + 0.039 * Float(step)
                let row = feet.indices.map { feet[$0] + (heads[$0] - feet[$0]) * t }
                for index in 0..<5 where step < 17 || index > 0 {
                    shape.tube(
                        PirateShip.rope(
                            row[index], row[index + 1], sag: 0.025, thick: 0.012, knots: 3),
                        sides: 4)
                }
            }
        }
    }

    /// Stays, sheets and what else hangs about a mast.
    private mutating func lines(_ foot: SIMD3<Float>) {
        plan.add("running rigging", hemp) { shape in
            for side in [-1, 1] as [Float] {
                let clew = foot + SIMD3(side * 6.4, 1.3, 4.1)
                let tip = foot + SIMD3(side * 6.5, 0.62, 8.7)
                let masthead = foot + SIMD3(side * 0.25, 0.1, 12.2)
                let aft = PirateShip.edge(
                    PirateShip.along(foot.y - 6), side, up: 1.1, out: -0.05)
                shape.tube(PirateShip.rope(clew, aft, sag: 0.2, thick: 0.022), sides: 5)
                shape.tube(PirateShip.rope(masthead, tip, sag: 0.1, thick: 0.018), sides: 5)
                shape.tube(
                    PirateShip.rope(
                        tip, foot + SIMD3(side * 0.6, -9, 9.5), sag: 0.5, thick: 0.016), sides: 5)
                for index in 0..<4 {
                    let x = side * (0.5 + 0.22 * Float(index))
                    let pin = PirateShip.edge(
                        PirateShip.along(foot.y - 1 + 0.84 * Float(index)), side, up: 0.8,
                        out: -0.24)
                    shape.tube(
                        PirateShip.rope(
                            foot + SIMD3(x, 0.3, 8.2 + 0.3 * Float(index)), pin, sag: 0.05,
                            thick: 0.014, knots: 5), sides: 4)
                }
                // Ropes that come straight down beside the mast.
                for index in 0..<3 {
                    let x = side * (0.42 + 0.09 * Float(index))
                    shape.tube(
                        [
                            (foot + SIMD3(x, 0.1 * Float(index) - 0.1, 0.5), 0.013),
                            (foot + SIMD3(x * 0.8, 0, PirateShip.top), 0.013),
                        ], sides: 4)
                }
            }
        }
    }

    /// Bowsprit, its stays and two jibs.
    mutating func bow() {
        let heel = SIMD3<Float>(0, 21.5, 1.0)
        let end = SIMD3<Float>(0, 36, 5.9)
        plan.add("bowsprit", spar) { shape in
            shape.tube(
                (0...12).map { knot in
                    let t = Float(knot) / 12
                    return (heel + (end - heel) * t, 0.3 - 0.17 * t)
                }, sides: 16, uvMeters: 1.2)
        }
        let mast = SIMD3<Float>(0, 13, 0)
        let stays: [(SIMD3<Float>, SIMD3<Float>)] = [
            (mast + SIMD3(0, 0.3, 11.2), heel + (end - heel) * 0.5),
            (mast + SIMD3(0, 0.6, 21), heel + (end - heel) * 0.95),
            (SIMD3(0, -3.2, 11.6), mast + SIMD3(0, -0.4, 2.6)),
        ]
        plan.add("stays", tar) { shape in
            for stay in stays {
                shape.tube(PirateShip.rope(stay.0, stay.1, sag: 0.15, thick: 0.034), sides: 7)
            }
        }
        for (index, stay) in stays.prefix(2).enumerated() {
            let tack = stay.1 + (stay.0 - stay.1) * 0.06
            let peak = stay.1 + (stay.0 - stay.1) * (index == 0 ? 0.8 : 0.66)
            let clew = SIMD3(
                1.5 + 0.5 * Float(index), index == 0 ? 18 : 22, 3.1 + 0.9 * Float(index))
            plan.add("jib \(index + 1)", cloth) { shape in
                shape.surface(across: 18, up: 18, uv: { SIMD2($0 * (1 - $1 * 0.9), 1 - $1) }) {
                    s, t in
                    let low = clew + (tack - clew) * s
                    let round = sinf(s * .pi) * sinf((0.15 + 0.85 * t) * .pi)
                    return low + (peak - low) * (t * 0.985) + SIMD3(0.9 * round, 0, 0)
                }
            }
            plan.add("jib sheet", hemp) {
                $0.tube(
                    PirateShip.rope(
                        clew, PirateShip.edge(PirateShip.along(14), 1, up: 1.1), sag: 0.15,
                        thick: 0.018), sides: 5)
            }
        }
    }

    /// Sailcloth in strips with seams, reef points, stains and a torn foot.
    static func sailcloth() -> Picture {
        let (weave, wear) = (Noise(seed: 91), Noise(seed: 92))
        let holes: [(Float, Float, Float)] = [
            (0.31, 0.63, 0.016), (0.36, 0.45, 0.010), (0.80, 0.80, 0.02),
        ]
        return Pattern.paint(1024) { u, v in
            let strip = u * 15
            let seam = abs(strip - Float(Int(strip)) - 0.5)
            let shade = 0.88 + 0.2 * wear.lattice(Int32(strip), 2)
            let stain = wear.fractal(u * 5, v * 4, octaves: 6)
            let streak = wear.fractal(u * 40, v * 2.5 + 9, octaves: 3)
            var color = mix(
                light(0.33, 0.255, 0.16), light(0.62, 0.53, 0.39), step(0.25, 0.7, stain))
            color *= shade * (0.82 + 0.3 * streak) * (0.94 + 0.12 * weave.value(u * 500, v * 500))
            color *= 1 - 0.45 * step(0.47, 0.49, seam)
            for band in [0.16, 0.34] as [Float] {
                let off = abs(v - band)
                color *= 1 - 0.3 * (1 - step(0.006, 0.010, off))
                let point = abs(u * 30 - (u * 30).rounded())
                let hangs = v > band && v < band + 0.045
                if hangs, point < 0.10 { color = light(0.25, 0.18, 0.10) }
            }
            let patch = max(abs(u - 0.69) * 9, abs(v - 0.58) * 11)
            if patch < 1 { color *= patch > 0.88 ? 0.45 : 0.66 }
            // The foot is frayed, and shot has gone through.
            let ragged =
                0.988 - 0.07 * wear.fractal(u * 16 + 3, 4, octaves: 5)
                - 0.05 * step(0.62, 0.8, wear.value(u * 9, 31))
            // Its corners hold at their sheets.
            let held = 0.12 * step(0.05, 0, min(u, 1 - u))
            var open = limited((ragged + held - v) * 300)
            for (x, y, r) in holes {
                let (dx, dy) = (u - x, v - y)
                let way = (dx * dx + dy * dy).squareRoot()
                let rim = r * (0.6 + 0.9 * wear.value(atan2f(dy, dx) * 2 + 9, x * 40))
                open *= limited((way - rim) * 300)
                color *= 0.4 + 0.6 * step(rim, rim * 1.5, way)
            }
            return SIMD4(color, 1) * open
        }
    }

    /// Laid rope: strands that wind round.
    static func strands() -> Picture {
        let noise = Noise(seed: 93)
        return Pattern.paint(128) { u, v in
            let turn = (u * 2 + v * 6)
            let lay = abs(sinf(turn * .pi))
            let n = Pattern.seamless(noise, u * 20, v * 20, size: SIMD2(20, 20), octaves: 3)
            return SIMD4(light(0.30, 0.22, 0.12) * (0.3 + 0.7 * lay) * (0.6 + 0.7 * n), 1)
        }
    }
}
