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

    /// Light from a direction, without clouds and without the sun's disc.
    func clear(_ d: SIMD3<Float>) -> Light {
        let z = max(0, d.z)
        let across = max(1e-4, (d.x * d.x + d.y * d.y).squareRoot())
        let facing = 0.5 + 0.5 * (d.x * sunAcross.x + d.y * sunAcross.y) / across
        let warm = facing * facing * facing
        let horizon = mix(pink, gold, warm * warm)
        var color = mix(zenith, middle, expf(-3.2 * z))
        color = mix(color, mix(pink, light(1.35, 0.62, 0.36), warm), 0.85 * expf(-7.5 * z))
        color = mix(color, horizon, 0.9 * expf(-17 * z))
        let angle = acosf(max(-1, min(1, dot(d, sun))))
        color += light(1.0, 0.42, 0.13) * expf(-angle / 0.30)
        color += light(7, 3.6, 1.35) * expf(-angle / 0.07)
        return color
    }

    /// Light of the sun's disc and the air just round it.
    func disc(_ d: SIMD3<Float>) -> Light {
        let angle = acosf(max(-1, min(1, dot(d, sun))))
        let core = 1 - step(0.0052, 0.0085, angle)
        return light(420, 250, 120) * core + light(46, 25, 9.5) * expf(-angle / 0.012)
    }

    /// What the upper half of the dome shows before the mountains.
    func seen(_ d: SIMD3<Float>) -> Light {
        let above = clear(d) + disc(d)
        guard d.z > 0.004 else { return above }
        let high = veil(above, d)
        return bank(high, d)
    }

    /// Thin high streaks drawn out along the wind.
    private func veil(_ behind: Light, _ d: SIMD3<Float>) -> Light {
        let reach = 1 / (d.z + 0.10)
        let (x, y) = (d.x * reach, d.y * reach)
        let bend = noise.fractal(x * 0.35 + 7, y * 0.35, octaves: 3) - 0.5
        let (u, v) = (x * 0.42 + y * 0.16 + bend * 1.3, y * 1.15 - x * 0.33 + bend * 2.2)
        let n = noise.fractal(u, v * 1.7, octaves: 6)
        let fine = noise.fractal(u * 5 + 3, v * 13, octaves: 3)
        let cover = step(0.47, 0.80, n * 0.82 + fine * 0.22) * 0.75
        let near = expf(-max(0, acosf(max(-1, min(1, dot(d, sun))))) / 0.42)
        let lit = mix(light(0.62, 0.40, 0.52), light(2.6, 1.0, 0.36), near)
        return mix(behind, behind * 0.35 + lit, cover * step(0.01, 0.10, d.z))
    }

    /// Lower clouds with dark bodies and bright edges, in rows towards the horizon.
    private func bank(_ behind: Light, _ d: SIMD3<Float>) -> Light {
        let reach = 1 / (d.z + 0.055)
        let (x, y) = (d.x * reach * 0.85, d.y * reach * 0.85)
        let n = density(x, y)
        let cover = step(0.48, 0.61, n)
        guard cover > 0 else { return behind }
        // Less cloud on the way to the sun: this side is lit.
        let ahead = density(x + sunAcross.x * 0.16, y + sunAcross.y * 0.16, octaves: 4)
        let open = limited(0.5 + (n - ahead) * 4.5)
        let thin = 1 - step(0.50, 0.70, n)
        let near = expf(-acosf(max(-1, min(1, dot(d, sun)))) / 0.5)
        let edge = mix(light(1.05, 0.46, 0.44), light(6.4, 2.35, 0.60), near)
        let body = mix(light(0.13, 0.125, 0.235), light(0.40, 0.20, 0.20), near)
        let color = mix(body, edge, limited(0.75 * open * (0.25 + thin) + 0.35 * thin))
        let fade = step(0.010, 0.06, d.z) * (1 - 0.75 * step(0.45, 0.9, d.z))
        return mix(behind, color, cover * 0.93 * fade)
    }

    private func density(_ x: Float, _ y: Float, octaves: Int = 6) -> Float {
        let bend = noise.fractal(x * 0.8 - 4, y * 0.8 + 9, octaves: 3) - 0.5
        let body = noise.fractal(x * 0.55 + bend * 0.7 + 3, y * 1.05 + bend * 0.9, octaves: octaves)
        let field = noise.value(x * 0.22 + 11, y * 0.22 + 2)
        return body * 0.86 + field * 0.20 - 0.04
    }
}
