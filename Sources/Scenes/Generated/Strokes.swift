/// Thin tapered lines painted over a canvas: what trees, reeds and planks are made of.
struct Brush {
    var canvas: Canvas
    /// Pixels a meter.
    let scale: Float
    /// Meters of the card's left edge and top edge in card space.
    private let left: Float
    private let top: Float

    /// A transparent card of a size in meters.
    init(width: Float, height: Float, pixelsPerMeter: Float) {
        scale = pixelsPerMeter
        canvas = Canvas(
            width: max(2, Int((width * pixelsPerMeter).rounded())),
            height: max(2, Int((height * pixelsPerMeter).rounded())))
        left = -width / 2
        top = height / 2
    }

    /// Card meters (x right, z up) as pixels.
    private func pixel(_ p: SIMD2<Float>) -> SIMD2<Float> {
        SIMD2((p.x - left) * scale, (top - p.y) * scale)
    }

    /// A line between two points of the card; widths in meters at its ends, colors unpremultiplied.
    ///
    /// Narrower than a pixel it keeps a pixel's width and loses opacity instead.
    mutating func stroke(
        _ from: SIMD2<Float>, _ to: SIMD2<Float>, width: (Float, Float), color: (Light, Light)
    ) {
        let (a, b) = (pixel(from), pixel(to))
        let (wa, wb) = (width.0 * scale, width.1 * scale)
        let reach = max(wa, wb, 1) * 0.5 + 1
        let x0 = max(0, Int(min(a.x, b.x) - reach))
        let x1 = min(canvas.width - 1, Int(max(0, max(a.x, b.x) + reach)))
        let y0 = max(0, Int(min(a.y, b.y) - reach))
        let y1 = min(canvas.height - 1, Int(max(0, max(a.y, b.y) + reach)))
        guard x0 <= x1, y0 <= y1 else { return }
        let d = b - a
        let lengthSquared = max(1e-6, d.x * d.x + d.y * d.y)
        for y in y0...y1 {
            for x in x0...x1 {
                let p = SIMD2(Float(x) + 0.5, Float(y) + 0.5) - a
                let t = limited((p.x * d.x + p.y * d.y) / lengthSquared)
                let off = p - d * t
                let distance = (off.x * off.x + off.y * off.y).squareRoot()
                let wide = wa + (wb - wa) * t
                let cover = limited(max(wide, 1) * 0.5 + 0.5 - distance) * min(1, wide)
                guard cover > 0 else { continue }
                let over = SIMD4(mix(color.0, color.1, t), 1) * cover
                canvas[x, y] = canvas[x, y] * (1 - cover) + over
            }
        }
    }

    /// A chain of strokes through points, tapering evenly.
    mutating func curve(
        _ points: [SIMD2<Float>], width: (Float, Float), color: (Light, Light)
    ) {
        let last = Float(points.count - 1)
        for i in 0..<points.count - 1 {
            let (s, t) = (Float(i) / last, Float(i + 1) / last)
            stroke(
                points[i], points[i + 1],
                width: (mix(width.0, width.1, s), mix(width.0, width.1, t)),
                color: (mix(color.0, color.1, s), mix(color.0, color.1, t)))
        }
    }

    /// Light without opacity round a point: what shines through air.
    mutating func glow(_ center: SIMD2<Float>, radius: Float, color: Light) {
        let c = pixel(center)
        let r = radius * scale
        let x0 = max(0, Int(c.x - r))
        let x1 = min(canvas.width - 1, Int(max(0, c.x + r)))
        let y0 = max(0, Int(c.y - r))
        let y1 = min(canvas.height - 1, Int(max(0, c.y + r)))
        guard x0 <= x1, y0 <= y1 else { return }
        for y in y0...y1 {
            for x in x0...x1 {
                let dx = (Float(x) + 0.5 - c.x) / r
                let dy = (Float(y) + 0.5 - c.y) / r
                let fall = limited(1 - (dx * dx + dy * dy).squareRoot())
                canvas[x, y] += SIMD4(color * (fall * fall * fall), 0)
            }
        }
    }

    /// Mirrors what stands above a height into the water below it, rippled and dimmed.
    mutating func mirror(below waterline: Float, seed: UInt64) {
        let noise = Noise(seed: seed)
        let from = canvas
        let line = (top - waterline) * scale
        let scale = scale
        let first = max(0, min(canvas.height, Int(line.rounded())))
        canvas.paintRows(first..<canvas.height) { y, row in
            let depth = (Float(y) + 0.5 - line) / scale
            var (ripples, sways, madeTo) = (SIMD8<Float>(), SIMD8<Float>(), 0)
            for x in 0..<row.count where row[x].w < 0.999 {
                if x >= madeTo {
                    madeTo = x / 8 * 8 + 8
                    let first = Float(madeTo - 8)
                    let place = (SIMD8(0, 1, 2, 3, 4, 5, 6, 7) + first) / scale
                    // Ripples are seen flatter, so denser, the farther up in the mirror they lie.
                    ripples =
                        noise.fractal(
                            place * 0.9, SIMD8(repeating: depth * 9), octaves: 3) - 0.5
                    sways =
                        noise.fractal(
                            place * 0.7 + 40, SIMD8(repeating: depth * 13), octaves: 2) - 0.5
                }
                let (ripple, sway) = (ripples[x % 8], sways[x % 8])
                let sourceY = Int(line - (depth * 1.02 + ripple * (0.10 + 0.22 * depth)) * scale)
                let sourceX = x + Int(sway * (0.04 + 0.10 * depth) * scale)
                guard sourceY >= 0, sourceY < first, sourceX >= 0, sourceX < from.width else {
                    continue
                }
                let seen = from[sourceX, sourceY]
                let image = SIMD4(seen.x, seen.y, seen.z, seen.w) * 0.86
                row[x] += image * (1 - row[x].w)
            }
        }
    }
}
