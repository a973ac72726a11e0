import Glibc

/// What a scope of a grade does to a colour.
extension Reference {
    /// A stage after its matrix: CDL on light, or CDL and look on ACEScct codes.
    static func staged(_ s: cyc_grade_stage, _ light: SIMD3<Double>) -> SIMD3<Double> {
        var c = light
        if s.has_cdl != 0 && s.in_codes == 0 { c = cdl(s, c) }
        guard s.in_codes != 0 || s.look.points != nil else { return c }
        for i in 0..<3 { c[i] = code(c[i]) }
        if s.has_cdl != 0 && s.in_codes != 0 { c = cdl(s, c) }
        if s.look.points != nil { c += Double(s.strength) * (looked(s.look, c) - c) }
        for i in 0..<3 { c[i] = Reference.light(c[i]) }
        return c
    }

    /// Light through a table of whole grades (`cyc_look.octave_bits`).
    public static func baked(_ look: cyc_look, _ light: SIMD3<Double>) -> SIMD3<Double> {
        let steps = Double(1 << Int(look.octave_bits))
        var places = SIMD3<Double>()
        for i in 0..<3 {
            let above = (light[i] > 0 ? light[i] : 0) + 0x1p-8
            let octave = Double(above.exponent) + 8
            places[i] = (octave + above.significand - 1) * steps
        }
        return between(look, places)
    }

    /// ACEScct (S-2016-001).
    static func code(_ light: Double) -> Double {
        light <= 0.0078125
            ? 10.5402377416545 * light + 0.0729055341958355 : (log2(light) + 9.72) / 17.52
    }

    static func light(_ code: Double) -> Double {
        code <= 0.155251141552511
            ? (code - 0.0729055341958355) / 10.5402377416545
            : Swift.min(exp2(code * 17.52 - 9.72), 65504)
    }

    private static func cdl(_ s: cyc_grade_stage, _ c: SIMD3<Double>) -> SIMD3<Double> {
        func cut(_ v: SIMD3<Double>) -> SIMD3<Double> { s.is_clamped != 0 ? unit(v) : v }
        func raised(_ v: SIMD3<Double>) -> SIMD3<Double> {
            var v = v
            let power = SIMD3(Double(s.power.0), Double(s.power.1), Double(s.power.2))
            for i in 0..<3 where v[i] > 0 { v[i] = pow(v[i], power[i]) }
            return v
        }
        func sloped(_ v: SIMD3<Double>) -> SIMD3<Double> { v * wide(s.slope) + wide(s.offset) }
        func saturated(_ v: SIMD3<Double>) -> SIMD3<Double> {
            let luma = SIMD3(repeating: 0.2126 * v.x + 0.7152 * v.y + 0.0722 * v.z)
            return luma + Double(s.saturation) * (v - luma)
        }
        if s.is_inverse != 0 { return cut(sloped(raised(cut(saturated(cut(c)))))) }
        return cut(saturated(raised(cut(sloped(c)))))
    }

    private static func unit(_ v: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(clamp(v.x, 0, 1), clamp(v.y, 0, 1), clamp(v.z, 0, 1))
    }

    /// Codes through a look: its curves, then its table by tetrahedra.
    public static func looked(_ look: cyc_look, _ codes: SIMD3<Double>) -> SIMD3<Double> {
        var c = codes
        if let curves = look.curves {
            let n = Int(look.curve_points)
            let (scale, offset) = (wide(look.curve_scale), wide(look.curve_offset))
            for i in 0..<3 {
                let place = clamp(c[i] * scale[i] + offset[i], 0, Double(n - 1))
                let cell = Swift.min(Int(place), n - 2)
                let (low, high) = (curves[i * n + cell], curves[i * n + cell + 1])
                c[i] = Double(low) + (place - Double(cell)) * Double(high - low)
            }
        }
        return tetrahedral(look, c)
    }

    private static func tetrahedral(_ look: cyc_look, _ c: SIMD3<Double>) -> SIMD3<Double> {
        between(look, c * wide(look.scale) + wide(look.offset))
    }

    /// What a table has at a place, in points from its first.
    private static func between(_ look: cyc_look, _ places: SIMD3<Double>) -> SIMD3<Double> {
        let side = Int(look.side)
        let strides = [1, side, side * side]
        var at = 0
        var edges: [(fraction: Double, stride: Int)] = []
        for i in 0..<3 {
            let inside = places[i].isNaN ? 0 : clamp(places[i], 0, Double(side - 1))
            let cell = Swift.min(Int(inside), side - 2)
            at += cell * strides[i]
            edges.append((inside - Double(cell), strides[i]))
        }
        edges.sort { $0.fraction > $1.fraction }
        var out = point(look, at) * (1 - edges[0].fraction)
        for i in 0..<3 {
            at += edges[i].stride
            let next = i < 2 ? edges[i + 1].fraction : 0
            out += point(look, at) * (edges[i].fraction - next)
        }
        return out
    }

    private static func point(_ look: cyc_look, _ at: Int) -> SIMD3<Double> {
        guard let points = look.points else { return .zero }
        return SIMD3(
            Double(points[4 * at]), Double(points[4 * at + 1]), Double(points[4 * at + 2]))
    }

    private static func wide(_ t: (Float, Float, Float)) -> SIMD3<Double> {
        SIMD3(Double(t.0), Double(t.1), Double(t.2))
    }
}
