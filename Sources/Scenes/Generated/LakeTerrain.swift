import Glibc

/// The mountains round the lake: a height over a plan in kilometers, and what it looks like.
struct LakeTerrain: Sendable {
    let sky: LakeSky
    private let noise = Noise(seed: 1207)
    private let coarse = Noise(seed: 88)

    private let sunlight = light(7.2, 3.1, 1.05)
    private let skylight = light(0.20, 0.25, 0.42)
    private let forest = light(0.020, 0.032, 0.018)
    private let meadow = light(0.060, 0.066, 0.026)
    private let rock = light(0.165, 0.150, 0.145)
    private let snow = light(0.84, 0.86, 0.90)

    /// No ground is higher, kilometers.
    static let highest: Float = 4.4

    /// Kilometers to the shore in a direction of the plan (unit vector).
    func shore(_ x: Float, _ y: Float) -> Float {
        let towardsSun = x * sinf(LakeSky.sunAzimuth) + y * cosf(LakeSky.sunAzimuth)
        let arm = step(0.90, 0.995, towardsSun)
        return 0.55 + 1.5 * coarse.fractal(x * 2.1 + 5, y * 2.1 + 8, octaves: 4) + 2.6 * arm
    }

    /// Height in kilometers above the water at the first `count` of eight places.
    /// - Parameter shore: kilometers to the shore in about this direction.
    func heights(
        _ x: SIMD8<Float>, _ y: SIMD8<Float>, count: Int = 8, shore: Float, octaves: Int
    ) -> SIMD8<Float> {
        let bend = coarse.fractal(x * 0.3 + 2, y * 0.3 - 7, octaves: 2) - 0.5
        let crest = noise.ridged(
            x * 0.235 + bend * 0.8 + 1.9, y * 0.235 - bend * 0.6 + 4.2, octaves: octaves)
        let hills = coarse.fractal(x * 1.7, y * 1.7, octaves: min(6, octaves))
        // Only so near can the tops of the trees be seen.
        let crowns = octaves >= 8 ? noise.values(x * 64, y * 64) : SIMD8()
        var heights = SIMD8<Float>()
        for lane in 0..<count {
            heights[lane] = height(
                x[lane], y[lane], shore: shore, crest: crest[lane], hills: hills[lane],
                crown: crowns[lane])
        }
        return heights
    }

    private func height(
        _ x: Float, _ y: Float, shore: Float, crest: Float, hills: Float, crown: Float
    ) -> Float {
        let r = max(1e-3, (x * x + y * y).squareRoot())
        let (ux, uy) = (x / r, y / r)
        let inland = r - shore
        guard inland > 0 else { return -0.02 }
        let towardsSun = ux * sinf(LakeSky.sunAzimuth) + uy * cosf(LakeSky.sunAzimuth)
        let notch = step(0.86, 0.998, towardsSun)
        var h = 0.0015 + 0.03 * step(0, 0.35, inland)
        h += 0.017 * crown * crown * step(0.004, 0.05, inland) * (1 - step(0.6, 0.9, h))
        h += 0.42 * step(0, 1.6, inland) * hills
        h += 2.45 * crest * step(0.3, 4.8, inland) * (1 - 0.80 * notch)
        // The peak everything is arranged round, left of the middle.
        let (px, py) = (x + 2.55, y - 7.3)
        let far = (px * px + py * py).squareRoot()
        h += (1.35 + 0.9 * crest) * expf(-far / 1.25) * step(0, 1.5, inland)
        return h
    }

    /// Octaves whose features are larger than a pixel.
    static func octaves(footprint: Float) -> Int {
        max(4, min(11, Int(log2f(4.2 / max(1e-5, footprint)))))
    }

    /// Light from a terrain point towards the lake's middle.
    /// - Parameters:
    ///   - r: kilometers from the middle, in the direction `ux`, `uy` of the plan.
    ///   - shore: kilometers to the shore in that direction.
    ///   - footprint: kilometers a pixel covers there.
    func seen(ux: Float, uy: Float, r: Float, shore: Float, footprint: Float) -> Light {
        let octaves = LakeTerrain.octaves(footprint: footprint)
        let (x, y) = (ux * r, uy * r)
        let e = max(0.004, footprint)
        let ground = heights(
            SIMD8(x, x + e, x, x, x, x, x, x), SIMD8(y, y, y + e, y, y, y, y, y), count: 3,
            shore: shore, octaves: octaves)
        let h = ground[0]
        let slopeX = (ground[1] - h) / e
        let slopeY = (ground[2] - h) / e
        let normal = unit(SIMD3(-slopeX, -slopeY, 1))
        // Stones at the water's edge are wet and dark.
        let surface = reflectance(x, y, h: h, normal: normal) * (0.2 + 0.8 * step(0.002, 0.012, h))
        let facing = max(0, dot(normal, sky.sun))
        let sunlit = facing > 0 ? facing * sunReaches(x, y, h, shore: shore) : 0
        var color = surface * (sunlight * sunlit + skylight * (0.55 + 0.45 * normal.z))
        // Light that went once over the valley comes back warm.
        color += surface * light(0.10, 0.055, 0.035) * (1 - normal.z)
        return hazed(color, ux: ux, uy: uy, r: r, h: h)
    }

    private func reflectance(
        _ x: Float, _ y: Float, h: Float, normal: SIMD3<Float>
    ) -> Light {
        let patch = noise.fractal(x * 9 + 3, y * 9, octaves: 5)
        let grain = noise.fractal(x * 55, y * 55 + h * 90, octaves: 3)
        let strata = 0.75 + 0.5 * noise.value(h * 34 + patch * 3, (x + y) * 1.3)
        let stone = rock * (0.55 + 0.7 * grain) * strata
        let trees = mix(forest, meadow, step(0.52, 0.66, patch)) * (0.45 + 1.1 * grain)
        let treeLine = 0.78 + 0.5 * (patch - 0.5)
        var color = mix(trees, stone, step(treeLine - 0.12, treeLine + 0.16, h))
        color = mix(stone, color, step(0.42, 0.62, normal.z))
        let snowLine = 1.0 + 0.9 * (patch - 0.5) - 0.25 * (normal.z - 0.6)
        let lies = step(0.40, 0.58, normal.z + 0.12 * (grain - 0.5))
        return mix(color, snow * (0.90 + 0.12 * grain), step(snowLine, snowLine + 0.28, h) * lies)
    }

    /// 1 in the sun, 0 behind a crest, soft between.
    private func sunReaches(_ x: Float, _ y: Float, _ h: Float, shore: Float) -> Float {
        let rise = sky.sun.z / (sky.sun.x * sky.sun.x + sky.sun.y * sky.sun.y).squareRoot()
        var t = SIMD8<Float>(repeating: 0.10)
        for step in 1..<8 { t[step] = t[step - 1] * 1.6 }
        let ground = heights(x + sky.sun.x * t, y + sky.sun.y * t, shore: shore, octaves: 4)
        let over = h + rise * t + 0.02 - ground
        let clear = 0.5 + over * 9 / (0.4 + t)
        var open: Float = 1
        for step in 0..<8 { open = min(open, clear[step]) }
        return limited(open)
    }

    /// Air between the point and the lake, and mist on the water.
    private func hazed(_ color: Light, ux: Float, uy: Float, r: Float, h: Float) -> Light {
        let towards = SIMD3(ux, uy, 0.02)
        let air = sky.clear(unit(towards))
        let facing = limited(ux * sinf(LakeSky.sunAzimuth) + uy * cosf(LakeSky.sunAzimuth))
        let glow = mix(air * 0.34 + light(0.05, 0.07, 0.16), air * 0.50, facing * facing * facing)
        let depth = r * (0.045 + 0.012 * facing * facing) * expf(-h * 0.42)
        let passed = Light(expf(-depth * 0.8), expf(-depth), expf(-depth * 1.35))
        var seen = color * passed + glow * (Light(repeating: 1) - passed)
        let bank = coarse.fractal(ux * 9 + r * 0.5, uy * 9 + h * 6, octaves: 4)
        let mist =
            expf(-max(0, h) / (0.03 + 0.09 * bank)) * step(0.9, 3.4, r) * 0.55
            * step(0.001, 0.014, h)
        seen = mix(seen, air * 0.46 + light(0.16, 0.12, 0.15), mist)
        return seen
    }
}
