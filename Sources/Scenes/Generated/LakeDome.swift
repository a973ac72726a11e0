import FrameModel
import Glibc

/// Paints the lake's panorama: sky, then mountains column by column, then the water below.
struct LakeDome {
    private let width: Int
    private let height: Int
    private let terrain: LakeTerrain
    private let noise = Noise(seed: 5)

    /// Kilometers from the water up to the eye.
    private static let eyeHeight: Float = 0.0026

    init(width: Int) {
        self.width = width
        height = width / 2
        terrain = LakeTerrain(sky: LakeSky())
    }

    func paint() -> Picture {
        var canvas = Canvas(width: width, height: height)
        paintSky(&canvas)
        paintMountains(&canvas)
        paintWater(&canvas)
        return canvas.picture
    }

    private func azimuth(_ x: Int) -> Float {
        2 * .pi * ((Float(x) + 0.5) / Float(width) - 0.5)
    }

    /// Elevation of a row's centre, radians.
    private static func elevation(_ y: Int, _ height: Int) -> Float {
        .pi * (0.5 - (Float(y) + 0.5) / Float(height))
    }

    private func direction(_ x: Int, _ y: Int) -> SIMD3<Float> {
        let (a, e) = (azimuth(x), LakeDome.elevation(y, height))
        return SIMD3(cosf(e) * sinf(a), cosf(e) * cosf(a), sinf(e))
    }

    private func paintSky(_ canvas: inout Canvas) {
        let sky = terrain.sky
        canvas.paintRows(0..<height / 2) { y, row in
            for x in 0..<width { row[x] = SIMD4(sky.seen(direction(x, y)), 1) }
        }
    }

    /// Walks each column from the shore outwards; every row a new crest uncovers is painted.
    private func paintMountains(_ canvas: inout Canvas) {
        let (width, height) = (width, height)
        let rowsPerRadian = Float(height) / .pi
        canvas.paintColumns { x, pixels in
            let a = azimuth(x)
            let (ux, uy) = (sinf(a), cosf(a))
            let shore = terrain.shore(ux, uy)
            var r = shore + 0.0005
            /// Rows from the top to the highest point seen so far, as a continuous number.
            var top = (.pi / 2 + atan2f(LakeDome.eyeHeight, r)) * rowsPerRadian
            var before = r
            /// The row being filled from below, and what was there before any mountain.
            var openRow = -1
            var skyOfOpenRow = SIMD4<Float>.zero
            while r < 26 {
                // Nothing out there is high enough to be seen over what is nearer.
                let fromZenith = top / rowsPerRadian
                if fromZenith < 1.55, LakeTerrain.highest * tanf(fromZenith) < r { break }
                let footprint = r * 2 * .pi / Float(width)
                let octaves = min(9, LakeTerrain.octaves(footprint: footprint))
                let ground = terrain.height(ux * r, uy * r, shore: shore, octaves: octaves)
                let rise = ground - LakeDome.eyeHeight
                let here = (.pi / 2 - atan2f(rise, r)) * rowsPerRadian
                if here < top {
                    var y = Int(top.rounded(.down))
                    while y >= 0, Float(y + 1) > here {
                        let t = limited((top - Float(y) - 0.5) / max(1e-3, top - here))
                        let at = before + (r - before) * t
                        let covered = min(1, Float(y + 1) - here) - max(0, Float(y + 1) - top)
                        let color = terrain.seen(
                            ux: ux, uy: uy, r: at, shore: shore,
                            footprint: at * 2 * .pi / Float(width))
                        let i = y * width + x
                        if y != openRow {
                            openRow = y
                            // A row below the horizon has nothing behind it: all is mountain.
                            if pixels[i].w == 0 { pixels[i] = SIMD4(color, 1) }
                            skyOfOpenRow = pixels[i]
                        }
                        pixels[i] += (SIMD4(color, 1) - skyOfOpenRow) * limited(covered)
                        y -= 1
                    }
                    top = here
                }
                before = r
                r *= 1.007
            }
        }
    }

    /// The water: the finished upper half seen again by rippled reflection.
    private func paintWater(_ canvas: inout Canvas) {
        let above = Array(canvas.pixels[0..<width * (height / 2)])
        let deep = light(0.010, 0.022, 0.026)
        canvas.paintRows(height / 2..<height) { y, row in
            let e = LakeDome.elevation(y, height)
            let samples = e > -0.4 ? 5 : e > -0.9 ? 2 : 1
            let distance = LakeDome.eyeHeight * 1000 / -sinf(e) * cosf(e)
            let along = min(900, Float.pi / Float(height) * distance / max(1e-4, -sinf(e)))
            for x in 0..<width where row[x].w == 0 {
                let d = direction(x, y)
                let (ux, uy) = (d.x / cosf(e), d.y / cosf(e))
                let (far, across) = (ux * distance, uy * distance)
                let wind = noise.fractal(far * 0.006 + 9, across * 0.017, octaves: 3)
                let ripple = mix(0.010, 0.060, step(0.35, 0.72, wind))
                var sum = Light.zero
                for s in 0..<samples {
                    let jitter = noise.lattice(Int32(x), Int32(y), Int32(s)) - 0.5
                    let t = distance + along * ((Float(s) + 0.5 + jitter) / Float(samples) - 0.5)
                    sum += reflected(d, at: SIMD2(ux * t, uy * t), ripple, in: above, deep)
                }
                row[x] = SIMD4(sum * (1 / Float(samples)), 1)
            }
        }
    }

    /// One sample of the water at a place of its surface, meters.
    private func reflected(
        _ d: SIMD3<Float>, at p: SIMD2<Float>, _ amplitude: Float, in above: [SIMD4<Float>],
        _ deep: Light
    ) -> Light {
        var slope = SIMD2<Float>.zero
        var scale: Float = 0.9
        var weight: Float = 1
        for octave in 0..<4 {
            let (x, y) = (p.x * scale * 0.7 + Float(octave) * 19, p.y * scale)
            slope.x += (noise.value(x, y) - 0.5) * weight
            slope.y += (noise.value(x + 57, y + 113) - 0.5) * weight
            scale *= 2.3
            weight *= 0.72
        }
        // A ripple seen at a low angle hides its back: what is left leans towards us.
        let normal = unit(SIMD3(slope.x * amplitude, slope.y * amplitude * 1.3, 1))
        let cosine = max(0.0, -dot(d, normal))
        var up = d + normal * (2 * cosine)
        up.z = max(0.004, abs(up.z))
        let fresnel = 0.02 + 0.98 * powf(1 - cosine, 5)
        return mix(deep, sampled(above, unit(up)), fresnel * 0.94)
    }

    /// The upper half in a direction, bilinear; the sun's disc is held down, for a ripple spreads it.
    private func sampled(_ above: [SIMD4<Float>], _ d: SIMD3<Float>) -> Light {
        let u = (0.5 + atan2f(d.x, d.y) / (2 * .pi)) * Float(width) - 0.5
        let v = (0.5 - asinf(min(1, d.z)) / .pi) * Float(height) - 0.5
        let (fx, fy) = (u.rounded(.down), v.rounded(.down))
        let (tx, ty) = (u - fx, v - fy)
        let x0 = (Int(fx) + width) % width
        let x1 = (x0 + 1) % width
        let y0 = max(0, min(height / 2 - 1, Int(fy)))
        let y1 = min(height / 2 - 1, y0 + 1)
        let top = above[y0 * width + x0] * (1 - tx) + above[y0 * width + x1] * tx
        let bottom = above[y1 * width + x0] * (1 - tx) + above[y1 * width + x1] * tx
        let c = top * (1 - ty) + bottom * ty
        return Light(min(60, c.x), min(36, c.y), min(20, c.z))
    }
}
