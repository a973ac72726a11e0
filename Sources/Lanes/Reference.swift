import Glibc

/// What each kernel computes, one pixel at a time in doubles: the truth equivalence tests hold the
/// kernels to.
///
/// Not for pictures.
public enum Reference {
    /// A pixel's linear light; alpha premultiplied.
    public typealias RGBA = SIMD4<Double>

    /// Four texels' bilinear mean at a place of a level; whole coordinates are texel centres.
    public static func bilinear(
        _ texels: UnsafePointer<UInt64>, stride: Int, u: Double, v: Double
    ) -> RGBA {
        let (column, row) = (u.rounded(.down), v.rounded(.down))
        let (fu, fv) = (u - column, v - row)
        let first = texels + (Int(row) * stride + Int(column))
        let top = texel(first) * (1 - fu) + texel(first + 1) * fu
        let low = texel(first + stride) * (1 - fu) + texel(first + stride + 1) * fu
        return top * (1 - fv) + low * fv
    }

    /// The four halves of a texel.
    public static func texel(_ at: UnsafePointer<UInt64>) -> RGBA {
        var out = RGBA()
        for channel in 0..<4 {
            let half = Float16(bitPattern: UInt16(truncatingIfNeeded: at.pointee >> (16 * channel)))
            out[channel] = Double(half)
        }
        return out
    }

    /// A value linear in the pixel place.
    public static func at(_ value: cyc_linear, _ x: Int, _ y: Int) -> Double {
        at(value, Double(x), Double(y))
    }

    /// The same anywhere between the pixels.
    static func at(_ value: cyc_linear, _ x: Double, _ y: Double) -> Double {
        Double(value.at) + x * Double(value.along_x) + y * Double(value.along_y)
    }

    /// `cyc_kernels.picture` at a pixel.
    public static func picture(_ map: cyc_plane_map, _ x: Int, _ y: Int) -> RGBA {
        let w = at(map.w, x, y)
        let u = clamp(at(map.u, x, y) / w, Double(map.u_min), Double(map.u_max))
        let v = clamp(at(map.v, x, y) / w, Double(map.v_min), Double(map.v_max))
        return bilinear(map.texels, stride: Int(map.stride), u: u, v: v)
    }

    /// `cyc_kernels.card` at a pixel, before it is laid over: premultiplied, with its coverage.
    public static func card(_ map: cyc_plane_map, _ x: Int, _ y: Int) -> RGBA {
        let w = at(map.w, x, y)
        guard w > 0 else { return .zero }
        let (u, v) = (at(map.u, x, y) / w, at(map.v, x, y) / w)
        let color = bilinear(
            map.texels, stride: Int(map.stride), u: clamp(u, Double(map.u_min), Double(map.u_max)),
            v: clamp(v, Double(map.v_min), Double(map.v_max)))
        return color * cover(map, x, y)
    }

    /// How much of a pixel lies within a card's edges.
    static func cover(_ map: cyc_plane_map, _ x: Int, _ y: Int) -> Double {
        let w = at(map.w, x, y)
        guard w > 0 else { return 0 }
        let (u, v) = (at(map.u, x, y) / w, at(map.v, x, y) / w)
        let across = inside(
            u, map.u, map.w, w / Double(map.edge_pixels), Double(map.edge_left),
            Double(map.edge_right))
        let down = inside(
            v, map.v, map.w, w / Double(map.edge_pixels), Double(map.edge_top),
            Double(map.edge_bottom))
        return across * down
    }

    private static func inside(
        _ place: Double, _ numerator: cyc_linear, _ w: cyc_linear, _ atW: Double, _ low: Double,
        _ high: Double
    ) -> Double {
        let dx = (Double(numerator.along_x) - place * Double(w.along_x)) / atW
        let dy = (Double(numerator.along_y) - place * Double(w.along_y)) / atW
        let step = (dx * dx + dy * dy).squareRoot()
        return clamp(Swift.min(place - low, high - place) / Swift.max(step, 1e-20) + 0.5, 0, 1)
    }

    /// `cyc_kernels.dome` at a pixel.
    public static func dome(_ map: cyc_dome_map, _ x: Int, _ y: Int) -> RGBA {
        guard let d = direction(map, Double(x), Double(y)) else { return .zero }
        return cube(map.level, d)
    }

    /// Where the ray of a place meets a dome, from its centre; nil where it misses.
    static func direction(_ map: cyc_dome_map, _ x: Double, _ y: Double) -> SIMD3<Double>? {
        var d = SIMD3(at(map.x, x, y), at(map.y, x, y), at(map.z, x, y))
        if map.radius_term != 0 {
            let q = SIMD3(Double(map.q.0), Double(map.q.1), Double(map.q.2))
            let (a, b) = ((d * d).sum(), (d * q).sum())
            let inner = b * b - a * Double(map.radius_term)
            guard inner >= 0, inner.squareRoot() > b else { return nil }
            d = q * a + d * (inner.squareRoot() - b)
        }
        return d
    }

    /// A direction's light in six faces: face 2·axis + (negative ? 1 : 0) shows the two other
    /// axes in their order.
    public static func cube(_ level: cyc_level, _ d: SIMD3<Double>) -> RGBA {
        cube(level, d) { bilinear($0, stride: Int(level.stride), u: $1, v: $2) }
    }

    /// A sample of a direction's face: `sample` is given its texels and the place on it.
    public static func cube(
        _ level: cyc_level, _ d: SIMD3<Double>,
        _ sample: (UnsafePointer<UInt64>, Double, Double) -> RGBA
    ) -> RGBA {
        let (ax, ay, az) = (abs(d.x), abs(d.y), abs(d.z))
        let axis = ax >= ay && ax >= az ? 0 : az > ay ? 2 : 1
        let side = Double(level.width)
        let across = (axis == 0 ? d.y : d.x) / abs(d[axis])
        let down = (axis == 2 ? d.y : d.z) / abs(d[axis])
        let face = 2 * axis + (d[axis] < 0 ? 1 : 0)
        return sample(
            level.texels! + face * Int(level.face_stride),
            clamp((across + 1) * side / 2 - 0.5, -0.5, side - 0.5),
            clamp((down + 1) * side / 2 - 0.5, -0.5, side - 0.5))
    }

    /// `cyc_kernels.weight` at a pixel.
    public static func weight(_ o: cyc_outline, _ x: Int, _ y: Int) -> Double {
        let forward = at(o.forward, x, y)
        guard forward > 0 else { return 0 }
        let (a, b) = (at(o.right, x, y) / forward, at(o.down, x, y) / forward)
        let ca = clamp(a, Double(o.a_min), Double(o.a_max))
        let cb = clamp(b, Double(o.b_min), Double(o.b_max))
        let depth = [
            quartic(o.edge_right, cb) - a, a - quartic(o.edge_left, cb),
            quartic(o.edge_bottom, ca) - b, b - quartic(o.edge_top, ca),
        ].min()!
        let t = clamp(depth * Double(o.per_soft_edge), 0, 1)
        return t * t * (3 - 2 * t)
    }

    private static func quartic(_ c: (Float, Float, Float, Float, Float), _ x: Double) -> Double {
        Double(c.0) + x * (Double(c.1) + x * (Double(c.2) + x * (Double(c.3) + x * Double(c.4))))
    }

    /// `cyc_kernels.grade` of a colour.
    public static func grade(_ g: cyc_grade, _ color: SIMD3<Double>) -> SIMD3<Double> {
        var c = color
        if g.baked.points != nil {
            c = baked(g.baked, c)
        } else {
            withUnsafeBytes(of: g.stages) { bytes in
                let stages = bytes.bindMemory(to: cyc_grade_stage.self)
                for i in 0..<Int(g.stage_count) {
                    c = staged(stages[i], matrix(stages[i].matrix, c))
                }
            }
        }
        let offset = SIMD3(Double(g.offset.0), Double(g.offset.1), Double(g.offset.2))
        c = matrix(g.out_matrix, c) + offset
        if g.limits.is_used != 0 { c = limited(g.limits, c) }
        let floor = SIMD3(Double(g.floor.0), Double(g.floor.1), Double(g.floor.2))
        for i in 0..<3 { c[i] = c[i].isNaN ? floor[i] : clamp(c[i], floor[i], Double(g.clip)) }
        return c
    }

    private static func matrix(
        _ m: (Float, Float, Float, Float, Float, Float, Float, Float, Float), _ c: SIMD3<Double>
    ) -> SIMD3<Double> {
        SIMD3(
            Double(m.0) * c.x + Double(m.1) * c.y + Double(m.2) * c.z,
            Double(m.3) * c.x + Double(m.4) * c.y + Double(m.5) * c.z,
            Double(m.6) * c.x + Double(m.7) * c.y + Double(m.8) * c.z)
    }

    /// `cyc_kernels.enlarge` at a pixel: `square` gives the light of a square by column and row.
    public static func enlarged(
        reduction: Int, _ x: Int, _ y: Int, square: (Int, Int) -> SIMD3<Double>
    ) -> SIMD3<Double> {
        // Square i has its centre at pixel reduction·i − (reduction + 1)/2.
        let n = Double(reduction)
        let (u, v) = ((Double(x) + (n + 1) / 2) / n, (Double(y) + (n + 1) / 2) / n)
        let (column, row) = (Int(u.rounded(.down)), Int(v.rounded(.down)))
        let (across, down) = (u - Double(column), v - Double(row))
        let top = square(column, row) * (1 - across) + square(column + 1, row) * across
        let low = square(column, row + 1) * (1 - across) + square(column + 1, row + 1) * across
        return top * (1 - down) + low * down
    }

    /// `cyc_kernels.encode` of a light before dither and rounding: a code as a real number.
    public static func level(_ curve: cyc_curve, _ light: Double) -> Double {
        let x = (light.isNaN ? 0 : clamp(light, 0, 0x1.fffffep-1)) + 0x1p-32
        let place = (Int(x.exponent) + 127) & 31
        let code = withUnsafeBytes(of: curve) { bytes in
            let table = bytes.bindMemory(to: Float.self)
            let c = (0..<4).map { Double(table[32 * $0 + place]) }
            return c[0] + x * (c[1] + x * (c[2] + x * c[3]))
        }
        return Swift.min(code, Double(curve.offset + curve.scale))
    }

    /// `cyc_kernels.encode` of a light: the code at a dither threshold.
    public static func code(_ curve: cyc_curve, _ light: Double, threshold: Double) -> Int {
        let level = level(curve, light)
        let (low, high) = (Int(curve.offset), Int(curve.offset + curve.scale))
        if level - Double(low) < 0.5 { return low }
        return Swift.min(high, Int((level + threshold).rounded(.down)))
    }

    static func clamp(_ x: Double, _ low: Double, _ high: Double) -> Double {
        Swift.max(low, Swift.min(high, x))
    }
}
