import FrameModel
import Glibc

/// A sky by some colours: gradient, sun with its glow, clouds lit from its side, and a horizon.
struct SetSky: Sendable {
    var zenith = light(0.12, 0.25, 0.60)
    var middle = light(0.35, 0.55, 0.95)
    var horizon = light(1.1, 1.0, 0.95)
    /// Below the horizon, where no ground of the set lies.
    var ground = light(0.2, 0.2, 0.2)
    /// Towards the sun.
    var sun = unit(SIMD3<Float>(0.4, 0.8, 0.5))
    var disc = light(400, 360, 300)
    var glow = light(2, 1.7, 1.3)
    /// Light on clouds, and where they are in shade.
    var lit = light(1.9, 1.8, 1.7)
    var shaded = light(0.42, 0.46, 0.55)
    /// 0 = none, 1 = overcast.
    var cover: Float = 0.5
    var seed: UInt64 = 7

    /// Light without clouds and without the disc: what a set is lit by.
    func clear(_ d: SIMD3<Float>) -> Light {
        if d.z < 0 { return mix(horizon * 0.6, ground, limited(-d.z * 6)) }
        var color = mix(zenith, middle, expf(-2.4 * d.z))
        color = mix(color, horizon, expf(-9 * d.z))
        let angle = acosf(max(-1, min(1, dot(d, sun))))
        return color + glow * expf(-angle / 0.12) + glow * (0.25 * expf(-angle / 0.5))
    }

    private func density(_ noise: Noise, _ x: Float, _ y: Float) -> Float {
        let bend = noise.fractal(x * 0.7 + 5, y * 0.7, octaves: 3) - 0.5
        return noise.fractal(x + bend * 0.9, y + bend * 0.7 + 11, octaves: 6) * 0.8
            + noise.value(x * 0.3 + 20, y * 0.3) * 0.28
    }

    /// All of it.
    func seen(_ d: SIMD3<Float>, _ noise: Noise) -> Light {
        var color = clear(d)
        let angle = acosf(max(-1, min(1, dot(d, sun))))
        color += disc * (1 - step(0.006, 0.010, angle))
        guard d.z > 0.003, cover > 0 else { return color }
        let reach = 1.1 / (d.z + 0.09)
        let (x, y) = (d.x * reach, d.y * reach)
        let edge = 0.80 - 0.5 * cover
        let here = density(noise, x, y)
        let thick = step(edge, edge + 0.16, here)
        guard thick > 0 else { return color }
        let ahead = density(noise, x + sun.x * 0.22, y + sun.y * 0.22)
        let open = limited(0.60 + (here - ahead) * 7 - thick * 0.40)
        let thin = 1 - step(edge, edge + 0.25, here)
        let bright = lit * (1 + 2.5 * expf(-angle / 0.35) * (0.3 + thin))
        let cloud = mix(shaded, bright, limited(open + 0.35 * thin))
        let fade = step(0.003, 0.10, d.z)
        return mix(color, mix(cloud, horizon, 1 - fade), thick * (0.25 + 0.7 * fade))
    }

    /// A panorama.
    ///
    /// `over` paints what stands before the sky, far hills for one.
    func panorama(
        width: Int, over: @Sendable (SIMD3<Float>, Light) -> Light = { $1 }
    ) -> Picture {
        let noise = Noise(seed: seed)
        var canvas = Canvas(width: width, height: width / 2)
        canvas.paintRows(0..<width / 2) { y, row in
            let e = (0.5 - (Float(y) + 0.5) / Float(width / 2)) * .pi
            for x in 0..<width {
                let a = ((Float(x) + 0.5) / Float(width) - 0.5) * 2 * .pi
                let d = SIMD3(cosf(e) * sinf(a), cosf(e) * cosf(a), sinf(e))
                row[x] = SIMD4(over(d, seen(d, noise)), 1)
            }
        }
        return canvas.picture
    }

    /// As the light a set is baked with.
    func sunlight(_ light: Light, softness: Float = 0.02) -> SetSun {
        let sky = self
        return SetSun(direction: sun, light: light, softness: softness) { sky.clear($0) }
    }
}

/// Ridges of hills before a sky, one behind the other, paler with distance.
struct FarHills: Sendable {
    /// Radians over the horizon of the nearest and the farthest at most.
    var near: Float = 0.05
    var far: Float = 0.10
    var count = 4
    var color = light(0.10, 0.14, 0.10)
    var haze = light(0.7, 0.75, 0.85)
    var seed: UInt64 = 3

    func over(_ d: SIMD3<Float>, _ behind: Light) -> Light {
        guard d.z < far * 1.2 else { return behind }
        let noise = Noise(seed: seed)
        let across = max(1e-5, (d.x * d.x + d.y * d.y).squareRoot())
        let (x, y) = (d.x / across, d.y / across)
        for index in 0..<count {
            let t = Float(index) / Float(max(1, count - 1))
            let high = mix(near, far, t)
            let scale = mix(9, 3.5, t)
            let place = Float(index) * 31
            let crest =
                high * (0.35 + 0.9 * noise.fractal(x * scale + place, y * scale, octaves: 7) - 0.15)
            if atanf(d.z / across) < crest {
                let mottle = 0.75 + 0.5 * noise.fractal(x * 90 + place, d.z * 300, octaves: 3)
                return mix(color * mottle, haze, 0.25 + 0.65 * t)
            }
        }
        return behind
    }
}
