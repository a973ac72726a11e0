import FrameModel
import Glibc

/// Pictures sets are covered with; those of surfaces go on beyond their edges without a seam.
enum Pattern {
    /// Noise that goes on seamlessly: four shifted copies mixed across the picture.
    static func seamless(
        _ noise: Noise, _ x: Float, _ y: Float, size: SIMD2<Float>, octaves: Int
    ) -> Float {
        let (u, v) = (x / size.x, y / size.y)
        let near = noise.fractal(x + 100, y + 100, octaves: octaves)
        let left = noise.fractal(x + 100 - size.x, y + 100, octaves: octaves)
        let above = noise.fractal(x + 100, y + 100 - size.y, octaves: octaves)
        let both = noise.fractal(x + 100 - size.x, y + 100 - size.y, octaves: octaves)
        return mix(mix(near, left, u), mix(above, both, u), v)
    }

    static func paint(
        _ side: Int, _ color: @Sendable (Float, Float) -> SIMD4<Float>
    ) -> Picture {
        var canvas = Canvas(width: side, height: side)
        canvas.paintRows(0..<side) { y, row in
            for x in 0..<side {
                row[x] = color((Float(x) + 0.5) / Float(side), (Float(y) + 0.5) / Float(side))
            }
        }
        return canvas.picture
    }

    /// Two colours mixed by noise.
    static func mottled(
        _ dark: Light, _ bright: Light, scale: SIMD2<Float>, seed: UInt64, octaves: Int = 6
    ) -> Picture {
        let noise = Noise(seed: seed)
        return paint(512) { u, v in
            let n = seamless(
                noise, u * scale.x, v * scale.y, size: scale, octaves: octaves)
            return SIMD4(mix(dark, bright, step(0.25, 0.75, n)), 1)
        }
    }

    /// Courses of cut stone or brick with mortar, each stone of a shade of its own.
    static func courses(
        _ stone: Light, mortar: Light, across: Int, down: Int, seed: UInt64, vary: Float = 0.25
    ) -> Picture {
        let (noise, shades) = (Noise(seed: seed), Noise(seed: seed &+ 50))
        return paint(1024) { u, v in
            let row = Int(v * Float(down))
            let shift: Float = row % 2 == 0 ? 0 : 0.5
            let column = (u * Float(across) + shift)
            let index = Int(column) % across
            let (x, y) = (column - Float(Int(column)), v * Float(down) - Float(row))
            let wide = Float(down) / Float(across)
            let edge = min(min(x, 1 - x) / wide, min(y, 1 - y))
            let n = seamless(noise, u * 24, v * 24, size: SIMD2(24, 24), octaves: 6)
            let shade = 1 + vary * (shades.lattice(Int32(index), Int32(row)) * 2 - 1)
            let body = stone * shade * (0.65 + 0.7 * n)
            return SIMD4(mix(mortar, body, step(0.02, 0.07, edge + (n - 0.5) * 0.04)), 1)
        }
    }

    /// Square tiles, light and dark by turns.
    static func tiles(_ one: Light, _ other: Light, count: Int, seed: UInt64) -> Picture {
        let (noise, shades) = (Noise(seed: seed), Noise(seed: seed &+ 9))
        return paint(1024) { u, v in
            let (x, y) = (u * Float(count), v * Float(count))
            let (column, row) = (Int(x), Int(y))
            let edge = min(
                min(x - Float(column), Float(column + 1) - x),
                min(y - Float(row), Float(row + 1) - y))
            let n = seamless(noise, u * 12, v * 12, size: SIMD2(12, 12), octaves: 6)
            let shade = 0.85 + 0.3 * shades.lattice(Int32(column), Int32(row))
            let body = ((column + row) % 2 == 0 ? one : other) * shade * (0.7 + 0.6 * n)
            return SIMD4(mix(body * 0.35, body, step(0.01, 0.035, edge)), 1)
        }
    }

    /// Boards along v, with grain, gaps and nails.
    static func planks(_ dark: Light, _ bright: Light, count: Int, seed: UInt64) -> Picture {
        let (noise, shades) = (Noise(seed: seed), Noise(seed: seed &+ 5))
        return paint(1024) { u, v in
            let x = u * Float(count)
            let board = Int(x)
            let start = shades.lattice(Int32(board), 3)
            let end = (v + start) - Float(Int(v + start))
            let gap = min(min(x - Float(board), Float(board + 1) - x), min(end, 1 - end) * 20)
            let grain = seamless(noise, u * 60, v * 5, size: SIMD2(60, 5), octaves: 6)
            let shade = 0.75 + 0.5 * shades.lattice(Int32(board), 1)
            let wood = mix(dark, bright, step(0.2, 0.8, grain)) * shade
            return SIMD4(mix(wood * 0.12, wood, step(0.01, 0.06, gap)), 1)
        }
    }

    /// A pointed window of many panes: its shape as alpha, and its light.
    static func lancet(seed: UInt64, warm: Float) -> (shape: Picture, light: Picture) {
        let shades = Noise(seed: seed)
        let glass = [
            light(0.15, 0.25, 1.0), light(1.0, 0.16, 0.10), light(1.0, 0.75, 0.22),
            light(0.15, 0.75, 0.35), light(0.9, 0.92, 1.0),
        ]
        @Sendable func inside(_ u: Float, _ v: Float) -> Float {
            let x = abs(u - 0.5) * 2
            if v > 0.3 { return 0.96 - x }
            // Two arcs about the feet of the point.
            let y = (0.3 - v) / 0.3 * 1.6
            return 1.92 - ((x + 0.96) * (x + 0.96) + y * y).squareRoot()
        }
        let shape = paint(512) { u, v in
            SIMD4(0.02, 0.02, 0.02, 1) * limited(inside(u, v) * 60 + 0.5)
        }
        let panes = paint(512) { u, v in
            let (x, y) = (u * 6, v * 22)
            let (column, row) = (Int(x), Int(y))
            let (s, t) = (x - Float(column) - 0.5, y - Float(row) - 0.5)
            let isRound = row % 4 == 1 && (column == 2 || column == 3)
            let lead = isRound ? 0.42 - (s * s + t * t).squareRoot() : 0.46 - max(abs(s), abs(t))
            let mullion = abs(u - 0.5) - 0.02
            let tone = shades.lattice(Int32(column), Int32(row))
            let index = Int(shades.lattice(Int32(column), Int32(row), 4) * 4.99)
            let color = mix(
                glass[index] * (0.5 + tone), light(1.0, 0.82, 0.5) * (0.6 + tone), warm)
            let open = limited(lead * 30) * limited(mullion * 60)
            return SIMD4(color * open + light(0.004, 0.004, 0.004), 1)
        }
        return (shape, panes)
    }

    /// A round window of petals.
    static func rose() -> (shape: Picture, light: Picture) {
        let shades = Noise(seed: 77)
        let shape = paint(1024) { u, v in
            let r = ((u - 0.5) * (u - 0.5) + (v - 0.5) * (v - 0.5)).squareRoot()
            return SIMD4(0.02, 0.02, 0.02, 1) * limited((0.495 - r) * 200)
        }
        let panes = paint(1024) { u, v in
            let (x, y) = (u - 0.5, v - 0.5)
            let r = (x * x + y * y).squareRoot() * 2
            let angle = (atan2f(y, x) / (2 * .pi) + 0.5)
            let ring = r < 0.2 ? 0 : r < 0.55 ? 1 : r < 0.8 ? 2 : 3
            let petals = [6, 12, 24, 48][ring]
            let a = angle * Float(petals)
            let petal = Int(a) % petals
            let side = min(a - Float(Int(a)), Float(Int(a) + 1) - a) / Float(petals) * r * 6
            let bounds: [Float] = [0, 0.2, 0.55, 0.8, 0.97]
            let edge = min(r - bounds[ring], bounds[ring + 1] - r) * 3
            let round = sinf((a - Float(Int(a))) * .pi)
            let open =
                limited((min(side, edge) - 0.03) * 25) * (ring == 1 ? step(0.1, 0.4, round) : 1)
            let tone = 0.5 + shades.lattice(Int32(petal), Int32(ring))
            let hues = [
                light(1.0, 0.8, 0.3), light(0.12, 0.22, 1.0), light(1.0, 0.14, 0.12),
                light(0.3, 0.35, 1.0),
            ]
            let hue = petal % 2 == 0 ? hues[ring] : mix(hues[(ring + 1) % 4], hues[ring], 0.3)
            return SIMD4(hue * tone * open + light(0.004, 0.004, 0.004), 1)
        }
        return (shape, panes)
    }

    /// A beam of light in air: soft at its sides, fading downwards.
    static func shaft() -> Picture {
        let noise = Noise(seed: 12)
        return paint(256) { u, v in
            let side = step(0, 0.35, u) * step(0, 0.35, 1 - u)
            let fall = powf(1 - v, 1.5) * step(0, 0.05, v)
            let dust = 0.7 + 0.6 * noise.fractal(u * 14, v * 4, octaves: 4)
            return SIMD4(1, 1, 1, 1) * limited(side * fall * dust)
        }
    }
}
