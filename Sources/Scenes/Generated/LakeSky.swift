import Glibc

/// The evening sky over the lake: a gradient, the sun's glow and two layers of lit clouds.
struct LakeSky: Sendable {
    /// Radians right of forward and above the horizon.
    static let sunAzimuth: Float = 28 * .pi / 180
    static let sunElevation: Float = 6.2 * .pi / 180

    /// Towards the sun (right, forward, up).
    let sun: SIMD3<Float>
    private let sunAcross: SIMD2<Float>
    private let noise = Noise(seed: 41)

    private let zenith = light(0.075, 0.150, 0.40)
    private let middle = light(0.34, 0.40, 0.70)
    private let pink = light(0.95, 0.50, 0.52)
    private let gold = light(2.3, 0.90, 0.22)

    init() {
        let (a, e) = (LakeSky.sunAzimuth, LakeSky.sunElevation)
        sun = SIMD3(cosf(e) * sinf(a), cosf(e) * cosf(a), sinf(e))
        sunAcross = SIMD2(sinf(a), cosf(a))
    }

    /// Radians between a direction and the sun.
    private func sunAngle(_ d: SIMD3<Float>) -> Float { acosf(max(-1, min(1, dot(d, sun)))) }

    /// Light from a direction, without clouds and without the sun's disc.
    func clear(_ d: SIMD3<Float>) -> Light { clear(d, angle: sunAngle(d)) }

    private func clear(_ d: SIMD3<Float>, angle: Float) -> Light {
        let z = max(0, d.z)
        let across = max(1e-4, (d.x * d.x + d.y * d.y).squareRoot())
        let facing = 0.5 + 0.5 * (d.x * sunAcross.x + d.y * sunAcross.y) / across
        let warm = facing * facing * facing
        let horizon = mix(pink, gold, warm * warm)
        var color = mix(zenith, middle, expf(-3.2 * z))
        color = mix(color, mix(pink, light(1.35, 0.62, 0.36), warm), 0.85 * expf(-7.5 * z))
        color = mix(color, horizon, 0.9 * expf(-17 * z))
        color += light(1.0, 0.42, 0.13) * expf(-angle / 0.30)
        color += light(7, 3.6, 1.35) * expf(-angle / 0.07)
        return color
    }

    /// Light of the sun's disc and the air just round it.
    private func disc(angle: Float) -> Light {
        let core = 1 - step(0.0052, 0.0085, angle)
        return light(420, 250, 120) * core + light(46, 25, 9.5) * expf(-angle / 0.012)
    }

    /// What the upper half of the dome shows before the mountains, in eight directions.
    func seen(_ d: Directions) -> InlineArray<8, Light> {
        let (veil, bank) = (Veil(d, noise), Bank(d, self))
        return InlineArray { lane in
            let direction = d[lane]
            let angle = sunAngle(direction)
            let above = clear(direction, angle: angle) + disc(angle: angle)
            guard direction.z > 0.004 else { return above }
            return covered(
                covered(above, veil, lane, direction, angle: angle), bank, lane, direction,
                angle: angle)
        }
    }

    /// Noise of the thin high streaks drawn out along the wind.
    private struct Veil {
        let body: SIMD8<Float>
        let fine: SIMD8<Float>

        init(_ d: Directions, _ noise: Noise) {
            let reach = 1 / (d.z + 0.10)
            let (x, y) = (d.x * reach, d.y * reach)
            let bend = noise.fractal(x * 0.35 + 7, y * 0.35, octaves: 3) - 0.5
            let u = x * 0.42 + y * 0.16 + bend * 1.3
            let v = y * 1.15 - x * 0.33 + bend * 2.2
            body = noise.fractal(u, v * 1.7, octaves: 6)
            fine = noise.fractal(u * 5 + 3, v * 13, octaves: 3)
        }
    }

    private func covered(
        _ behind: Light, _ veil: Veil, _ lane: Int, _ d: SIMD3<Float>, angle: Float
    ) -> Light {
        let cover = step(0.47, 0.80, veil.body[lane] * 0.82 + veil.fine[lane] * 0.22) * 0.75
        let near = expf(-max(0, angle) / 0.42)
        let lit = mix(light(0.62, 0.40, 0.52), light(2.6, 1.0, 0.36), near)
        return mix(behind, behind * 0.35 + lit, cover * step(0.01, 0.10, d.z))
    }

    /// Density of the lower clouds: here, and a way on towards the sun where there is cloud.
    private struct Bank {
        let here: SIMD8<Float>
        let ahead: SIMD8<Float>

        init(_ d: Directions, _ sky: LakeSky) {
            let reach = 1 / (d.z + 0.055)
            let (x, y) = (d.x * reach * 0.85, d.y * reach * 0.85)
            let here = sky.density(x, y)
            let isCloudy = (0..<8).contains { step(0.48, 0.61, here[$0]) > 0 }
            self.here = here
            ahead =
                isCloudy
                ? sky.density(x + sky.sunAcross.x * 0.16, y + sky.sunAcross.y * 0.16, octaves: 4)
                : SIMD8()
        }
    }

    /// Lower clouds with dark bodies and bright edges, in rows towards the horizon.
    private func covered(
        _ behind: Light, _ bank: Bank, _ lane: Int, _ d: SIMD3<Float>, angle: Float
    ) -> Light {
        let n = bank.here[lane]
        let cover = step(0.48, 0.61, n)
        guard cover > 0 else { return behind }
        // Less cloud on the way to the sun: this side is lit.
        let open = limited(0.5 + (n - bank.ahead[lane]) * 4.5)
        let thin = 1 - step(0.50, 0.70, n)
        let near = expf(-angle / 0.5)
        let edge = mix(light(1.05, 0.46, 0.44), light(6.4, 2.35, 0.60), near)
        let body = mix(light(0.13, 0.125, 0.235), light(0.40, 0.20, 0.20), near)
        let color = mix(body, edge, limited(0.75 * open * (0.25 + thin) + 0.35 * thin))
        let fade = step(0.010, 0.06, d.z) * (1 - 0.75 * step(0.45, 0.9, d.z))
        return mix(behind, color, cover * 0.93 * fade)
    }

    private func density(
        _ x: SIMD8<Float>, _ y: SIMD8<Float>, octaves: Int = 6
    ) -> SIMD8<Float> {
        let bend = noise.fractal(x * 0.8 - 4, y * 0.8 + 9, octaves: 3) - 0.5
        let body = noise.fractal(x * 0.55 + bend * 0.7 + 3, y * 1.05 + bend * 0.9, octaves: octaves)
        let field = noise.values(x * 0.22 + 11, y * 0.22 + 2)
        return body * 0.86 + field * 0.20 - 0.04
    }
}

/// Eight directions (right, forward, up).
struct Directions {
    var x = SIMD8<Float>()
    var y = SIMD8<Float>()
    var z = SIMD8<Float>()

    init(_ direction: (Int) -> SIMD3<Float>) {
        for lane in 0..<8 {
            let d = direction(lane)
            (x[lane], y[lane], z[lane]) = (d.x, d.y, d.z)
        }
    }

    subscript(lane: Int) -> SIMD3<Float> { SIMD3(x[lane], y[lane], z[lane]) }
}
